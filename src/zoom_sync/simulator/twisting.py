"""What the twists do to a request and its answer: see twists.py for what they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from .call import Call
from .messages import Response, json_text
from .refusals import Refusal, invalid_fields, refusal
from .schema import read_number
from .twists import BARRING, DATING, REFUSING, SHAPING, SHOWING, Subject, Twist
from .world import GONE, World

_LISTS = {"users": "users", "meetings": "meetings", "webinars": "webinars"}
_LINKED = (*_LISTS, "meeting", "meetingCreate", "webinar", "webinarCreate")
_CREATING = ("meetingCreate", "webinarCreate")
_ABSENT = object()


class Page(Refusal):
    """A refusal by what stands before the API, as a page and not as JSON."""

    def response(self) -> Response:
        """The page."""
        html = f"<html><head><title>{self.status}</title></head><body>{self.body['message']}</body></html>"
        return Response(self.status, {"Content-Type": "text/html"}, html.encode())


def subject_of(world: World, operation: str, template: str, params: tuple[str, ...]) -> Subject:
    """What a request is about, as far as its path says; who or what is unknown is left out."""
    if not params:
        return Subject(operation)
    if "/users/" in template:
        key = params[0].lower()
        users = sorted(world.users.values(), key=lambda user: user.status == GONE)
        return Subject(operation, next((user.id for user in users if key in (user.id.lower(), user.email)), ""))
    meeting = world.meetings.get(read_number(params[0]) or 0)
    return Subject(operation, meeting.host_id, meeting.id) if meeting else Subject(operation)


def bar(world: World, subject: Subject) -> None:
    """Raises the Refusal of the first twist that bars the request."""
    for twist in world.twists.of(BARRING, subject):
        twist.worked += 1
        own = twist.own
        if own["html"]:
            raise Page(own["status"], {"message": own["message"]})
        raise refusal(own["status"], own["code"], own["message"])


def shaped(call: Call, meeting: int = 0) -> dict[str, Any]:
    """The body of a create or update as this account takes it; raises Refusal 300 for a field it refuses."""
    body = call.body
    if not call.world.twists.rules:
        return body
    subject = Subject(call.operation, call.host_id, meeting)
    for twist in call.world.twists.of(REFUSING, subject):
        _refuse_field(twist, body)
    for twist in call.world.twists.of(SHAPING, subject):
        changed = _shape(twist, call, body)
        twist.worked += changed != body
        body = changed
    return body


def _refuse_field(twist: Twist, body: Mapping[str, Any]) -> None:
    name, values = twist.own["field"], twist.own["values"]
    sent = read_path(body, name)
    if sent is _ABSENT or (values is not None and sent not in values):
        return
    twist.worked += 1
    message = twist.own["message"] or f"Invalid parameter: {name.rsplit('.', 1)[-1]}."
    if twist.own["only_in_message"]:
        raise refusal(HTTPStatus.BAD_REQUEST, 300, message)
    raise invalid_fields([(name, message)])


def _shape(twist: Twist, call: Call, body: dict[str, Any]) -> dict[str, Any]:
    own, creating = twist.own, call.operation in _CREATING
    name = own.get("field", "password")
    sent = read_path(body, name)
    if twist.what == "force_passcode":
        if sent is _ABSENT and not creating:
            return body
        return {**body, "password": own["value"] or call.world.policy.generate(call.world.mint)}
    if twist.what == "lock":
        if sent is _ABSENT and not (creating and own["value"] is not None):
            return body
        return without_path(body, name) if own["value"] is None else with_path(body, name, own["value"])
    if not isinstance(sent, str):
        return body
    if twist.what == "alias":
        return with_path(body, name, own["to"]) if own["from"] in ("", sent) else body
    if twist.what == "drop":
        return with_path(body, name, sent.translate(dict.fromkeys(map(ord, own["characters"]))))
    return with_path(body, name, sent[: own["length"]])


def shown(world: World, subject: Subject, response: Response) -> Response:
    """The answer as this account shows it."""
    twists = list(world.twists.of(SHOWING, subject))
    if not twists or not response.body:
        return response
    answer = response.json()
    for twist in twists:
        if show(twist, subject.operation, answer):
            twist.worked += 1
    return replace(response, body=json_text(answer).encode("utf-8", "backslashreplace"))


def show(twist: Twist, operation: str, answer: dict[str, Any]) -> bool:
    """Changes an answer in place; says whether it did."""
    rows = answer.get(_LISTS.get(operation, ""))
    if twist.what == "short_list":
        if rows is None or len(rows) <= twist.own["keep"]:
            return False
        del rows[twist.own["keep"] :]
        return True
    if twist.what == "links":
        places = [answer] if rows is None else rows
        changed = [move_link(twist, place) for place in places if twist.about_row(place, operation)]
        return operation in _LINKED and any(changed)
    whole = rows is None or twist.own["field"].split(".")[0] in answer
    places = [answer] if whole or rows is None else rows
    about = [place for place in places if (whole and rows is not None) or twist.about_row(place, operation)]
    changed = [_show_field(twist, place) for place in about]
    return any(changed)


def _show_field(twist: Twist, place: dict[str, Any]) -> bool:
    name = twist.own["field"]
    before = read_path(place, name)
    if twist.what == "omit":
        changed = without_path(place, name)
    else:
        changed = with_path(place, name, None if twist.what == "null" else twist.own["value"])
    place.clear()
    place.update(changed)
    return bool(read_path(place, name) is not before)


def move_link(twist: Twist, place: dict[str, Any]) -> bool:
    """The join link at another address, or without the passcode in it. Says whether there is one."""
    link = place.get("join_url")
    if not isinstance(link, str):
        return False
    parts = urlsplit(link)
    site = twist.own["site"].rstrip("/") or f"{parts.scheme}://{parts.netloc}"
    query = f"?{parts.query}" if parts.query and twist.own["embed"] else ""
    place["join_url"] = f"{site}{parts.path}{query}"
    return True


def skew(world: World, subject: Subject) -> float:
    """By how many seconds the Date header of an answer is wrong."""
    seconds = 0.0
    for twist in world.twists.of(DATING, subject):
        twist.worked += 1
        seconds += twist.own["seconds"]
    return seconds


def read_path(body: Mapping[str, Any], path: str) -> Any:
    """The value at `settings.waiting_room`; a mark where there is none."""
    value: Any = body
    for name in path.split("."):
        if not isinstance(value, Mapping) or name not in value:
            return _ABSENT
        value = value[name]
    return value


def with_path(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy with the value at the path."""
    name, _, rest = path.partition(".")
    if not rest:
        return {**body, name: value}
    inner = body.get(name)
    return {**body, name: with_path(dict(inner) if isinstance(inner, dict) else {}, rest, value)}


def without_path(body: dict[str, Any], path: str) -> dict[str, Any]:
    """A copy without what is at the path."""
    name, _, rest = path.partition(".")
    if not rest:
        return {key: value for key, value in body.items() if key != name}
    inner = body.get(name)
    return {**body, name: without_path(inner, rest)} if isinstance(inner, dict) else body
