"""Reports and announcements as files: one file per format, tables described in one place.

May import the domain, `errors`, `adapters.offered`, jinja2 and segno; no other adapter.
"""
