"""What GET /_simulator/ shows."""

PAGE = "zoom"
