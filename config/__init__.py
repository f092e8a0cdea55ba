"""What is decided: settings, policy, reference data, logging, the clock."""
