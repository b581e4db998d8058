"""The store: tables, queries and migrations over SQLAlchemy, on SQLite and PostgreSQL."""
