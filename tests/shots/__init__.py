"""The screenshots of the README, taken from the demo itself."""
