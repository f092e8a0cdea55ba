"""What every test shares: Hypothesis without deadlines, since the machines are noisy."""

from hypothesis import settings

settings.register_profile("noisy", deadline=None)
settings.load_profile("noisy")
