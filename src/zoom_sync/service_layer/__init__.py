"""Floor 2: the use cases, as functions over ports; knows no adapter.

Imports `domain` and `errors`; structlog for what a log line is about.
"""
