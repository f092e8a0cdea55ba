"""Tests of what is decided: policy, reference data, working days."""
