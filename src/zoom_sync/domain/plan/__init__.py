"""The plan: what must change on Zoom so that it shows the programme. One pure function with a decision table.

Three inputs: what is desired, what we linked before, what Zoom shows now. The plan is whole before anything acts.
`values` holds what a plan is made of, `deciding` the table, `linking` which meeting a session has, `comparing` how a
linked meeting differs and why, `hosting` finds hosts, `allowing` holds back what the policy or the day does not cover,
`telling` says a plan as JSON.

Pure. Imports `domain.meeting`, `hosts`, `drift`, `occurrences`, `phrases`, `programme` and the standard library.
"""

from zoom_sync.domain.plan.deciding import make_plan
from zoom_sync.domain.plan.telling import drift_json, held_back_json, plan_json
from zoom_sync.domain.plan.values import (
    PASSCODE,
    Action,
    Change,
    Failure,
    HeldBack,
    Known,
    Observation,
    Plan,
    Policy,
    change_json,
)

__all__ = [
    "PASSCODE",
    "Action",
    "Change",
    "Failure",
    "HeldBack",
    "Known",
    "Observation",
    "Plan",
    "Policy",
    "change_json",
    "drift_json",
    "held_back_json",
    "make_plan",
    "plan_json",
]
