"""The held-out family: seven other pages, written after the code had been tuned on the first three.

Its figures are what a reader may expect of pages that nobody here has seen. Do not tune on it: a rule that is made
because of a page in here makes this family a fourth one to learn from, and another is needed in its place.
"""
