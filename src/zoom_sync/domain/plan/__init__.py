"""The plan: what must change on Zoom so that it shows the programme. One pure function with a decision table.

Three inputs: what is desired, what we linked before, what Zoom shows now. The plan is whole before anything acts.
`values` holds what a plan is made of, `deciding` the table of meetings, `linking` which meeting a session has,
`reconciling` the table of fields; `looking` goes through it with a linked meeting, `learning` keeps what all looks
teach, `comparing` tells why a meeting differs, `hosting` finds hosts, `calendar` judges what they would hold,
`arriving` sees to meetings that creations made late, `effects` tells what a change would take from people. Held back
is what changes many sessions at once (`braking`), what would be made a second time (`doubling`), what a freeze
stops (`freezing`), and what the policy or the day does not cover (`allowing`). `telling` says a plan as JSON.

Pure. Imports `domain.meeting`, `hosts`, `drift`, `occurrences`, `phrases`, `programme` and the standard library.
"""

from zoom_sync.domain.plan.calendar import calendars_now, in_the_making, session_name
from zoom_sync.domain.plan.deciding import make_plan
from zoom_sync.domain.plan.looking import JOIN_URL, kept_by_zoom, link_moved, refused_by_zoom, short, standing_notes
from zoom_sync.domain.plan.reconciling import Act, Row, act_of, row_of
from zoom_sync.domain.plan.telling import drift_json, held_back_json, plan_json
from zoom_sync.domain.plan.values import (
    KEPT_FOR_PROGRAMME,
    MASS_CHANGE,
    PASSCODE,
    Action,
    Brake,
    Change,
    Failure,
    HeldBack,
    Known,
    Observation,
    Plan,
    Policy,
    change_json,
    masked_value,
)

__all__ = [
    "JOIN_URL",
    "KEPT_FOR_PROGRAMME",
    "MASS_CHANGE",
    "PASSCODE",
    "Act",
    "Action",
    "Brake",
    "Change",
    "Failure",
    "HeldBack",
    "Known",
    "Observation",
    "Plan",
    "Policy",
    "Row",
    "act_of",
    "calendars_now",
    "change_json",
    "drift_json",
    "held_back_json",
    "in_the_making",
    "kept_by_zoom",
    "link_moved",
    "make_plan",
    "masked_value",
    "plan_json",
    "refused_by_zoom",
    "row_of",
    "session_name",
    "short",
    "standing_notes",
]
