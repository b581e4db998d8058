"""What is asked of Zoom of one meeting: each thing once, however many sessions are held in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from zoom_sync.domain.meeting import Link
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.report import Collected, Instance, RawReport, Report
from zoom_sync.errors import Expired, NotFound, Refused, ZoomError
from zoom_sync.service_layer.collect.definitions import definitions_for
from zoom_sync.service_layer.collect.kinds import KEPT_AT_LEAST, NOTHING, PARTICIPANTS, REPORTS_KEPT, ReportKind
from zoom_sync.service_layer.collect.needs import Collecting

KEPT_NO_LONGER = Phrase("Zoom keeps such reports for a year")
NO_REPORT = Phrase("Zoom lists this meeting as held, but has no report of it yet")


@dataclass(slots=True)
class Asked:
    """What was asked of one meeting at one time, and answered.

    `kept`: whether rows were stored, so that they have to be merged. `noted` are states that are still to be stored.
    """

    collecting: Collecting
    event: str
    link: Link
    now: datetime
    kept: bool = False
    noted: list[Collected] = field(default_factory=list)
    _instances: Sequence[Instance] | None = None
    _fetched: dict[tuple[str, str], Report] = field(default_factory=dict)
    _kept: dict[tuple[str, str, str], Report] = field(default_factory=dict)
    _defined: dict[str, RawReport | None] = field(default_factory=dict)
    _running: bool | None = None

    @property
    def delay(self) -> timedelta:
        return self.collecting.delay

    def instances(self) -> Sequence[Instance]:
        """When the meeting was held. Raises ZoomError."""
        if self._instances is None:
            self._instances = self.collecting.reader.instances(self.link.meeting_id, self.link.kind)
        return self._instances

    def report(self, kind: ReportKind, instance: Instance, kept_by: str) -> Report:
        """A report as it is kept by the key `kept_by`. Raises ZoomError; what Zoom keeps no longer is not asked for."""
        which = kind.name, instance.uuid
        place = *which, kept_by
        if kind.of_instance and instance.dated and self.now - instance.start > REPORTS_KEPT:
            raise Expired(KEPT_NO_LONGER)
        if which not in self._fetched:
            self._fetched[which] = self._fetch(kind, instance)
        if place not in self._kept:
            self._kept[place] = self._keep(kind, instance, self._fetched[which], kept_by)
            self._keep_definitions(kind, instance, kept_by)
        return self._kept[place]

    def names_nobody(self, instance: Instance, kept_by: str) -> bool:
        """Whether the participants of an instance were asked for this time, and there is none."""
        report = self._kept.get((PARTICIPANTS, instance.uuid, kept_by))
        return report is not None and not report.rows

    def _fetch(self, kind: ReportKind, instance: Instance) -> Report:
        """What Zoom answers. That it keeps a report no longer is believed of one that is old enough for it."""
        try:
            return kind.fetch(self.collecting.reader, self.link, instance, self.now)
        except Expired as error:
            if not kind.of_instance or (instance.dated and self.now - instance.start > KEPT_AT_LEAST):
                raise
            raise Refused(error.message, status=error.status, code=error.code) from None
        except NotFound as error:
            raise Refused(NO_REPORT, status=error.status, code=error.code) from None

    def _keep(self, kind: ReportKind, instance: Instance, report: Report, kept_by: str) -> Report:
        """Store the rows; answers those that are kept, which are others where Zoom told more rows before."""
        reports = self.collecting.reports
        if reports.keep(self.event, kept_by, RawReport(kind.name, instance, report.rows), self.now):
            self.kept = True
            return report
        stored = reports.raw(self.event, kept_by, kind.name)
        return next(
            (
                Report(raw_report.rows, report.total)
                for raw_report in stored
                if raw_report.instance.uuid == instance.uuid
            ),
            NOTHING,
        )

    def _keep_definitions(self, kind: ReportKind, instance: Instance, kept_by: str) -> None:
        """Beside answers, how their questions are defined: of the meeting, and so once for all its instances."""
        if not self._kept[kind.name, instance.uuid, kept_by].rows:
            return
        if kind.name not in self._defined:
            self._defined[kind.name] = definitions_for(kind.name, self.collecting.reader, self.link, instance)
        definitions = self._defined[kind.name]
        if definitions is not None:
            self.collecting.reports.keep(self.event, kept_by, definitions, self.now)

    def is_running(self) -> bool:
        """Whether people are in the meeting now, as far as can be known."""
        if self._running is None:
            self._running = self._ask_whether_running()
        return self._running

    def _ask_whether_running(self) -> bool:
        try:
            return self.collecting.reader.meeting(self.link.meeting_id, self.link.kind).running
        except NotFound:
            return False
        except ZoomError:
            return True  # not known: it is asked again
