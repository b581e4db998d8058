"""The store: tables, queries and migrations over SQLAlchemy Core. Imported for its name, it knows all of its tables.

Imports `domain` and `errors`; sqlalchemy and alembic, cryptography.
"""

from zoom_sync.adapters.store import access_tables as _access_tables  # noqa: F401 - its tables are part of the schema
