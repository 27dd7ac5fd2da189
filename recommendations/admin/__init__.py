"""The staff's working surface: one file a noun. Every save is a call of the noun's action (see base.py)."""
