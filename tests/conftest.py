"""What every test shares: its databases, and Hypothesis without deadlines on noisy machines."""

from hypothesis import settings

pytest_plugins = ["tests.storage.databases"]  # the fixtures of SQLite and PostgreSQL, once

settings.register_profile("noisy", deadline=None)
settings.load_profile("noisy")
