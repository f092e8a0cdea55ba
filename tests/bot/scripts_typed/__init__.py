"""Tests of typed dates and amounts."""
