"""`account`: who may sign in to the pages with a password of ours, and tokens for scripts."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from zoom_sync.entrypoints.cli.session import Format, FormatOption, check_choice, confirm, open_parts, write_json

if TYPE_CHECKING:
    from zoom_sync.domain.access import Role

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name to sign in with.")]
RoleOption = Annotated[str, typer.Option("--role", metavar="viewer|staff|organiser", help="What the account may do.")]

account = typer.Typer(help="Accounts of the pages, their sessions and tokens.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(account, name="account")


@account.command()
def add(name: Name, role: RoleOption) -> None:
    """Make an account. Its password is asked for, or read as one line from standard input; there is no default.

    A viewer sees sessions and counts; staff also how to join, attendance, questions and downloads; an organiser also
    plans, applies and reads the audit log.

    Example: zoom-sync account add ada --role organiser
    """
    from zoom_sync.service_layer.access import add_account

    wanted = _role(role)
    parts = open_parts()
    add_account(parts.access(), name, wanted, _password())
    typer.echo(f"account {name} is {role}; sign in on the pages of `zoom-sync web`")


@account.command("list")
def list_(form: FormatOption = Format.TEXT) -> None:
    """Every account, and every token with its number and its end.

    Example: zoom-sync account list --format json
    """
    from zoom_sync.entrypoints.cli import show

    parts = open_parts()
    accounts, tokens = parts.accounts.all(), parts.accounts.tokens()
    if form is Format.JSON:
        told = [
            {"name": account.name, "role": str(account.role), "created": account.created_at.isoformat()}
            for account in accounts
        ]
        given = [
            {
                "token": token.id,
                "account": token.account,
                "role": str(token.role),
                "expires": token.expires_at.isoformat(),
            }
            for token in tokens
        ]
        write_json({"accounts": told, "tokens": given})
        return
    if not accounts:
        show.say("no account yet; `zoom-sync account add NAME --role organiser` makes one")
        return
    show.table(
        form, ["account", "role", "since"], [[a.name, str(a.role), f"{a.created_at:%Y-%m-%d}"] for a in accounts]
    )
    if tokens:
        rows = [[str(t.id), t.account, str(t.role), f"{t.expires_at:%Y-%m-%d %H:%M}Z"] for t in tokens]
        show.table(form, ["token", "account", "role", "until"], rows)


@account.command()
def remove(
    name: Name, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False
) -> None:
    """Remove an account; its sessions and tokens end at once. What it did stays in the audit log.

    Example: zoom-sync account remove ada --yes
    """
    from zoom_sync.service_layer.access import remove_account

    parts = open_parts()
    if not yes:
        confirm(f"Remove account {name}?", "give --yes", lambda: None)
    remove_account(parts.access(), name)
    typer.echo(f"account {name} is removed")


@account.command()
def password(
    name: Name,
    keep_tokens: Annotated[
        bool, typer.Option("--keep-tokens", help="Let scripts go on with the tokens that they have.")
    ] = False,
) -> None:
    """Give an account another password: asked for, or one line of standard input. Its sessions and tokens end.

    Example: zoom-sync account password ada
    """
    from zoom_sync.service_layer.access import change_password

    parts = open_parts()
    change_password(parts.access(), name, _password(), keep_tokens=keep_tokens)
    ended = "its sessions have ended" if keep_tokens else "its sessions and tokens have ended"
    typer.echo(f"the password of {name} is changed; {ended}")


@account.command()
def sessions(form: FormatOption = Format.TEXT) -> None:
    """Who is signed in on the pages, since when, and when each session was last used.

    Example: zoom-sync account sessions
    """
    from zoom_sync.entrypoints.cli import show

    parts = open_parts()
    limits, now = parts.access().limits, parts.access().now()
    current = [session for session in parts.accounts.sessions() if not limits.over(session, now)]
    if form is Format.JSON:
        rows = [
            {
                "name": session.visitor.name,
                "role": str(session.visitor.role),
                "local": session.visitor.local,
                "since": session.created_at.isoformat(),
                "last_used": session.seen_at.isoformat(),
            }
            for session in current
        ]
        write_json({"sessions": rows})
        return
    if not current:
        show.say("nobody is signed in")
        return
    show.table(
        form,
        ["name", "role", "since", "last used"],
        [
            [s.visitor.name, str(s.visitor.role), f"{s.created_at:%Y-%m-%d %H:%M}Z", f"{s.seen_at:%Y-%m-%d %H:%M}Z"]
            for s in current
        ],
    )


@account.command("sign-out")
def sign_out(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name as `account sessions` shows it.")],
) -> None:
    """End every session of an account, or of somebody who came through the identity provider.

    Example: zoom-sync account sign-out "Ada Lovelace (OpenID 3f2a9c0b12de)"
    """
    from zoom_sync.service_layer.access import sign_out_everywhere

    ended = sign_out_everywhere(open_parts().access(), name)
    typer.echo(f"{name} is signed out; {ended} session(s) ended")


@account.command()
def token(
    name: Name,
    role: Annotated[
        str | None, typer.Option("--role", metavar="viewer|staff|organiser", help="Less than its account may.")
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="How long it is valid.")] = 90,
    revoke: Annotated[
        int | None, typer.Option("--revoke", metavar="TOKEN", help="End the token of this number.")
    ] = None,
) -> None:
    """Make a token for a script, which sends it as `Authorization: Bearer TOKEN`. It is shown once.

    Example: zoom-sync account token ada --role staff --days 30
    """
    from zoom_sync.errors import NotInStore
    from zoom_sync.service_layer.access import make_token

    wanted = None if role is None else _role(role)
    parts = open_parts()
    if revoke is not None:
        if not any(token.id == revoke and token.account == name for token in parts.accounts.tokens()):
            raise NotInStore(f"account {name!r} has no token {revoke}; `zoom-sync account list` shows them")
        parts.accounts.remove_token(revoke)
        typer.echo(f"token {revoke} is revoked")
        return
    typer.echo(make_token(parts.access(), name, wanted, timedelta(days=days)))
    sys.stderr.write("this is the only time that it is shown\n")


def _role(text: str) -> Role:
    from zoom_sync.domain.access import Role

    check_choice(text, Role, "--role")
    return Role(text)


def _password() -> str:
    """Asked for twice on a terminal; elsewhere the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
