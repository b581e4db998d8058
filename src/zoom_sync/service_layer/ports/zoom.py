"""Zoom: its clock, reading it, writing it, registering people. What is only given a reader cannot write."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from zoom_sync.domain.directing import StartLink
from zoom_sync.domain.hosts import Host
from zoom_sync.domain.hosts.checking import Licence
from zoom_sync.domain.meeting import Listed, MeetingFields, ObservedMeeting
from zoom_sync.domain.panelists import Panelist
from zoom_sync.domain.passcodes import PasscodePolicy
from zoom_sync.domain.programme import Kind, Passcode
from zoom_sync.domain.registering import Guest, Registrant
from zoom_sync.domain.report import Instance, Report


class Clock(Protocol):
    """Time as a port."""

    def now(self) -> datetime:
        """The time as Zoom's clock has it, as far as it is known; aware, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class ZoomReader(Protocol):
    """Everything that can be asked of Zoom. All methods raise `ZoomError`."""

    def server_time(self) -> datetime:
        """Zoom's clock, by the latest answer; asks for a token if nothing was asked yet."""
        ...

    def users(self) -> Sequence[Host]:
        """The account's active users. `capacity` follows from licence and plan."""
        ...

    def meetings(self, host_id: str, kind: Kind = Kind.MEETING) -> Sequence[ObservedMeeting]:
        """A host's scheduled meetings or webinars, unexpired, as the list shows them."""
        ...

    def webinars(self, host_id: str) -> Listed | None:
        """A host's webinars as `listed` tells them; None where Zoom says that he has no licence for any."""
        ...

    def listed(self, host_id: str, kind: Kind = Kind.MEETING) -> Listed:
        """The same as `meetings`, with how many rows of the list could not be read. Raises ShortList."""
        ...

    def meeting(self, meeting_id: str, kind: Kind = Kind.MEETING) -> ObservedMeeting:
        """One meeting in full. Raises NotFound only where Zoom itself says that there is none of this id."""
        ...

    def instances(self, meeting_id: str, kind: Kind = Kind.MEETING) -> Sequence[Instance]:
        """When the meeting was held; empty where it never was."""
        ...

    def participants(self, instance_uuid: str, kind: Kind = Kind.MEETING) -> Report:
        """The stays at one instance, all pages."""
        ...

    def past_participants(self, instance_uuid: str, kind: Kind = Kind.MEETING) -> Report:
        """The same stays from the other source, which needs no report plan."""
        ...

    def questions(self, instance_uuid: str, kind: Kind = Kind.MEETING) -> Report:
        """The questions of one instance, grouped by asker as Zoom groups them."""
        ...

    def polls(self, instance_uuid: str, kind: Kind = Kind.MEETING) -> Report:
        """The answers to the polls of one instance, grouped by person as Zoom groups them."""
        ...

    def surveys(self, instance_uuid: str, kind: Kind = Kind.MEETING) -> Report:
        """The answers to the survey after one instance, grouped by person."""
        ...

    def poll_definitions(self, meeting_id: str, kind: Kind = Kind.MEETING) -> Report:
        """The polls of a meeting as they are defined, with their questions and the questions' types."""
        ...

    def survey_definition(self, meeting_id: str, kind: Kind = Kind.MEETING) -> Report:
        """The questions of a meeting's survey as they are defined; none where it has no survey of its own."""
        ...

    def registrants(self, meeting_id: str, kind: Kind = Kind.MEETING, status: str = "approved") -> Report:
        """Who registered and has this status: approved, pending or denied."""
        ...

    def count_registrants(self, meeting_id: str, kind: Kind, status: str) -> int:
        """How many registered and have this status, by one call."""
        ...

    def absentees(self, instance_uuid: str) -> Report:
        """Who registered for a webinar and did not come to this instance of it."""
        ...

    def panelists(self, meeting_id: str) -> Report:
        """The panelists of a webinar."""
        ...

    def licence(self, host_id: str) -> Licence:
        """What a user's licence says of webinars."""
        ...

    def passcode_policy(self, host_id: str) -> PasscodePolicy:
        """What is asked of the passcodes of a user's meetings."""
        ...


class ZoomWriter(Protocol):
    """Everything that changes something on Zoom. All methods raise `ZoomError`.

    `before_send` is called each time a request is about to leave, within a second of it; it may raise.
    """

    def create(
        self,
        host_id: str,
        kind: Kind,
        fields: MeetingFields,
        passcode: Passcode,
        before_send: Callable[[], None],
        left_out: Collection[str] = (),
    ) -> ObservedMeeting:
        """Create a meeting, without the fields that are `left_out` (Zoom's names, dotted below `settings`).

        Never sent twice unless Zoom refused it before doing anything.
        """
        ...

    def update(
        self,
        meeting_id: str,
        kind: Kind,
        values: Mapping[str, Any],
        passcode: Passcode | None,
        before_send: Callable[[], None],
    ) -> None:
        """Change the named fields (Zoom's names, dotted below `settings`), and the passcode if one is given."""
        ...

    def delete(self, meeting_id: str, kind: Kind) -> None:
        """Delete a meeting; one that is gone already is no error."""
        ...

    def add_panelists(self, meeting_id: str, people: Sequence[Panelist]) -> None:
        """Put up to 30 people on a webinar's list of panelists. One that cannot be may be the end of them all."""
        ...

    def remove_panelist(self, meeting_id: str, panelist_id: str) -> None:
        """Take one off a webinar's list, by the id that stands there; one who is gone already may be refused."""
        ...


class ZoomDirecting(Protocol):
    """What staff ask for while sessions run. All methods raise `ZoomError`."""

    def start_link(self, meeting_id: str, kind: Kind) -> StartLink:
        """What opens a meeting as its host, with the numbers to dial where the account has them."""
        ...

    def end(self, meeting_id: str, kind: Kind) -> None:
        """End a meeting that runs."""
        ...


class ZoomRegistration(Protocol):
    """Registering people for meetings and webinars. All methods raise `ZoomError`.

    `approved`: at once, where registrants have to be approved. The same e-mail again gives the registrant that is
    there, so repeating what may have been done does no harm.
    """

    def add(self, meeting_id: str, kind: Kind, person: Guest, *, approved: bool) -> Mapping[str, Any]:
        """Register one person; Zoom's answer: `registrant_id`, and `join_url` where nobody has to approve."""
        ...

    def add_many(
        self, meeting_id: str, kind: Kind, people: Sequence[Guest], *, approved: bool
    ) -> Sequence[Mapping[str, Any]]:
        """Register up to 30; an answer for each, with its `email`. One that cannot be may be the end of them all."""
        ...

    def set_status(self, meeting_id: str, kind: Kind, action: str, people: Sequence[Registrant]) -> None:
        """`approve`, `deny` or `cancel` up to 30. What Zoom does not know it passes over in silence."""
        ...
