"""Tests of the credit manager's folder, both ways."""
