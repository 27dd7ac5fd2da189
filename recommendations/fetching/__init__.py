"""The network, and the reading of what is watched. Knows no models, no settings and no clock of ours.

`http.py` is the only door to the internet; `addresses.py` says where it may lead; `pulling.py` keeps
many looks in flight; `text.py`, `documents.py` and `diffs.py` turn bytes into words and words into a
readable difference; each file of `adapters/` is one kind of status check.
"""
