"""Zoom's API: `protocol` says what is sent and what an answer means, the rest does the talking.

Imports `domain` and `errors`; requests with urllib3, authlib, and for what processes share redis and cryptography.
"""
