"""Floor 1: values and rules. No I/O, no clock, no randomness: now, ids and zones are arguments.

Imports the standard library, `zoom_sync.errors` and itself.
"""
