"""Schema versions, in order. Each is tested up from the one before, with data, on SQLite and PostgreSQL.

Imports alembic, sqlalchemy and the store.
"""
