"""The door for programs: each view translates, makes one call and answers. urls.py is the table of contents."""
