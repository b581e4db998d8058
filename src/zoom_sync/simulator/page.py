"""What GET /_simulator/ shows: what this is, its routes, what it assumes and what it does not simulate."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from .faults import AFTER, BEFORE, BESIDES, STANDING
from .routes import ROUTES

CONTROL = (
    "GET  /_simulator/state                    users, meetings in full, counters, faults that fired, connections",
    "POST /_simulator/reset                    all of the next two lines may be given, or none:",
    "                                          seed plan hosts start ticking scopes limits",
    "                                          policy single_token report_delay latency webinars",
    "GET  /_simulator/clock",
    "POST /_simulator/clock                    now|set|time: ISO instant; advance|seconds: number or PT2H; ticking",
    "GET  /_simulator/journal                  every request to the API; DELETE clears it",
    "POST /_simulator/faults                   a rule or a list of rules; GET shows them, DELETE clears them",
    "POST /_simulator/meetings                 a meeting made by hand: host and the fields of the API",
    "POST /_simulator/webinars                 a webinar made by hand, likewise",
    "POST /_simulator/series                   a weekly series made by hand: host weeks (5) weekly_days and the fields",
    "PATCH, DELETE /_simulator/meetings/{id}   a hand edits or deletes",
    "POST /_simulator/meetings/{id}/convert    a meeting becomes a webinar, or a webinar a meeting; its id stays",
    "POST /_simulator/meetings/{id}/move       host: whom it belongs to from now on",
    "POST /_simulator/meetings/{id}/run        an evening: start minutes audience questions polls survey instances",
    "                                          advance recording (bytes of its video in the cloud)",
    "POST /_simulator/meetings/{id}/register   count people register (20), all approved",
    "POST /_simulator/meetings/{id}/start      the host opens it; /end closes it",
    "POST /_simulator/users                    a new user: email first_name last_name, and what PATCH takes",
    "PATCH /_simulator/users/{id}              type (1 Basic, 2 Licensed) status (active, inactive, pending)",
    "                                          webinar webinar_capacity zoom_events zoom_events_capacity",
    "                                          meeting_capacity concurrent_meeting timezone use_pmi",
    "POST /_simulator/users/{id}/leave         he leaves; transfer_to: who gets his meetings (otherwise they are gone)",
    "POST /_simulator/twists                   how this Zoom is, one or a list; GET shows them, DELETE takes all away;",
    "                                          DELETE /_simulator/twists/{number} one; kept in the state file",
    "                                          each: what, and about which requests: host meeting operation times",
    "    lock            field value           taken with 204 and not kept: value is (null: what it had is)",
    "    alias           field from to         `from` (empty: anything) is kept as `to`, such as a zone's other name",
    "    drop            field characters      these are taken out of a text",
    "    truncate        field length          a text is cut",
    "    force_passcode  value                 another passcode than the one that was sent (empty: a new one)",
    "    refuse_field    field values message only_in_message   400, code 300, for these values (null: any)",
    "    refuse          status code message html   the request is refused, such as the list of one host",
    "    omit, null      field                 left out of the answers of an operation, or null there; field may be",
    "                                          nested (settings.waiting_room), of a list's head or of its rows",
    "    show            field value           another value in the answers of an operation",
    "    links           site embed            join links at another address, or without the passcode in them",
    "    short_list      keep                  a list ends early and says nothing of it",
    "    date            seconds               the Date header is so much ahead (or behind)",
    "POST /_simulator/webhooks                 who wants to hear: url secret events validate lose double reorder",
    "                                          GET shows subscriptions and deliveries, DELETE ends them all",
)
ASSUMED = (
    (
        "A body field or query parameter Zoom does not document is refused with 300, so that a slip shows. What Zoom"
        " does is not documented."
    ),
    (
        "A body that is not declared as JSON is refused with 415; a missing scope with 400 and code 4711; an unknown"
        " route with 400 and code 2300."
    ),
    (
        "A passcode against the account's policy is refused with 300 and the field. A passcode may hold any printable"
        " ASCII character but the blank."
    ),
    (
        "All create and update requests for an existing host count against his 100 of the UTC day, those refused as"
        " invalid too; DELETE, status and registrants do not."
    ),
    (
        "Who was registered is gone when registration is switched off; a series that becomes a single meeting loses its"
        " occurrences; a conversion keeps id, passcode and settings that the other kind knows, and costs no write."
    ),
    (
        "A host who left is unknown (1001), and so are his meetings unless they were transferred; a deactivated one is"
        " there, and may not make meetings (400, 3161)."
    ),
    (
        "A locked setting is forced when a meeting is made and whenever the field is sent; what was there before stays"
        " until then."
    ),
    "Without the licence nothing of a webinar can be read or changed (400, 200); with it back, all is there.",
    "A personal room has the type 4 and its own number, is in no list, and may be changed but not deleted.",
    "Refused requests (429, 401) do not count against any window.",
    "With use_pmi the meeting keeps an id of its own, and its link and `pmi` show the personal number.",
    "A start time with fractions of a second is refused; one with an offset is read as UTC.",
    "A running meeting cannot be deleted (400, 3002); ending one that is not running is 400, 3000.",
    "participants_count counts joins outside breakout rooms, not people.",
    "An id answers for its latest instance that ended; reports outlive the deletion of their meeting.",
    "`users/me` is unknown to a token of an account.",
    "X-RateLimit headers are sent on every answer; Zoom may leave them out.",
    "The registrants of a meeting or webinar without registration are refused (400). Panelists come to each evening.",
    (
        "A panelist's e-mail that is on the list already is taken and changes nothing; of several panelists with one"
        " that cannot be, or too many, none is added; taking out one that is not on the list is refused with 300."
    ),
    (
        "A batch of registrants with one that cannot be is refused as a whole, with the field, or with 3027 for the"
        " host; its answer tells links as that of a single one does: none where registrants are approved by hand."
    ),
    "Who cancelled is in no list of registrants, and is the same registrant again when registered anew.",
    "A status for somebody who is not registered, or who cancelled, is answered with 204 and changes nothing.",
    "A survey report without a survey is an empty one; answers to anonymous polls come in rows without a name.",
    "A webhook's timestamp is that of its sending; each of its tries carries the same x-zm-request-id and body.",
    "A list shows a series once, with its next start; a whole series is moved only with its recurrence.",
    "An occurrence keeps its id when it is moved: its first start in milliseconds.",
    (
        "A recording's video and audio are listed once its own length has passed after the end, its transcript once"
        " twice that has; until then there is no recording (3301). A file is downloaded with a token that may list it,"
        " also from a byte on (Range: bytes=N-); what is in it is made up from its id."
    ),
    "Reports become complete linearly over the report delay (30 minutes); rows come in order of arrival.",
)
MISSING = (
    "recordings that are paused, trashed, deleted or shared, and their webhooks",
    "chat; AI Companion; templates; polls and surveys before the meeting",
    "webinars without the reset switch `webinars` (the add-on); simulive ones; polls and surveys before a webinar",
    "tracking sources of webinars, and ending one through the API",
    "webhooks of other things than a meeting or webinar made, edited, deleted, recovered, started or ended",
    "and people who join, leave or register; of an evening, 40 stays at most are told of; none is kept over a restart",
    "screen-share meetings (type 10); registering for one occurrence of a series",
    "registration questions, reading or deleting one registrant, how many a webinar lets register",
    "roles, groups, sub-accounts, alternative hosts' rights, schedule privilege",
    "regional hosts, TLS, mails, real joining; links lead nowhere",
    "the settings of other options than meeting_security; most user settings",
)


_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}"
    "pre{overflow:auto;background:#f4f4f4;padding:1rem}"
)


def render() -> str:
    """The page, as HTML."""
    kinds = ", ".join((*BEFORE, *AFTER, *BESIDES, *STANDING))
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><title>A local Zoom</title>",
        f"<style>{_STYLE}</style>",
        "<h1>A local Zoom</h1><p>This is the simulator of zoom_sync, not Zoom. Nothing here reaches the internet.",
        "<h2>Zoom's operations</h2><pre>",
        *(escape(f"{route.method:6} /v2{_named(route.template):45} {route.label}\n") for route in ROUTES),
        "POST   /oauth/token</pre><h2>Control</h2><pre>",
        escape("\n".join(CONTROL)),
        f"</pre><p>Kinds of faults: {escape(kinds)}.",
        "<h2>What is not simulated</h2>",
        _bullets(MISSING),
        "<h2>Where Zoom's behaviour is not documented, and what this simulator does</h2>",
        _bullets(ASSUMED),
        "</html>",
    ]
    return "".join(parts)


def _named(template: str) -> str:
    subject = "{userId}" if "/users" in template else "{meetingId}"
    if template.startswith(("/webinars", "/past_webinars", "/report/webinars")):
        subject = "{webinarId}"
    return template.replace("{}", subject, 1).replace("{}", "{panelistId}")


def _bullets(lines: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}" for line in lines) + "</ul>"
