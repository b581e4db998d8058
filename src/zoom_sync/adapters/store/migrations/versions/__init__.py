"""The versions, a file each; one that was published is never changed. Imports alembic, sqlalchemy and the store."""
