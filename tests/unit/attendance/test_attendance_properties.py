"""What holds for every set of rows. Few names, e-mails and ids, so that rows meet in every way they can."""

from collections import Counter, defaultdict
from unittest.mock import patch

from hypothesis import example, given
from hypothesis import strategies as st
from stay_samples import WINDOW, ZERO

from zoom_sync.domain.attendance import Certainty, Flaw, Role, Stay, audience_curve, merge, merging, rows_by_line


def some(*values):
    return st.sampled_from(("", *values))


# A coarse grid, so that stays often touch, and begin and end together.
moments = st.integers(-3, 12).map(lambda tens: ZERO + tens * 600)
stays = st.builds(
    lambda start, length, **rest: Stay(start=start, end=start + length * 600, **rest),
    start=moments,
    length=st.integers(0, 6),
    instance_uuid=st.sampled_from(["one==", "two==", "three=="]),
    name=some("Ann", "ann", "Bo", "Cy"),
    email=some("ann@x.org", "ANN@x.org", "bo@x.org"),
    registrant_id=some("R1", "R2", "R3"),
    participant_id=some("P1", "P2", "R1"),
    user_id=some(*"123456789"),
    waiting=st.booleans(),
    breakout_id=some("b"),
    internal=st.booleans(),
    flaws=st.sampled_from([Flaw.NONE, Flaw.NAIVE_TIME, Flaw.NO_LEAVE | Flaw.ZERO_LENGTH]),
)
reports = st.lists(stays, max_size=9)


def merged(rows):
    return merge(rows, window=WINDOW, hosts=frozenset({"bo@x.org"}))


