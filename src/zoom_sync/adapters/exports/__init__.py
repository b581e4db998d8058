"""Reports and announcements as files: one file per format, tables described in one place.

Imports `domain`, `errors` and `adapters.offered`; segno, and what one format needs: xlsxwriter, pyarrow.
"""
