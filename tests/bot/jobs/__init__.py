"""Tests of what the clock wakes."""