def own_seconds(rows):
    """The seconds that rows in the meeting cover, counted one minute at a time and in no other way."""
    return 60 * len({minute for row in rows if not row.waiting for minute in range(row.start // 60, row.end // 60)})


@st.composite
def agreeing(draw):
    """A row of one of three people who never borrow anything of one another; each row tells only some of who it is of."""
    row, who = draw(stays), draw(st.sampled_from("ABC"))
    return row._replace(
        name=draw(some(f"Person {who}", f"PERSON  {who}")),
        email=draw(some(f"{who}@x.org", f"{who}@x.org".lower())),
        registrant_id=draw(some(f"R{who}", f"S{who}")),
        participant_id=draw(some(f"P{who}", f"R{who}")),
    )


honest = st.lists(agreeing(), max_size=9)


def people_of(rows):
    """The rows by person, found the slow way: join what shares a sure key until nothing changes, then by name."""
    groups = []
    for row in rows:
        keys = {row.email.casefold(), f"i{row.registrant_id}", f"i{row.participant_id}"} - {"", "i"}
        name = " ".join(row.name.casefold().split())
        keys = keys or {f"n{name}" if name else f"s{row.instance_uuid}{row.user_id or (row.start, row.end)}"}
        near = [group for group in groups if group[0] & keys]
        groups = [group for group in groups if not group[0] & keys]
        groups.append((keys.union(*(group[0] for group in near)), [row, *(one for group in near for one in group[1])]))
    by_name = [(keys, own) for keys, own in groups if min(keys)[0] == "n"]
    sure = [own for keys, own in groups if min(keys)[0] != "n"]
    for _, own in by_name:
        name = " ".join(own[0].name.casefold().split())
        bearers = [
            one for one in sure
            if any(" ".join(row.name.casefold().split()) == name and not is_bare(row) for row in one)
        ]  # fmt: skip
        if len(bearers) == 1 and not any(a.start < b.end and b.start < a.end for a in bearers[0] for b in own):
            bearers[0].extend(own)
        else:
            sure.append(own)
    return sure


def is_bare(row):
    return not (row.email or row.registrant_id or row.participant_id)


@given(reports)
def test_in_no_line_are_two_emails_or_two_names_at_one_time(rows):
    for line in rows_by_line(rows, exact=True).values():
        timed = [(*map(int, told.mark.stay[1:].split("-")), told.mark) for told in line if told.mark.stay[0] == "@"]
        for start, end, one in timed:
            for begun, ended, other in timed:
                if start < ended and begun < end:
                    assert one.email == other.email or not (one.email and other.email)


@given(reports, st.randoms(use_true_random=False))
def test_rows_that_are_split_are_the_same_whatever_their_order(rows, chance):
    def marks(told):
        return {key: [one.mark for one in line] for key, line in rows_by_line(told, exact=True).items()}

    before = marks(rows)
    chance.shuffle(rows)
    assert marks(rows) == before


SAYINGS = (("Ann", "ann@x.org", "R1", "P1"), ("Ann", "ANN@x.org", "R1", "P1"), ("Cy", "", "", ""))
ROOMS = st.sampled_from([{}, {}, {}, {"breakout_id": "b"}, {"waiting": True}])


@st.composite
def plain(draw):
    """Rows of few people, those of each saying the same, and with nothing odd."""
    bare = Stay("one==", 0, 0)
    rows = []
    for row in draw(st.lists(stays, min_size=2, max_size=9)):
        name, email, registrant, account = draw(st.sampled_from(SAYINGS))
        said = {"name": name, "email": email, "registrant_id": registrant, "participant_id": account}
        rows.append(bare._replace(start=row.start, end=row.end, internal=row.internal, **said, **draw(ROOMS)))
    return rows


@example([Stay("one==", *times, "Ann", breakout_id=room) for *times, room in ((0, 9, ""), (5, 12, ""), (20, 25, "b"))])
@given(st.one_of(plain(), plain(), honest))
def test_a_line_of_plain_rows_says_what_it_would_say_if_they_were_odd(rows):
    quick = merged(rows)
    with patch.object(merging._Lines, "_plain", return_value=None):
        assert merged(rows) == quick


@given(reports, st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(rows, chance):
    before = merged(rows)
    chance.shuffle(rows)
    assert merged(rows) == before


@given(reports)
def test_rows_collected_twice_change_nothing(rows):
    assert merged(rows + rows) == merged(rows)


@given(reports)
def test_merging_the_merged_times_changes_nothing(rows):
    once = merged(rows).attendees
    again = merged(
        Stay("again==", start, end, one.name, participant_id=one.key) for one in once for start, end in one.intervals
    ).attendees
    times = {f"participant:{one.key}": (one.intervals, one.seconds, one.share) for one in once if one.intervals}
    assert {one.key: (one.intervals, one.seconds, one.share) for one in again} == times


@given(honest)
def test_each_person_gets_exactly_the_time_that_the_own_rows_cover(rows):
    lines = Counter(one.seconds for one in merged(rows).attendees)
    assert lines == Counter(own_seconds(person) for person in people_of(rows))


@given(reports)
def test_seconds_are_between_the_longest_stay_and_the_span(rows):
    for one in merged(rows).attendees:
        if one.intervals:
            assert one.seconds <= (one.last_leave - one.first_join).total_seconds()
        assert one.seconds == one.seconds_inside + one.seconds_outside
        assert 0 <= one.share <= 1
    longest = max((row.end - row.start for row in rows if not row.waiting), default=0)
    assert max((one.seconds for one in merged(rows).attendees), default=0) >= longest


@given(reports)
def test_each_stay_lies_within_somebodys_time(rows):
    lines = [one.intervals for one in merged(rows).attendees]
    for row in rows:
        if not row.waiting:
            assert any(start <= row.start and row.end <= end for line in lines for start, end in line)


@given(honest)
def test_nobody_is_dropped_and_nobody_made_up(rows):
    attendance = merged(rows)
    assert len(attendance.attendees) == len(people_of(rows))
    assert len({one.key for one in attendance.attendees}) == len(attendance.attendees)
    names = {row.name for row in rows}
    assert {one.name for one in attendance.attendees} <= names
    assert {one.email for one in attendance.attendees} <= {row.email.lower() or None for row in rows} | {None}


@given(honest)
def test_the_parts_by_instance_are_never_less_than_the_whole(rows):
    parts = defaultdict(list)
    for row in rows:
        parts[row.instance_uuid].append(row)
    whole = sum(one.seconds for one in merged(rows).attendees)
    assert sum(one.seconds for part in parts.values() for one in merged(part).attendees) >= whole


@given(reports)
def test_joins_devices_and_intervals_agree(rows):
    for one in merged(rows).attendees:
        assert (one.joins > 0) == (one.devices > 0) == bool(one.intervals)
        assert one.devices <= one.joins
        assert all(before[1] < after[0] for before, after in zip(one.intervals, one.intervals[1:], strict=False))


@given(honest)
def test_the_best_known_thing_decides_how_sure_a_person_is(rows):
    counted = Counter(one.certainty for one in merged(rows).attendees)
    registered = sum(any(row.registrant_id for row in person) for person in people_of(rows))
    assert counted[Certainty.REGISTRANT] == registered


@given(reports)
def test_the_curve_holds_exactly_the_seconds_of_the_people(rows):
    attendance = merged(rows)
    curve = audience_curve(attendance)
    area = sum(
        step.people * (after.at - step.at).total_seconds()
        for step, after in zip(curve.steps, curve.steps[1:], strict=False)
    )
    assert area == sum(one.seconds for one in attendance.attendees)
    assert curve.peak == max((step.people for step in curve.steps), default=0)
    assert all(step.people == 0 for step in curve.steps[-1:])


@given(reports)
def test_the_minutes_never_exceed_the_peak_and_reach_it(rows):
    curve = audience_curve(merged(rows), roles=frozenset({Role.AUDIENCE, Role.STAFF, Role.HOST}))
    if curve.steps:
        minutes = curve.by_minute(curve.steps[0].at, curve.steps[-1].at)
        assert max(minutes) == curve.peak
