"""The store: tables, queries and migrations over SQLAlchemy Core.

Imports `domain` and `errors`; sqlalchemy and alembic, cryptography.
"""
