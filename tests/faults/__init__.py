"""Faults, with real processes: `make faults`. Nothing is simulated but the web that is looked at."""
