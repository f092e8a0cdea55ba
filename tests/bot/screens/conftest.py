"""Hypothesis without a stopwatch."""

from hypothesis import settings

# A busy machine must not fail a property: what is wrong is the result, never its speed.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
