"""The announcement that zoom_sync was born from, for the demo.

Imports nothing.
"""
