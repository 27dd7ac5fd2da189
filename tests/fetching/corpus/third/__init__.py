"""The third family: eight more pages. Held out while the second was learned from, then learned from itself.

When it was written 30 of 30 changes were found and 16 of 31 kinds of furniture told as changes. `KNOWN` is what could
not be taught in general.
"""

KNOWN = {"cabinet_old: the line of links", "sharepoint: announcements"}
"""A line of four links is too short to be known as a menu, and an office's announcements may be the news that counts."""
