"""Reports and announcements as files: one file per format, tables described in one place.

May import the domain, `errors`, jinja2 and segno; no other adapter.
"""
