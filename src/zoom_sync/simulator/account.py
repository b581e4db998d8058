"""The account of the simulator: its plan, its users and its passcode policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any

from .clock import DAY
from .mint import Mint
from .refusals import invalid_field

BASIC, LICENSED = 1, 2
LONGEST = 10
_PEOPLE = (
    ("Ada", "Moreau"),
    ("Bela", "Novák"),
    ("Chen", "Lihua"),
    ("Dina", "Haddad"),
    ("Emre", "Öztürk"),
    ("Farah", "Iyer"),
)


@dataclass(frozen=True, slots=True)
class User:
    """A user of the account. `type` is 1 (Basic) or 2 (Licensed); `created_at` seconds since 1970.

    `status` is active, inactive, pending, or gone for one who left. `webinar` None, `meeting_capacity` 0 and
    `concurrent_meeting` "" are as the account's plan has it.
    """

    id: str
    email: str
    first_name: str
    last_name: str
    type: int
    pmi: int
    created_at: float
    timezone: str = "UTC"
    use_pmi: bool = False
    status: str = "active"
    webinar: bool | None = None
    webinar_capacity: int = 500
    zoom_events: bool = False
    zoom_events_capacity: int = 500
    meeting_capacity: int = 0
    concurrent_meeting: str = ""

    @property
    def display_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Policy:
    """What the account asks of a passcode.

    The names are those of `meeting_password_requirement`
    (https://developers.zoom.us/docs/api/users/#tag/users/GET/users/{userId}/settings); `required` says whether a
    meeting must have one, `locked` whether a client may not switch the generated one off.
    """

    length: int = 0
    have_letter: bool = False
    have_number: bool = False
    have_special_character: bool = False
    have_upper_and_lower_characters: bool = False
    only_allow_numeric: bool = False
    consecutive_characters_length: int = 0
    weak_enhance_detection: bool = False
    required: bool = True
    locked: bool = False

    def requirement(self) -> dict[str, Any]:
        """The requirement as Zoom shows it."""
        names = [field.name for field in fields(self)][:-2]
        return {name: getattr(self, name) for name in names}

    def accepts(self, passcode: str) -> bool:
        """Whether the passcode may be used."""
        special = [char for char in passcode if not char.isalnum()]
        checks = (
            len(passcode) >= self.length,
            not self.have_letter or any(char.isalpha() for char in passcode),
            not self.have_number or any(char.isdigit() for char in passcode),
            not self.have_special_character or bool(special),
            not self.have_upper_and_lower_characters or passcode not in (passcode.lower(), passcode.upper()),
            not self.only_allow_numeric or passcode.isdigit(),
            not _has_run(passcode, self.consecutive_characters_length),
            not self.weak_enhance_detection or len(set(passcode)) > 2,  # noqa: PLR2004
        )
        return all(checks)

    def generate(self, mint: Mint) -> str:
        """A passcode which this policy accepts, at least six characters long."""
        for _ in range(1000):
            passcode = mint.passcode(max(self.length, 6), self.only_allow_numeric)
            if self.have_special_character:
                passcode = "@" + passcode[1:]
            if self.accepts(passcode):
                return passcode
        raise ValueError("no passcode fits the policy")

    def check(self, passcode: str) -> None:
        """Raises Refusal 300 where the passcode may not be used.

        Which body Zoom answers to a policy violation is not documented; an error of the field is assumed.
        """
        if (passcode or self.required) and not (passcode and self.accepts(passcode)):
            raise invalid_field("password")


def _has_run(passcode: str, length: int) -> bool:
    """Whether so many characters in a row go up, down or repeat ("1234", "dcba", "1111")."""
    if not length:
        return False
    steps = [ord(right) - ord(left) for left, right in pairwise(passcode)]
    for start in range(len(steps) - length + 2):
        window = steps[start : start + length - 1]
        if len(window) == length - 1 and len(set(window)) == 1 and window[0] in (-1, 0, 1):
            return True
    return False


def make_policy(changes: Mapping[str, Any]) -> Policy:
    """The default policy with changes; raises ValueError or TypeError for a wrong one."""
    default = Policy()
    if not isinstance(changes, Mapping):
        raise TypeError("policy must be an object")
    for name, value in changes.items():
        if name not in Policy.__slots__:
            raise ValueError(f"policy has no {name!r}; it has {', '.join(Policy.__slots__)}")
        if type(value) is not type(getattr(default, name)):
            raise ValueError(f"policy.{name} must be like {getattr(default, name)!r}")
    if changes.get("length", 0) > LONGEST:
        raise ValueError(f"policy.length is at most {LONGEST}")
    return replace(default, **changes)


def make_users(mint: Mint, plan: str, hosts: int, now: float) -> dict[str, User]:
    """`hosts` licensed users and a basic one, by id; on the free plan all are basic.

    The last of several licensed users schedules with his personal meeting id unless told otherwise: there is
    always such a user (https://github.com/indico/indico-plugins, vc_zoom 3.3.6), so a client has to say what it
    wants.
    """
    users: dict[str, User] = {}
    for number in range(1, hosts + 2):
        licensed = number <= hosts
        first, last = _PEOPLE[(number - 1) % len(_PEOPLE)]
        user = User(
            id=mint.text("user", 22),
            email=f"host{number}@example.org" if licensed else "basic@example.org",
            first_name=first if licensed else "Basil",
            last_name=last if licensed else "Basic",
            type=LICENSED if licensed and plan != "free" else BASIC,
            pmi=mint.number("pmi", 10, first=5),
            created_at=float(int(now) - 400 * DAY + number * 60),
            use_pmi=licensed and hosts > 1 and number == hosts,
        )
        users[user.id] = user
    return users
