"""Where programmes live: a file, an address, a database, a conference system. Each is read, and some are written back.

Each answers bytes that a reader of the room above understands, so that a programme from a database is read by the same
rules as a file.

Imports `domain`, `errors` and the room above; SQLAlchemy and requests where a place needs one.
"""

from zoom_sync.adapters.sources.origins.opening import (
    Opened,
    Origin,
    SourceSpec,
    Target,
    Ways,
    file_bytes,
    open_sent,
    open_source,
)
from zoom_sync.adapters.sources.origins.values import NotRead, WrittenBack

__all__ = [
    "NotRead",
    "Opened",
    "Origin",
    "SourceSpec",
    "Target",
    "Ways",
    "WrittenBack",
    "file_bytes",
    "open_sent",
    "open_source",
]
