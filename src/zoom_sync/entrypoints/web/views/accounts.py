"""Who may come in, for organisers: accounts are made, given another password, and removed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from starlette.responses import RedirectResponse

from zoom_sync.domain.access import NAME_LIMIT, PASSWORD_MAX, PASSWORD_MIN, Permission, Role
from zoom_sync.domain.phrases import Phrase
from zoom_sync.entrypoints.web.doors import Needs, signed_in
from zoom_sync.entrypoints.web.rendering import render
from zoom_sync.entrypoints.web.site import parts_of, site_of
from zoom_sync.errors import StoreConflict, UserError
from zoom_sync.service_layer.access import add_account, change_password, remove_account

router = APIRouter(dependencies=[Depends(Needs(Permission.ACCOUNTS))])
Name = Annotated[str, Form(max_length=NAME_LIMIT)]
Password = Annotated[str, Form(max_length=PASSWORD_MAX)]


@router.get("/accounts", name="accounts")
def accounts(request: Request) -> Response:
    return _page(request)


@router.post("/accounts", name="add_account")
def add(
    request: Request, name: Name = "", role: Annotated[Role, Form()] = Role.VIEWER, password: Password = ""
) -> Response:
    try:
        add_account(parts_of(request).access(), name.strip(), role, password, signed_in(request).name)
    except StoreConflict as conflict:
        return _page(request, str(conflict), name, role)
    except UserError as error:
        return _page(request, error.message, name, role)
    return _back(request)


@router.post("/accounts/password", name="account_password")
def password(request: Request, name: Name = "", password: Password = "") -> Response:
    """Its sessions and tokens end: whoever had the old one is out."""
    try:
        change_password(parts_of(request).access(), name, password, by=signed_in(request).name)
    except UserError as error:
        return _page(request, error.message)
    return _back(request)


@router.post("/accounts/remove", name="remove_account")
def remove(request: Request, name: Name = "") -> Response:
    who = signed_in(request)
    if who.local and name == who.name:  # so an organiser is always left
        return _page(request, Phrase("nobody removes their own account; ask another organiser"))
    remove_account(parts_of(request).access(), name, who.name)
    return _back(request)


def _back(request: Request) -> Response:
    return RedirectResponse(site_of(request).addresses("accounts"), 303)


def _page(request: Request, refused: str = "", name: str = "", role: Role = Role.VIEWER) -> Response:
    return render(
        request, "accounts.html.j2", status=400 if refused else 200, accounts=parts_of(request).accounts.all(),
        refused=refused, name=name, role=role, roles=list(Role), least=PASSWORD_MIN,
    )  # fmt: skip
