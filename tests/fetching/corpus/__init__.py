"""Pages before and after, of our own making: where only furniture changed, and where one thing that is said changed.

`pages/` holds fourteen pages in the manner of agencies, parliaments, courts, newspapers and others; `furniture.py` and
`meaning.py` say what is edited in them, `walls.py` what may come in their place, `papers.py` the same for PDFs.
`heldout/` is a second family, written after the code had been tuned on the first; nothing may be tuned on it.
"""
