"""Tests of the delivery, over real HTTP against the simulator."""
