"""What each table holds of people: the one place where that is declared. A test fails on a column that is not.

From these lines `privacy export`, `erase` and `purge` know what to do, and `rekey` what is sealed. A new table:

1. one `Holding` here. `plain` names the columns that tell nothing of anybody, `shape` those that do and how its person
   is recognised, `secret` what gives access and is nobody's; a JSON column is an inner shape with `own=True`;
2. its personal and secret columns are `SealedText` or `SealedJson` in the table, or named in `open` with the reason:
   what SQL compares cannot be sealed;
3. `retention` and how the age of a row is told: by its session, where it has `event_id` and `key`, or by `aged_by`;
4. whoever writes rows into it passes them through `Guard.clean` first, so that the erased stay erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Column, Table

from zoom_sync.adapters.store import tables
from zoom_sync.domain.privacy import NOBODY, RAW_SHAPES, ROW, Role, Shape
from zoom_sync.domain.retention import Retention


@dataclass(frozen=True, slots=True)
class Holding:
    """One table. `through` is the parent whose `event_id`, `key` and `kind` its rows have, where they lack their own.

    `kept_because`: its rows are exported and not erased, for that reason. `open`: personal columns that are not sealed.
    """

    table: Table
    plain: frozenset[str]
    shape: Shape = NOBODY
    secret: frozenset[str] = frozenset()
    by_kind: Mapping[str, Shape] = field(default_factory=dict)
    through: Table | None = None
    retention: Retention | None = None
    aged_by: str = ""
    kept_because: str = ""
    open: frozenset[str] = frozenset()

    @property
    def personal(self) -> frozenset[str]:
        """The columns that tell of a person."""
        return frozenset(self.shape.fields) | frozenset(self.shape.inner)

    @property
    def sealed(self) -> list[Column[object]]:
        """The columns that are encrypted where there is a key."""
        return [self.table.c[name] for name in sorted((self.personal | self.secret) - self.open)]

    def shape_of(self, kind: str | None) -> Shape:
        """The shape of a row of a kind of report; of any other row."""
        return self.by_kind.get(kind or "", self.shape)


def _plain(*names: str) -> frozenset[str]:
    return frozenset(names)


_RAW = Shape({}, {"row": Shape(ROW.fields, ROW.inner, own=True)})
_LINE = Shape(
    {
        "key": Role.KEY,
        "certainty": Role.CERTAINTY,
        "registrant_ids": Role.ID,
        "accounts": Role.OTHER_ID,
    },
    {
        "emails": Shape({"email": Role.EMAIL}),  # that of somebody else it may be, who used the link at another time
        "link_of": Shape({"key": Role.KEY, "name": Role.NAME, "email": Role.EMAIL}),  # whose link it was
    },
    own=True,
)
_SIDE = Shape(
    {"name": Role.NAME, "given": Role.NAME, "why": Role.TEXT},
    {
        "marks": Shape(
            {"participant_id": Role.ID, "registrant_id": Role.ID, "email": Role.EMAIL, "name": Role.NAME}, own=True
        )
    },
)
_ANSWERS = Shape({"author": Role.NAME, "text": Role.TEXT}, name_enough=True)
_REGISTRANT = Shape({"registrant_id": Role.ID, "organisation": Role.DETAIL, "answers": Role.DETAIL}, own=True)
_OF_SESSION = ("event_id", "key", "position")

HOLDINGS: tuple[Holding, ...] = (
    Holding(
        tables.events,
        # `loaded_by` is an account's name, as the audit log tells it
        _plain(
            "id",
            "key",
            "title",
            "timezone",
            "description",
            "public",
            "loaded_at",
            "changes",
            "freeze_hours",
            "loaded_by",
            "approved_at",
            "archived_at",
            "called_off_at",
            "cancelled_before",
            "certificates",
        ),
    ),
    Holding(tables.approvals, _plain("event_id", "mark", "who", "at")),  # `who` as `loaded_by`
    Holding(
        tables.adjustments,
        _plain("event_id", "key", "field", "who", "at"),  # `who` as `loaded_by`
        secret=_plain("said"),  # as `host` and `settings` of sessions
    ),
    Holding(tables.event_contents, _plain("event_id", "version")),
    Holding(
        tables.sessions,
        _plain(
            "id",
            "event_id",
            "key",
            "position",
            "title",
            "long_title",
            "description",
            "starts_at",
            "ends_at",
            "timezone",
            "kind",
            "profile",
            "known_meeting_id",
            "meeting_of",
            "registration",
            "room",
            "track",
            "public",
            "cancelled",
            "language",
            "expected",
            "record",
            "rehearsal_of",
            "parts",
            "certificates",
        ),
        Shape({"moderators": Role.NAME}, name_enough=True),
        secret=_plain("host", "settings", "known_passcode"),  # host and settings may name hosts by their e-mails
        kept_because="they stand in the programme: change it there and load it again",
        open=_plain("moderators"),  # the programme is public
    ),
    Holding(
        tables.agenda_items,
        _plain("id", "session_id", "position", "title", "country", "starts_at", "ends_at"),
        Shape({"presenter": Role.NAME}, name_enough=True),
        through=tables.sessions,
        kept_because="they stand in the programme: change it there and load it again",
        open=_plain("presenter"),  # the programme is public
    ),
    Holding(
        tables.presenters,
        _plain("event_id", "key", "item", "position"),
        Shape({"email": Role.EMAIL}),
        retention=Retention.REPORT,
    ),
    Holding(
        tables.links,
        _plain(
            "id",
            "event_id",
            "key",
            "state",
            "meeting_id",
            "kind",
            "host_id",
            "origin",
            "version",
            "created_at",
            "synced_at",
            "registrants",
            "moving",
            "moving_at",
        ),
        secret=_plain("passcode", "join_url", "applied", "learned"),
    ),
    Holding(
        tables.panelists,
        _plain("link_id", "position", "standing"),
        Shape({"email": Role.EMAIL}),
        through=tables.links,
        retention=Retention.REPORT,
    ),
    Holding(
        tables.intents,
        _plain(
            "id",
            "event_id",
            "key",
            "host_id",
            "kind",
            "topic",
            "replaces",
            "attempts",
            "attempted_at",
            "created_at",
            "spans",
        ),
        secret=_plain("passcode"),
    ),
    Holding(
        tables.given_up_creations,
        _plain("id", "event_id", "key", "host_id", "kind", "topic", "given_up_at"),
        secret=_plain("passcode"),
    ),
    Holding(tables.unlinked_meetings, _plain("meeting_id", "kind", "host_id", "event_id", "key", "read_at")),
    Holding(tables.call_places, _plain("account", "label", "place", "held_until")),
    Holding(tables.call_days, _plain("account", "day_group", "day", "used")),
    Holding(tables.clock_jumps, _plain("id", "at", "seconds")),
    Holding(
        tables.hosts,
        _plain("licensed", "capacity", "daily_writes", "seen_at"),
        Shape({"id": Role.ID, "name": Role.NAME, "email": Role.EMAIL}),
        open=_plain("id"),  # SQL compares it
        kept_because="they are users of the Zoom account: take them out there, and the next sync drops them here",
    ),
    Holding(tables.host_days, _plain("host_id", "day", "writes")),
    Holding(tables.host_calendars, _plain("host_id", "version", "seen", "seen_at")),
    Holding(tables.host_licences, _plain("host_id", "licence", "read_at")),
    Holding(
        tables.runs,
        _plain("id", "event_id", "kind", "digest", "started_at", "finished_at"),
        retention=Retention.RUN,
        aged_by="finished_at",
    ),
    Holding(  # goes with its run
        tables.run_items,
        _plain(
            "id",
            "run_id",
            "action",
            "key",
            "host_id",
            "meeting_id",
            "fields",
            "accepted",
            "state",
            "reason",
            "tries",
            "handed_at",
            "settled_at",
            "overload",
            "seen",
        ),
    ),
    Holding(  # goes with its rows
        tables.report_instances, _plain("id", "event_id", "key", "kind", "uuid", "started_at", "kept_at")
    ),
    Holding(
        tables.instances,
        _plain(
            "event_id", "key", "uuid", "started_at", "ended_at", "place", "belongs_to", "people", "chosen", "chosen_by"
        ),
    ),
    Holding(
        tables.report_rows,
        _plain("instance_id", "position"),
        _RAW,
        by_kind={
            kind: Shape({}, {"row": Shape(shape.fields, shape.inner, own=True)}) for kind, shape in RAW_SHAPES.items()
        },
        through=tables.report_instances,
        retention=Retention.RAW,
    ),
    Holding(
        tables.collections,
        _plain("id", "event_id", "key", "kind", "state", "rows", "total", "reason", "checked_at", "lasting", "since"),
    ),
    Holding(
        tables.attendance,
        _plain(*_OF_SESSION, "seconds"),
        Shape({"name": Role.NAME, "email": Role.EMAIL}, {"line": _LINE}),
        retention=Retention.REPORT,
    ),
    Holding(
        tables.decisions,
        # `who` is an account's name, as the audit log tells it
        _plain("id", "event_id", "key", "verb", "who", "made_at", "withdrawn_by", "withdrawn_at"),
        Shape({}, {"these": _SIDE, "those": _SIDE}),
        retention=Retention.REPORT,
    ),
    Holding(  # kept for ever: a number is answered as long as there are papers that bear it
        tables.certificates,
        _plain(
            "number",
            "event",
            "basis",
            "unit",
            "mark",
            "edition",
            "state",
            "content",
            "released_by",
            "released_at",
            "changed_by",
            "changed_at",
            "replaced_by",
        ),
        Shape({"name": Role.NAME, "email": Role.EMAIL, "reason": Role.TEXT}),
    ),
    Holding(
        tables.certificate_corrections,
        _plain("id", "event", "basis", "unit", "mark", "entitled", "language", "who", "made_at"),
        Shape({"name": Role.NAME, "email": Role.EMAIL, "why": Role.TEXT}),
    ),
    Holding(tables.session_counts, _plain("event_id", "key", "counts")),
    Holding(
        tables.questions,
        _plain(*_OF_SESSION),
        Shape(
            {"asker": Role.NAME, "email": Role.EMAIL, "question": Role.TEXT},
            {"line": Shape({}, {"answers": _ANSWERS}, own=True)},
        ),
        retention=Retention.REPORT,
    ),
    Holding(
        tables.polls,
        _plain(*_OF_SESSION, "question", "line"),
        Shape({"name": Role.NAME, "email": Role.EMAIL, "answer": Role.CHOICE}),
        retention=Retention.REPORT,
    ),
    Holding(
        tables.registrations,
        _plain(*_OF_SESSION),
        Shape({"name": Role.NAME, "email": Role.EMAIL}, {"line": Shape({}, {"registration": _REGISTRANT}, own=True)}),
        retention=Retention.REPORT,
    ),
    Holding(
        tables.absentees,
        _plain(*_OF_SESSION),
        Shape({"name": Role.NAME, "email": Role.EMAIL}, {"line": _REGISTRANT}),
        retention=Retention.REPORT,
    ),
    Holding(
        tables.publications,
        _plain(
            "event_id",
            "key",
            "title",
            "starts_at",
            "ends_at",
            "timezone",
            "digest",
            "sequence",
            "changed_at",
            "shown",
            "uid_key",
            "called_off",
        ),
    ),
    Holding(tables.event_marks, _plain("event_id", "task", "done_at", "deep_at", "loaded_at", "claimed_until")),
    Holding(tables.hints, _plain("meeting_id", "look", "at", "heard_at", "version")),
    Holding(tables.deliveries, _plain("key", "signature", "heard_at")),
    Holding(tables.webhook_counts, _plain("outcome", "count", "latest_at")),
    Holding(tables.live_instances, _plain("uuid", "meeting_id", "started_at", "ended_at", "heard_at")),
    Holding(tables.live_counts, _plain("uuid", "at", "present")),
    Holding(tables.live_stays, _plain("uuid", "person", "gone")),  # `person` is a digest: a count and no names
    Holding(
        tables.drifts,
        _plain("event_id", "key", "field", "meeting_id", "treatment", "since", "seen_at"),
        secret=_plain("applied", "on_zoom"),  # settings may name people by their e-mails
    ),
    Holding(tables.concerns, _plain("event_id", "subject", "position", "key", "what", "why")),  # addresses are masked
    Holding(tables.notice_channels, _plain("name", "sent_at", "tries", "not_before", "claimed_until")),
    Holding(
        tables.deeds, _plain("name", "done_at", "tried_at", "failed_since", "failing", "why")
    ),  # addresses are masked
    Holding(tables.processes, _plain("part", "name", "version", "since", "seen_at")),
    Holding(tables.notices_told, _plain("channel", "mark", "told_at")),
    Holding(tables.passcode_policies, _plain("host_id", "policy", "read_at")),
    Holding(
        tables.registrants,
        _plain("id", "event_id", "key", "mark", "state", "reason", "meeting_id", "changed_at"),
        Shape(
            {
                "email": Role.EMAIL,
                "first_name": Role.FIRST_NAME,
                "last_name": Role.LAST_NAME,
                "organisation": Role.DETAIL,
                "registrant_id": Role.ID,
                "join_url": Role.DETAIL,
            }
        ),
        retention=Retention.REPORT,
    ),
    Holding(
        tables.accounts,
        _plain("role", "created_at"),
        Shape({"name": Role.NAME}, name_enough=True),
        secret=_plain("password_hash"),
        open=_plain("name", "password_hash"),  # SQL compares the name; a hash tells nobody the password
        kept_because="they sign in here: `zoom-sync account remove` removes them",
    ),
    Holding(
        tables.web_sessions,
        _plain("id_hash", "account", "role", "created_at", "seen_at"),
        Shape({"name": Role.NAME}, name_enough=True),
        open=_plain("name"),  # SQL compares it
        kept_because="they are signed in: it ends by itself",
    ),
    Holding(tables.access_tokens, _plain("id", "token_hash", "account", "role", "created_at", "expires_at")),
    Holding(tables.known_browsers, _plain("browser_hash", "seen_at")),
    Holding(
        tables.bindings,
        _plain(
            "id",
            "event_id",
            "source",
            "write_back",
            "every_minutes",
            "configured",
            "state",
            "digest",
            "read_at",
            "changed_at",
            "trouble",
            "trouble_since",
            "written",
            "written_at",
            "unwritten",
            "claimed_until",
        ),
        secret=_plain("spec"),  # an address may hold what opens it
    ),
    Holding(tables.written_back, _plain("binding_id", "key"), secret=_plain("written", "pending")),
    Holding(tables.previews, _plain("id", "secret_hash", "event_id", "label", "created_at")),
    Holding(tables.sign_in_tries, _plain("subject", "tries", "since")),  # a hash of a name or an address
    Holding(
        tables.audit_log,
        _plain("id", "at", "what", "event", "session", "form", "rows"),
        Shape({"who": Role.NAME}, name_enough=True),
        retention=Retention.AUDIT,
        aged_by="at",
        open=_plain("who"),  # it has to stay readable, whatever becomes of the key
        kept_because="it tells who did what here, and goes when its time is over",
    ),
    Holding(tables.session_figures, _plain("event_id", "key", "figures")),  # counts alone
    Holding(tables.purges, _plain("event_id", "key", "what", "purged_at")),
    Holding(tables.erasures, _plain("mark", "token", "erased_at")),  # keyed hashes of people, kept to keep them erased
    Holding(tables.own_keys, _plain("name"), secret=_plain("value")),
)

HOLDING_OF: Mapping[str, Holding] = {holding.table.name: holding for holding in HOLDINGS}
