"""Tests of the credit room: handbook vectors, stories and properties."""
