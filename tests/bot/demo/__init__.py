"""Tests of the fictional wholesaler."""
