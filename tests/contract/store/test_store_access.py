"""Accounts, sessions, tokens, tries and the audit log, on each database."""

from datetime import timedelta

import pytest

from factories import NOW
from zoom_sync.adapters.store.accounts import Accounts
from zoom_sync.adapters.store.audit import AuditLog
from zoom_sync.domain.access import Account, AuditEntry, Role, Visitor
from zoom_sync.errors import NotInStore, StoreConflict

ADA = Account("ada", Role.STAFF, NOW)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def accounts(database):
    accounts = Accounts(database)
    accounts.add(ADA, "hash of ada")
    return accounts


def open_(accounts, secret="one", visitor=None, now=NOW, instead_of=None):
    visitor = visitor or Visitor("ada", Role.STAFF)
    accounts.open(secret, visitor, now, instead_of=instead_of, over=now - timedelta(hours=12))


def test_an_account_is_there_once(accounts):
    assert accounts.account("ada") == (ADA, "hash of ada")
    assert accounts.account("Ada") is None
    with pytest.raises(StoreConflict, match="there is an account 'ada' already"):
        accounts.add(ADA, "x")
    accounts.add(Account("bob", Role.VIEWER, LATER), "x")
    assert [one.name for one in accounts.all()] == ["ada", "bob"]


def test_of_two_who_make_the_same_account_one_does(accounts, at_once):
    answers = at_once(*(lambda: accounts.add(Account("eve", Role.VIEWER, NOW), "x") for _ in range(4)))
    assert sum(answer is None for answer in answers) == 1
    assert sum(isinstance(answer, StoreConflict) for answer in answers) == 3


def test_a_session_has_the_role_that_its_account_has_now(accounts, database):
    open_(accounts)
    found = accounts.session("one")
    assert (found.visitor, found.created_at, found.seen_at) == (Visitor("ada", Role.STAFF), NOW, NOW)
    from sqlalchemy import update

    from zoom_sync.adapters.store.tables import accounts as table

    with database.transaction() as connection:
        connection.execute(update(table).values(role="viewer"))
    assert accounts.session("one").visitor.role is Role.VIEWER


def test_a_session_through_a_provider_needs_no_account(accounts):
    open_(accounts, visitor=Visitor("jane", Role.ORGANISER, local=False))
    assert accounts.session("one").visitor == Visitor("jane", Role.ORGANISER, local=False)


def test_a_new_session_ends_the_old_one_and_those_that_are_over(accounts):
    open_(accounts, "old", now=NOW - timedelta(hours=13))
    open_(accounts, "mine")
    open_(accounts, "theirs")
    open_(accounts, "new", instead_of="mine")
    assert [accounts.session(each) is not None for each in ("old", "mine", "theirs", "new")] == [
        False,
        False,
        True,
        True,
    ]


def test_a_session_is_seen_and_closed(accounts):
    open_(accounts)
    accounts.seen("one", LATER)
    assert accounts.session("one").seen_at == LATER
    accounts.close("one")
    accounts.close("one")
    assert accounts.session("one") is None


def test_another_password_ends_sessions_where_it_shall(accounts):
    open_(accounts)
    accounts.set_password("ada", "rehashed", sign_out=False)
    assert accounts.session("one")
    accounts.set_password("ada", "another", sign_out=True)
    assert accounts.session("one") is None
    assert accounts.account("ada")[1] == "another"


def test_with_an_account_go_its_sessions_and_tokens(accounts):
    open_(accounts)
    accounts.add_token("hash", "ada", Role.STAFF, NOW, LATER)
    accounts.remove("ada")
    assert (accounts.session("one"), accounts.token("hash"), accounts.all()) == (None, None, ())


def test_a_token_never_may_more_than_its_account(accounts):
    number = accounts.add_token("hash", "ada", Role.ORGANISER, NOW, LATER)
    found = accounts.token("hash")
    assert (found.id, found.account, found.role, found.expires_at) == (number, "ada", Role.STAFF, LATER)
    assert accounts.tokens() == (found,)
    accounts.remove_token(number)
    assert accounts.token("hash") is None


def test_what_is_not_there_is_said(accounts):
    for call in (
        lambda: accounts.remove("bob"),
        lambda: accounts.set_password("bob", "x", sign_out=True),
        lambda: accounts.add_token("h", "bob", Role.STAFF, NOW, LATER),
        lambda: accounts.remove_token(9),
    ):
        with pytest.raises(NotInStore, match="zoom-sync account list"):
            call()


def test_tries_are_counted_until_they_are_old(accounts):
    since = NOW - timedelta(minutes=15)
    assert [accounts.count_try("a", NOW, since)[0] for _ in range(3)] == [1, 2, 3]
    assert accounts.count_try("b", NOW, since) == (1, NOW)
    assert accounts.count_try("a", LATER, LATER - timedelta(minutes=15)) == (4, NOW)
    much_later = NOW + timedelta(minutes=16)
    assert accounts.count_try("a", much_later, much_later - timedelta(minutes=15)) == (1, much_later)
    accounts.forget_tries("a")
    assert accounts.count_try("a", much_later, since) == (1, much_later)


def test_tries_at_once_are_counted_like_one_after_the_other(accounts, at_once):
    since = NOW - timedelta(minutes=15)
    answers = at_once(*(lambda: accounts.count_try("a", NOW, since)[0] for _ in range(12)))
    assert sorted(answers) == list(range(1, 13))


def test_the_audit_log_is_read_from_its_end(database):
    log = AuditLog(database)
    numbers = [log.write(AuditEntry(NOW, "ada", "download", "e", "s", "attendance csv", n)) for n in range(5)]
    latest = log.entries(2)
    assert [one.rows for one in latest] == [4, 3]
    assert latest[0] == AuditEntry(NOW, "ada", "download", "e", "s", "attendance csv", 4, numbers[-1])
    assert [one.rows for one in log.entries(9, before=latest[-1].id)] == [2, 1, 0]


def test_the_audit_log_outlives_what_it_tells_of(accounts, database):
    log = AuditLog(database)
    log.write(AuditEntry(NOW, "ada", "signed in"))
    accounts.remove("ada")
    assert [(one.who, one.rows) for one in log.entries(9)] == [("ada", None)]
