"""The part of a mapping file that says where the programme is: a database, a conference system, a file, an address.

Imports the domain and this room.
"""

from __future__ import annotations

import re

from zoom_sync.adapters.sources.mapping import Api, Origin, Place, Sql
from zoom_sync.adapters.sources.mapping_shapes import Texts
from zoom_sync.adapters.sources.reading import Findings
from zoom_sync.adapters.sources.yaml_shapes import Field, Form, Record, Text
from zoom_sync.domain.returning import RETURNED
from zoom_sync.domain.validate import text_flaw

MOST_SQL = 20_000

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_PARAMETER = re.compile(r"(?<![:\\\w]):([A-Za-z_]\w*)(?!:)")
_READS = re.compile(r"\s*(?:--[^\n]*\n\s*)*(?:select|with|table|values)\b", re.IGNORECASE)
_SITE = re.compile(r"https?://[^\s@/?#]+(?:/[^\s@?#]*)?")


def _variable_flaw(text: str) -> str | None:
    if _VARIABLE.fullmatch(text):
        return None
    return "must name the variable that holds it, such as `TALKS_DATABASE_URL`: what it holds is a secret"


def _query_flaw(text: str) -> str | None:
    if len(text) > MOST_SQL or "\0" in text:
        return f"must be SQL of at most {MOST_SQL} characters"
    if not _READS.match(text):
        return "must only read: it begins with SELECT or WITH"
    return f"has parameters (`:{found[1]}`), and there are none to give it" if (found := _parameter(text)) else None


def _parameter(text: str) -> re.Match[str] | None:
    return _PARAMETER.search(re.sub(r"'(?:[^']|'')*'|--[^\n]*", " ", text))


def _statement_flaw(text: str) -> str | None:
    if len(text) > MOST_SQL or "\0" in text:
        return f"must be SQL of at most {MOST_SQL} characters"
    if _parameter(text) is None:
        return "has no parameters: name the row and what is written, as `SET link = :join_url WHERE id = :id`"
    return None


def _site_flaw(text: str) -> str | None:
    return (
        None if _SITE.fullmatch(text) else "must be the site's address, such as `https://pretalx.com`, and hold no user"
    )


def _event_flaw(text: str) -> str | None:
    return None if re.fullmatch(r"[A-Za-z0-9_.-]{1,100}", text) else "must be the event's short name or number there"


def _question_flaw(text: str) -> str | None:
    return None if re.fullmatch(r"[1-9][0-9]{0,8}", text) else "must be the number of a question"


_TOKEN = Field(Text(_variable_flaw), "The variable that holds the token.")
_SQL = Form(
    "`sql`",
    {
        "connection": Field(
            Text(_variable_flaw),
            "The variable that holds the database's address, `postgresql://…`, `mysql://…` or `sqlite:///…`.",
            must="name the variable that holds the database's address",
        ),
        "query": Field(
            Text(_query_flaw), "Answers one row for each session.", must="write the query that answers the sessions"
        ),
        "write_back": Field(
            Text(_statement_flaw),
            "A statement for one session, with parameters: the columns of the query by their names, and "
            + ", ".join(f"`:{name}`" for name in RETURNED)
            + ".",
        ),
    },
)
_ADDRESS = Field(Text(_site_flaw), "Address of the site.", must="write the site's address")
_EVENT = Field(Text(_event_flaw), "Short name or number of the event there.", must="name the event there")
_PRETALX = Form(
    "`pretalx`",
    {
        "address": _ADDRESS,
        "event": _EVENT,
        "token": _TOKEN,
        "answers": Field(
            Texts(RETURNED, _question_flaw),
            "What is written back as the answer to which question about the session, `join_url: 17`.",
        ),
    },
)
_INDICO = Form("`indico`", {"address": _ADDRESS, "event": _EVENT, "token": _TOKEN})

ORIGINS = {
    "sql": Field(_SQL, "The programme is in a database."),
    "pretalx": Field(_PRETALX, "The programme is asked of a pretalx site."),
    "indico": Field(_INDICO, "The programme is asked of an Indico site."),
    "source": Field(Text(text_flaw), "The programme is this file, beside the mapping, or at this http(s) address."),
}


def origin_of(record: Record, findings: Findings) -> Origin | None:
    """Where the mapping says that the programme is; None where it does not say."""
    named = [name for name in ORIGINS if name in record.values]
    if len(named) > 1:
        text = " and ".join(f"`{name}`" for name in named)
        findings.problem(
            record.line_of(named[1]), f"the programme is in one place, but the mapping has {text}: keep one"
        )
    if len(named) != 1 or findings.problems:
        return None
    name, text = named[0], record.values[named[0]]
    if name == "source":
        return Place(text)
    values = text.values
    if name == "sql":
        return Sql(values["connection"], values["query"], values.get("write_back"))
    answers = {field: int(number) for field, number in values.get("answers", {}).items()}
    return Api(name, values["address"].rstrip("/"), values["event"], values.get("token"), answers)
