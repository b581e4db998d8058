"""Certificates as PDF, drawn by Typst from a template that an organiser can replace.

`faces` finds the fonts and tells which characters none of them has, `wording` holds the texts in each language,
`drawing` draws. Imports the room above, `domain` and `errors`; Babel, and Typst, fontTools and the fonts, which
are the extra `certificates`: without them nothing here is imported.
"""
