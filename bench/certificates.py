"""Certificates of many people: who is entitled, released, drawn and packed; time and memory of each.

    python bench/certificates.py --people 2000

Needs the extra `certificates`. Names are of five scripts in turn.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from zoom_sync.adapters.exports.certificates.drawing import write_archive
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.attendance import Attendee, Certainty, Role
from zoom_sync.domain.certificates.rules import CertificateRules, Credits, Enough
from zoom_sync.domain.programme import Event, Programme, Session
from zoom_sync.domain.report import Collected, ReportState
from zoom_sync.service_layer.certificates import drafts_of, release, valid_certificates
from zoom_sync.settings import Settings

NAMES = ("Ann-Marie Lee", "王伟", "محمد الأمين", "Иван Петров", "प्रिया शर्मा")
START = datetime(2023, 11, 6, 12, 30, tzinfo=UTC)
EVENT, KEY = "bench", "session-1"


def attendee(number: int) -> Attendee:
    begin = int(START.timestamp())
    minutes = 90 - number % 4 * 5
    mail = f"p{number}@example.org"
    return Attendee(
        f"email:{mail}", f"{NAMES[number % len(NAMES)]} {number}", mail, START, START + timedelta(minutes=minutes),
        minutes * 60, minutes * 60, 0, 0, minutes / 90, 1, 1, Certainty.EMAIL, Role.AUDIENCE, False, "",
        ((begin, begin + minutes * 60),), emails=(mail,),
    )  # fmt: skip


def filled(folder: Path, people: int) -> Parts:
    settings = {"DATABASE_URL": f"sqlite:///{folder}/bench.db", "ZOOM_SYNC_CONFIG": folder}
    parts = Parts(Settings(_env_file=None, **settings))
    rules = CertificateRules(enough=Enough(share=75), credits=Credits("CPD hours"))
    event = Event(EVENT, "International Seminar on Learning from Urban Innovation", "Asia/Shanghai", certificates=rules)
    session = Session(KEY, "Making our cities safe", START, START + timedelta(minutes=90), "Asia/Shanghai")
    parts.programmes.save(Programme(event, (session,)), START)
    parts.reports.set_attendance(EVENT, KEY, (attendee(number) for number in range(people)))
    done = Collected(KEY, "participants", ReportState.COMPLETE, people, people, "", START)
    parts.reports.note(EVENT, done)
    return parts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2000)
    people = parser.parse_args().people
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts = filled(folder, people)
        certifying = replace(parts.certifying("bench"), now=lambda: datetime.now(UTC))
        archive = folder / "certificates.zip"

        def packed() -> None:
            with archive.open("wb") as out:
                write_archive(parts.drawing(), valid_certificates(certifying, EVENT), "Asia/Shanghai", out)

        steps = {
            "who is entitled, and why": lambda: drafts_of(certifying, EVENT),
            "released": lambda: release(certifying, EVENT),
            "drawn and packed": packed,
        }
        print(f"{people:,} people | CPU s | wall s | peak MB\n---|---|---|---")
        for title, step in steps.items():
            cpu, wall = time.process_time(), time.perf_counter()
            step()
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{title} | {time.process_time() - cpu:.1f} | {time.perf_counter() - wall:.1f} | {peak:.0f}")
        count = len(parts.certificates.of(EVENT))
        print(f"\n{count:,} certificates, {archive.stat().st_size / 1e6:.1f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
