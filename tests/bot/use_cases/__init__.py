"""Use cases tell their stories on real databases."""
