"""The table that decides what becomes of one field, from four values; pure, and one row for each way they can stand.

W is what the programme wants, S what was last sent, M what Zoom made of S, N what Zoom shows now; "~" is the field's
own equality, "=" the exact one. Any of them may be absent.

    ==  ===============================  ==========================================================
    1   W ~ N                            in step: S becomes W, M becomes N
    2   W = S, N ~ M                     Zoom's own making: no write, told once
    3   W ≠ S, N ~ M                     the programme changed: write
    4   W = S, N ≁ M                     somebody edited: by the drift policy
    5   W ≠ S, N ≁ M                     both moved: a conflict of its own
    6   no S                             no history: write once where W ≁ N, then learn; no drift
    7   no W, but S                      the programme withdrew: reset only what we set
    8   neither W nor S                  no opinion: never written, never taken into the programme
    9   no N                             not shown: W is compared with S alone
    10  W refused while N was shown      refused: sent again once either is another
    ==  ===============================  ==========================================================

That this is told from four values and not from two follows Kubernetes' three-way apply; what goes wrong without a row
is told in the issues of external-dns (1820), Argo CD (15898) and Terraform's plugin framework (70).
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from zoom_sync.domain.meeting import ABSENT, Refusal


class Row(StrEnum):
    """The rows of the table. Each is a mark: a run that never met one can say so."""

    IN_STEP = "1 in step"
    ZOOMS_OWN = "2 Zoom's own"
    CHANGED = "3 the programme changed"
    EDITED = "4 somebody edited"
    BOTH_MOVED = "5 both moved"
    NO_HISTORY = "6 no history"
    WITHDRAWN = "7 withdrawn"
    NO_OPINION = "8 no opinion"
    NOT_SHOWN = "9 not shown"
    REFUSED = "10 refused"


class Act(StrEnum):
    """What a row does."""

    NOTHING = "nothing"
    LEARN = "learn"
    WRITE = "write"
    POLICY = "by the drift policy"
    RESET = "reset"
    HOLD = "hold back"


ACTS = {
    Row.IN_STEP: Act.LEARN,
    Row.ZOOMS_OWN: Act.LEARN,
    Row.CHANGED: Act.WRITE,
    Row.EDITED: Act.POLICY,
    Row.BOTH_MOVED: Act.WRITE,
    Row.NO_HISTORY: Act.WRITE,
    Row.WITHDRAWN: Act.RESET,
    Row.NO_OPINION: Act.NOTHING,
    Row.NOT_SHOWN: Act.NOTHING,
    Row.REFUSED: Act.HOLD,
}


def row_of(
    want: Any, sent: Any, made: Any, shown: Any, same: Callable[[Any, Any], bool], refused: Refusal | None = None
) -> Row:
    """The row that holds for a field. Values are in the form that is kept; `same(shown, other)` is its equality."""
    if want is ABSENT:
        return Row.NO_OPINION if sent is ABSENT else Row.WITHDRAWN
    if shown is not ABSENT and same(shown, want):
        return Row.IN_STEP
    if refused is not None and _still_refused(refused, want, shown, same):
        return Row.REFUSED
    if sent is ABSENT:
        return Row.NO_HISTORY
    if shown is ABSENT:
        return Row.NOT_SHOWN
    # What Zoom left out when it was asked what came of a value, and shows now, is what came of it.
    as_made = made is ABSENT or same(shown, made)
    if want == sent:
        return Row.ZOOMS_OWN if as_made else Row.EDITED
    return Row.CHANGED if as_made else Row.BOTH_MOVED


def _still_refused(refused: Refusal, want: Any, shown: Any, same: Callable[[Any, Any], bool]) -> bool:
    return refused.value == want and (shown is ABSENT or refused.shown is ABSENT or same(shown, refused.shown))


def act_of(row: Row, want: Any, sent: Any) -> Act:
    """What a row does with a field: a value that Zoom does not show is written where it is another than was sent."""
    if row is Row.NOT_SHOWN and want != sent:
        return Act.WRITE
    return ACTS[row]
