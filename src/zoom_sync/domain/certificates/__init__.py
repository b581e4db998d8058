"""Certificates of attendance.

Pure. Imports `domain` and the standard library.

`rules` is what a programme says, `entitling` who is entitled and why, `issued` what becomes of a certificate that was
released, `drafts` joins the three with what staff decided.

The programme holds the rules, so nothing is imported here: each module is imported by its own name.
"""
