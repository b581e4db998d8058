"""Zoom's API: `protocol` says what is sent and what an answer means, the rest does the talking."""
