"""An attack corpus for the door: the tables say what is tried and what must come of it, the tests try it.

Every case ends in a value, within the limits of time and memory that `limits.py` states, and connects to nothing but
loopback (`conftest.py`).
"""
