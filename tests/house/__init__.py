"""The house rules, as tests: what `docs/decisions` decided is measured here."""
