"""Tests mirror the rooms; `journeys` tell whole stories; `house` holds the house rules."""
