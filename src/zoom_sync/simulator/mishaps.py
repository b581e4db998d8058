"""What a fault does to a request: before the work it refuses, afterwards it spoils the answer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from http import HTTPStatus

from .faults import Rule
from .messages import Dropped, Outcome, Request, Response, json_text
from .refusals import GatewayError, Refusal, expired_token, invalid_token, refusal, stale_page_token
from .twists import Subject
from .world import World


@dataclass(slots=True)
class Handled:
    """A request on its way: what is known of it so far."""

    request: Request
    now: float
    operation: str = ""
    label: str = ""
    host: str = ""
    created: int | None = None
    late: bool = False
    subject: Subject = field(default_factory=lambda: Subject(""))


class Drop(Exception):
    """The connection is closed without a byte."""


def strike(rule: Rule, world: World, handled: Handled) -> None:
    """A fault before anything is done: raises Refusal, or Drop for no answer at all."""
    if rule.kind == "drop_before":
        raise Drop
    if rule.kind == "deliver_late":
        world.under_way.append((handled.now + rule.own["seconds"], handled.request))
        world.under_way.sort(key=lambda late: late[0])
        raise Drop
    raise _refusal(rule, world, handled)


def _refusal(rule: Rule, world: World, handled: Handled) -> Refusal:
    if rule.kind == "refuse":
        return _broken(rule.own["status"])
    if rule.kind == "rate_limit":
        return world.limits.refuse(rule.own["limit"], handled.label, handled.now)
    if rule.kind == "code_under_200":
        return refusal(200, rule.own["code"], rule.own["message"])
    if rule.kind == "expire_page_token":
        world.pages.forget(handled.request.query["next_page_token"])
        return stale_page_token()
    world.tokens.end(handled.request.header("Authorization"), revoked=rule.kind == "revoke_token")
    return invalid_token() if rule.kind == "revoke_token" else expired_token()


def spoil(rule: Rule, handled: Handled, response: Response) -> Outcome:
    """A fault after the work was done: the client does not learn of it, or learns of it late or wrongly."""
    if rule.kind == "drop_after":
        return Dropped(b"", response.delay)
    if rule.kind == "half_body_after":
        return Dropped(_half(response), response.delay)
    if rule.kind == "error_after":
        broken = _broken(rule.own["status"]).response()
        return replace(broken, headers={"Date": response.headers["Date"], **broken.headers}, delay=response.delay)
    if rule.kind == "garbage_after":
        html = {**response.headers, "Content-Type": "text/html"}
        status = 200 if response.status == HTTPStatus.NO_CONTENT else response.status
        return replace(response, status=status, headers=html, body=b"<html><body>Bad gateway</body></html>")
    if rule.kind == "delay":
        return replace(response, delay=response.delay + rule.own["seconds"])
    if rule.kind == "repeat_page_token":
        return _repeat_token(response, handled.request.query["next_page_token"])
    return response


def list_late(rule: Rule, world: World, handled: Handled) -> None:
    """The meeting that was just created is missing from lists for a while; by its id it is there."""
    if handled.created is not None:
        world.meetings[handled.created].listed_from = handled.now + rule.own["seconds"]


def _broken(status: int) -> Refusal:
    if status in range(502, 505):
        return GatewayError(status)
    return refusal(status, status, "Internal server error.")


def _half(response: Response) -> bytes:
    """The answer, broken off in the middle of its body; one without a body in the middle of its head."""
    wire = response.wire()
    return wire[: len(wire) - (len(response.body) + 1) // 2] if response.body else wire[: len(wire) // 2]


def _repeat_token(response: Response, token: str) -> Response:
    body = response.json()
    if not body.get("next_page_token"):
        return response
    return replace(response, body=json_text({**body, "next_page_token": token}).encode())
