"""Zoom's refusals: the status and body of each error the simulator answers.

The texts follow Zoom's API reference (https://developers.zoom.us/docs/api/meetings/) and its page on errors
(https://developers.zoom.us/docs/api/errors/).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .messages import Response, json_response, reason


class Refusal(Exception):
    """The request is answered with an error and nothing was changed."""

    def __init__(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = dict(body)
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """The refusal as an answer."""
        return json_response(self.body, self.status, self.headers)


class GatewayError(Refusal):
    """502, 503 or 504 as what stands before an API answers them: a page, not JSON."""

    def __init__(self, status: int) -> None:
        super().__init__(status, {})

    def response(self) -> Response:
        """The page."""
        page = f"<html><head><title>{self.status} {reason(self.status)}</title></head></html>"
        return Response(self.status, {"Content-Type": "text/html"}, page.encode())


def refusal(status: int, code: int, message: str) -> Refusal:
    """An error body of the API: `code` and `message`."""
    return Refusal(status, {"code": code, "message": message})


def invalid_fields(errors: Iterable[tuple[str, str]]) -> Refusal:
    """300 with a list of fields. Zoom's form: {"field": "settings.jbh_time", "message": "Invalid ..."}."""
    listed = [{"field": field, "message": message} for field, message in errors]
    return Refusal(400, {"code": 300, "message": "Validation Failed.", "errors": listed})


def invalid_field(field: str) -> Refusal:
    """300 for one field."""
    return invalid_fields([(field, f"Invalid parameter: {field.rsplit('.', 1)[-1]}.")])


def not_json() -> Refusal:
    """300: the body cannot be read as a JSON object."""
    return refusal(400, 300, "Request Body should be a valid JSON object.")


def unknown_route() -> Refusal:
    """2300: no such endpoint, or no such method on it."""
    return refusal(400, 2300, "This API endpoint is not recognized.")


def wrong_content_type() -> Refusal:
    """415: a body which does not say that it is JSON."""
    return refusal(415, 300, "Unsupported Content Type")


def invalid_token() -> Refusal:
    """124: the token is none of ours."""
    return refusal(401, 124, "Invalid access token.")


def expired_token() -> Refusal:
    """124: the token's hour is over."""
    return refusal(401, 124, "Access token is expired.")


def missing_scopes(scopes: Iterable[str]) -> Refusal:
    """4711: the token lacks the scope. The text names those of which one would do.

    https://devforum.zoom.us/t/108207 shows the text; its HTTP status is not documented, 400 is assumed.
    """
    return refusal(400, 4711, f"Invalid access token, does not contain scopes:[{', '.join(scopes)}].")


def no_such_user(user: str) -> Refusal:
    """1001: no user with this id or e-mail."""
    return refusal(404, 1001, f"User does not exist: {user}.")


def no_such_meeting(meeting: object) -> Refusal:
    """3001: no such meeting, or it was deleted, or its id expired."""
    return refusal(404, 3001, f"Meeting does not exist: {meeting}.")


def no_such_report(meeting: object) -> Refusal:
    """3001 of the reports: no such meeting, or it has not ended."""
    return refusal(404, 3001, f"Meeting {meeting} not found or has expired.")


def a_year_ago() -> Refusal:
    """12702: reports reach back one year."""
    return refusal(400, 12702, "Can not access a meeting a year ago.")


def stale_page_token() -> Refusal:
    """300: the page token is older than 15 minutes, unknown, or belongs to another query."""
    return refusal(400, 300, "The next page token is invalid or expired.")


def paid_only(account: str) -> Refusal:
    """200: past data needs a paid plan."""
    return refusal(400, 200, f"Only available for paid account: {account}.")


def no_permission() -> Refusal:
    """200: reports need Pro or a higher plan."""
    return refusal(400, 200, "No permission.")
