"""The web chat of the simulator, seen through a real browser."""
