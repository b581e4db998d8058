"""Zoom's API: `protocol` says what is sent, `answers` and `refusals` what comes back, the rest does the talking.

Imports `domain` and `errors`; requests with urllib3 and authlib. `shared` is a room of its own.
"""
