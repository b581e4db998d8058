"""Accounts, open sessions, tokens and sign-in tries in the store. It is given hashes, never a password or a secret."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, case, delete, insert, or_, select, update

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.tables import access_tokens, accounts, known_browsers, sign_in_tries, web_sessions
from zoom_sync.adapters.store.upserting import insert_for
from zoom_sync.domain.access import AccessToken, Account, OpenSession, Role, Visitor, lower
from zoom_sync.errors import NotInStore, StoreConflict

BROWSERS_ARE_KNOWN = timedelta(days=365)


class Accounts:
    """The `AccountStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- accounts ---

    def add(self, account: Account, password_hash: str) -> None:
        values = {
            "name": account.name,
            "role": str(account.role),
            "password_hash": password_hash,
            "created_at": account.created_at,
        }
        try:
            with self._database.transaction() as connection:
                connection.execute(insert(accounts).values(**values))
        except StoreConflict:
            raise StoreConflict(f"there is an account {account.name!r} already") from None

    def all(self) -> Sequence[Account]:
        with self._database.reading() as connection:
            rows = connection.execute(select(accounts).order_by(accounts.c.name)).all()
        return tuple(_account(row) for row in rows)

    def account(self, name: str) -> tuple[Account, str] | None:
        with self._database.reading() as connection:
            row = connection.execute(select(accounts).where(accounts.c.name == name)).one_or_none()
        return None if row is None else (_account(row), row.password_hash)

    def set_password(self, name: str, password_hash: str, *, sign_out: bool, end_tokens: bool = False) -> None:
        with self._database.transaction() as connection:
            changed = update(accounts).where(accounts.c.name == name).values(password_hash=password_hash)
            if not connection.execute(changed).rowcount:
                raise _no_account(name)
            if sign_out:
                connection.execute(delete(web_sessions).where(web_sessions.c.account == name))
            if end_tokens:
                connection.execute(delete(access_tokens).where(access_tokens.c.account == name))

    def remove(self, name: str) -> None:
        with self._database.transaction() as connection:
            if not connection.execute(delete(accounts).where(accounts.c.name == name)).rowcount:
                raise _no_account(name)

    # --- sessions of browsers ---

    def open(self, id_hash: str, visitor: Visitor, now: datetime, *, instead_of: str | None, over: datetime) -> None:
        values = {
            "id_hash": id_hash,
            "account": visitor.name if visitor.local else None,
            "name": visitor.name,
            "role": str(visitor.role),
            "created_at": now,
            "seen_at": now,
        }
        ended = or_(web_sessions.c.id_hash == (instead_of or ""), web_sessions.c.created_at < over)
        with self._database.transaction() as connection:
            connection.execute(delete(web_sessions).where(ended))
            connection.execute(insert(web_sessions).values(**values))

    def session(self, id_hash: str) -> OpenSession | None:
        query = (
            select(web_sessions, accounts.c.role.label("role_now"))
            .outerjoin(accounts, accounts.c.name == web_sessions.c.account)
            .where(web_sessions.c.id_hash == id_hash)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _open_session(row)

    def sessions(self) -> Sequence[OpenSession]:
        query = (
            select(web_sessions, accounts.c.role.label("role_now"))
            .outerjoin(accounts, accounts.c.name == web_sessions.c.account)
            .order_by(web_sessions.c.name, web_sessions.c.created_at)
        )
        with self._database.reading() as connection:
            return tuple(map(_open_session, connection.execute(query)))

    def close_all(self, name: str) -> int:
        with self._database.transaction() as connection:
            return connection.execute(delete(web_sessions).where(web_sessions.c.name == name)).rowcount

    def seen(self, id_hash: str, now: datetime) -> None:
        with self._database.transaction() as connection:
            connection.execute(update(web_sessions).where(web_sessions.c.id_hash == id_hash).values(seen_at=now))

    def close(self, id_hash: str) -> None:
        with self._database.transaction() as connection:
            connection.execute(delete(web_sessions).where(web_sessions.c.id_hash == id_hash))

    # --- tokens ---

    def add_token(self, token_hash: str, account: str, role: Role, now: datetime, expires_at: datetime) -> int:
        values = {
            "token_hash": token_hash,
            "account": account,
            "role": str(role),
            "created_at": now,
            "expires_at": expires_at,
        }
        statement = insert(access_tokens).values(**values).returning(access_tokens.c.id)
        try:
            with self._database.transaction() as connection:
                return int(connection.execute(statement).scalar_one())
        except StoreConflict:
            raise _no_account(account) from None

    def tokens(self) -> Sequence[AccessToken]:
        with self._database.reading() as connection:
            rows = connection.execute(_tokens().order_by(access_tokens.c.id)).all()
        return tuple(_token(row) for row in rows)

    def token(self, token_hash: str) -> AccessToken | None:
        with self._database.reading() as connection:
            row = connection.execute(_tokens().where(access_tokens.c.token_hash == token_hash)).one_or_none()
        return None if row is None else _token(row)

    def remove_token(self, token: int) -> None:
        with self._database.transaction() as connection:
            if not connection.execute(delete(access_tokens).where(access_tokens.c.id == token)).rowcount:
                raise NotInStore(f"there is no token {token}; `zoom-sync account list` shows them")

    # --- tries ---

    def count_try(self, subject: str, now: datetime, since: datetime) -> tuple[int, datetime]:
        with self._database.transaction() as connection:
            connection.execute(delete(sign_in_tries).where(sign_in_tries.c.since < since))
            stale = sign_in_tries.c.since < since  # another transaction may have put an old one back
            counted = (
                insert_for(connection, sign_in_tries)
                .values(subject=subject, tries=1, since=now)
                .on_conflict_do_update(
                    index_elements=["subject"],
                    set_={
                        "tries": case((stale, 1), else_=sign_in_tries.c.tries + 1),
                        "since": case((stale, now), else_=sign_in_tries.c.since),
                    },
                )
                .returning(sign_in_tries.c.tries, sign_in_tries.c.since)
            )
            tries, began = connection.execute(counted).one()
        return int(tries), began

    def forget_tries(self, subject: str) -> None:
        with self._database.transaction() as connection:
            connection.execute(delete(sign_in_tries).where(sign_in_tries.c.subject == subject))

    def uncount_try(self, subject: str) -> None:
        counted = and_(sign_in_tries.c.subject == subject, sign_in_tries.c.tries > 0)
        with self._database.transaction() as connection:
            connection.execute(update(sign_in_tries).where(counted).values(tries=sign_in_tries.c.tries - 1))

    # --- browsers that somebody has signed in from ---

    def remember_browser(self, browser_hash: str, now: datetime) -> None:
        with self._database.transaction() as connection:
            statement = insert_for(connection, known_browsers).values(browser_hash=browser_hash, seen_at=now)
            connection.execute(delete(known_browsers).where(known_browsers.c.seen_at < now - BROWSERS_ARE_KNOWN))
            connection.execute(statement.on_conflict_do_update(index_elements=["browser_hash"], set_={"seen_at": now}))

    def knows_browser(self, browser_hash: str) -> bool:
        query = select(known_browsers.c.seen_at).where(known_browsers.c.browser_hash == browser_hash)
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None


def _no_account(name: str) -> NotInStore:
    return NotInStore(f"there is no account {name!r}; `zoom-sync account list` shows them")


def _open_session(row: Row[Any]) -> OpenSession:
    visitor = Visitor(row.name, Role(row.role_now or row.role), local=row.account is not None)
    return OpenSession(visitor, row.created_at, row.seen_at)


def _account(row: Row[Any]) -> Account:
    return Account(row.name, Role(row.role), row.created_at)


def _tokens() -> Select[Any]:
    return select(access_tokens, accounts.c.role.label("role_now")).join(accounts)


def _token(row: Row[Any]) -> AccessToken:
    role = lower(Role(row.role), Role(row.role_now))  # a token never may more than its account does today
    return AccessToken(row.id, row.account, role, row.created_at, row.expires_at)
