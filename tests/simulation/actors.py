"""Who else acts in a story: staff on Zoom's portal, the account's own rules, hosts who leave, other programs.

An actor does one thing to the world and notes in the scene what it has spoiled by it. It answers whether it could act.
`standing` ones may be left hostile for ever in the second phase of a story.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from simulation.scene import OTHER_EVENT, Scene
from zoom_sync.adapters.store.programmes import Programmes
from zoom_sync.domain.programme import Event, KnownMeeting, Programme

Act = Callable[[Scene, str], bool]
LOCKS = (("settings.mute_upon_entry", False), ("settings.waiting_room", True), ("settings.join_before_host", True))


@dataclass(frozen=True)
class Actor:
    """A name, what it does, and whether it may go on for ever."""

    name: str
    act: Act
    standing: bool = False


def lock_setting(scene: Scene, me: str) -> bool:
    """The account, a host's group or a meeting's template decides about a setting."""
    name, value = scene.rng.choice(LOCKS)
    where = scene.rng.choice(["account", "host", "meeting"])
    link = scene.some_link()
    if where == "meeting" and link is not None:
        scene.twist(me, what="lock", field=name, value=value, meeting=int(link.meeting_id))
        scene.spoil(link.key, name)
        return True
    host = {"host": scene.rng.choice(scene.hosts()).id} if where == "host" and scene.hosts() else {}
    scene.twist(me, what="lock", field=name, value=value, **host)
    scene.everywhere.add(name)
    return True


def rename_zone(scene: Scene, me: str) -> bool:
    """Zoom knows the zone by another name, or keeps another one."""
    name = scene.rng.choice(["Asia/Chongqing", "PRC", "Asia/Singapore"])
    scene.twist(me, what="alias", **{"from": "Asia/Shanghai", "to": name})
    scene.everywhere.add("timezone")
    return True


def drop_characters(scene: Scene, me: str) -> bool:
    """Zoom does not keep some characters of a text, or cuts it."""
    name = scene.rng.choice(["topic", "agenda"])
    if scene.rng.random() < 0.5:
        scene.twist(me, what="drop", field=name, characters=scene.rng.choice(["e", "t", "1,"]))
    else:
        scene.twist(me, what="truncate", field=name, length=scene.rng.choice([3, 12]))
    scene.everywhere.add(name)
    return True


def hide_field(scene: Scene, me: str) -> bool:
    """An answer lacks a field, or has null there."""
    name = scene.rng.choice(["settings.email_in_attendee_report", "settings.auto_recording", "agenda"])
    for operation in ("meeting", "webinar", "meetingCreate", "webinarCreate"):
        scene.twist(me, what=scene.rng.choice(["omit", "null"]), operation=operation, field=name)
    scene.everywhere.add(name)
    return True


def refuse_field(scene: Scene, me: str) -> bool:
    """Zoom refuses a field: by name, or only in its message."""
    name = scene.rng.choice(["settings.email_in_attendee_report", "settings.auto_recording"])
    scene.twist(me, what="refuse_field", field=name, only_in_message=scene.rng.random() < 0.3)
    scene.everywhere.add(name)
    return True


def force_passcode(scene: Scene, me: str) -> bool:
    """Zoom makes its own passcodes, whatever is sent."""
    scene.twist(me, what="force_passcode")
    scene.everywhere.add("password")
    return True


def move_links(scene: Scene, me: str) -> bool:
    """The account gets an address of its own, or takes passcodes out of links."""
    site = scene.rng.choice(["", "https://city.example"])
    scene.twist(me, what="links", site=site, embed=bool(site) and scene.rng.random() < 0.5)
    scene.links_moved = True
    return True


def convert(scene: Scene, me: str) -> bool:
    """A meeting becomes a webinar, or the other way."""
    link = scene.some_link()
    if link is None:
        return False
    scene.world.control(f"meetings/{link.meeting_id}/convert", {})
    scene.world.released.add(link.key)
    scene.spoil(link.key)
    return True


def move_host(scene: Scene, me: str) -> bool:
    """A meeting is moved to another host."""
    link, hosts = scene.some_link(), scene.hosts()
    if link is None or len(hosts) < 2:
        return False
    other = scene.rng.choice([user for user in hosts if user.id != link.host_id])
    scene.world.control(f"meetings/{link.meeting_id}/move", {"host": other.id})
    return True


def _leave(scene: Scene, *, transfer: bool) -> bool:
    hosts = scene.hosts()
    if len(hosts) < 3:
        return False
    leaving, heir = scene.rng.sample(hosts, 2)
    scene.world.control(f"users/{leaving.id}/leave", {"transfer_to": heir.id} if transfer else {})
    for key, link in scene.links().items():
        if link.host_id == leaving.id and not transfer:
            scene.world.released.add(key)
            scene.spoil(key)
    return True


def host_leaves(scene: Scene, me: str) -> bool:
    """A host leaves, and his meetings with him."""
    return _leave(scene, transfer=False)


def host_hands_over(scene: Scene, me: str) -> bool:
    """A host leaves, and another one gets his meetings."""
    return _leave(scene, transfer=True)


def become_basic(scene: Scene, me: str) -> bool:
    """A host loses his licence, and with it his webinars: those are not expected any more."""
    hosts = scene.hosts()
    if len(hosts) < 3:
        return False
    loser = scene.rng.choice(hosts)
    scene.world.control(f"users/{loser.id}", {"type": 1}, "PATCH")
    _lose_webinars_of(scene, loser.id)
    return True


def _lose_webinars_of(scene: Scene, host_id: str) -> None:
    """Zoom lets nobody read a webinar whose host has no licence for any."""
    for key, link in scene.links().items():
        if link.host_id == host_id and str(link.kind) == "webinar":
            scene.spoil(key)


def lose_webinars(scene: Scene, me: str) -> bool:
    """A host loses his webinar licence; what he has of webinars is not expected any more."""
    hosts = [user for user in scene.hosts() if user.webinar is None]
    if not hosts or not scene.world.simulator.world.options.webinars:
        return False
    loser = scene.rng.choice(hosts)
    scene.world.control(f"users/{loser.id}", {"webinar": False}, "PATCH")
    _lose_webinars_of(scene, loser.id)
    return True


def register_people(scene: Scene, me: str) -> bool:
    """Staff switch registration on, and people register."""
    link = scene.some_link()
    if link is None:
        return False
    scene.edit(link.meeting_id, {"settings": {"approval_type": scene.rng.choice([0, 1])}})
    scene.world.control(f"meetings/{link.meeting_id}/register", {"count": scene.rng.choice([1, 20])})
    scene.spoil(link.key, "settings.approval_type")
    return True


def add_alternative_host(scene: Scene, me: str) -> bool:
    """The programme names an alternative host, and staff add another one."""
    link, hosts = scene.some_link(), scene.hosts()
    if link is None or len(hosts) < 2 or link.key not in scene.world.sessions:
        return False
    ours, added = scene.rng.sample(hosts, 2)
    session = scene.world.sessions[link.key]
    settings = {**session.settings, "alternative_hosts": ours.email}
    scene.world.sessions[link.key] = replace(session, settings=settings)
    scene.edit(link.meeting_id, {"settings": {"alternative_hosts": f"{ours.email};{added.email}"}})
    scene.theirs.setdefault(int(link.meeting_id), set()).add(added.email)
    scene.spoil(link.key, "settings.alternative_hosts")
    return True


def edit_by_hand(scene: Scene, me: str) -> bool:
    """Staff edit a meeting; by the policy of these stories it is put back."""
    link = scene.some_link()
    if link is None:
        return False
    number = scene.rng.randrange(100)
    fields = [{"topic": f"By hand {number}"}, {"duration": 33}, {"agenda": f"By hand {number}"}]
    if str(link.kind) == "meeting":
        fields.append({"settings": {"mute_upon_entry": False, "waiting_room": True}})
    scene.edit(link.meeting_id, scene.rng.choice(fields))
    return True


def edit_both(scene: Scene, me: str) -> bool:
    """Staff and the organiser change the same field."""
    link = scene.some_link()
    if link is None or link.key not in scene.world.sessions:
        return False
    scene.edit(link.meeting_id, {"topic": "By hand"})
    retitled = f"Retitled {scene.rng.randrange(100)}"
    scene.world.sessions[link.key] = replace(scene.world.sessions[link.key], title=retitled)
    return True


def delete_by_hand(scene: Scene, me: str) -> bool:
    """Staff delete a meeting; by the policy of the last phase a new one is made."""
    link = scene.some_link()
    if link is None:
        return False
    scene.world.control(f"meetings/{link.meeting_id}", method="DELETE")
    scene.world.released.add(link.key)
    return True


def change_opinion(scene: Scene, me: str) -> bool:
    """The organiser begins to have an opinion of a setting, or has none any more."""
    if not scene.world.sessions:
        return False
    having = [key for key, one in sorted(scene.world.sessions.items()) if "close_registration" in one.settings]
    withdraws = having and scene.rng.random() < 0.7
    key = scene.rng.choice(having if withdraws else sorted(scene.world.sessions))
    session = scene.world.sessions[key]
    settings = {name: value for name, value in session.settings.items() if name != "close_registration"}
    if settings == session.settings:
        settings["close_registration"] = scene.rng.random() < 0.5
    scene.world.sessions[key] = replace(session, settings=settings)
    return True


def make_series(scene: Scene, me: str) -> bool:
    """A colleague has a weekly series on one of the hosts."""
    start = f"{scene.new_start():%Y-%m-%dT%H:%M:%SZ}"
    scene.world.control("series", {"host": scene.rng.choice(scene.hosts()).id, "start_time": start, "topic": "Weekly"})
    return True


def adopt_series(scene: Scene, me: str) -> bool:
    """The programme names a colleague's weekly series for one evening."""
    make_series(scene, me)
    series = max(scene.living(), key=lambda one: one.created_at if one.is_series else 0.0)
    session = replace(scene.new_session(), known=KnownMeeting(str(series.id)))
    scene.world.sessions[session.key] = session
    scene.world.adopted.add(str(series.id))
    scene.spoil(session.key)
    return True


def make_webinar(scene: Scene, me: str) -> bool:
    """A colleague has a webinar on one of the hosts."""
    if not scene.world.simulator.world.options.webinars:
        return False
    start = f"{scene.new_start():%Y-%m-%dT%H:%M:%SZ}"
    body = {"host": scene.rng.choice(scene.hosts()).id, "start_time": start, "duration": 90, "topic": "Theirs"}
    scene.world.control("webinars", body)
    return True


def second_event(scene: Scene, me: str) -> bool:
    """Another event of the same store is planned on the same hosts."""
    scene.other_sessions.append(scene.new_session("o"))
    programme = Programme(Event(OTHER_EVENT, "Another event", "Asia/Shanghai"), tuple(scene.other_sessions))
    Programmes(scene.world.database).save(programme, scene.world.clock.now())
    return True


def second_program(scene: Scene, me: str) -> bool:
    """Another program rewrites a field whenever we have written it."""
    link = scene.some_link()
    if link is None or str(link.kind) == "webinar":
        return False
    name, fields = scene.rng.choice(
        [
            ("topic", {"topic": "Theirs"}),
            ("settings.mute_upon_entry", {"settings": {"mute_upon_entry": False}}),
            ("duration", {"duration": 25}),
        ]
    )
    scene.rewrites[link.meeting_id] = fields
    scene.spoil(link.key, name)
    scene.rewrite()
    return True


def spoil_row(scene: Scene, me: str) -> bool:
    """One row of a list cannot be read."""
    link = scene.some_link()
    if link is None:
        return False
    name, value = scene.rng.choice([("start_time", "soon"), ("duration", "long"), ("id", None), ("topic", None)])
    body = {"what": "omit"} if value is None else {"what": "show", "value": value}
    scene.twist(me, operation=f"{link.kind}s", field=name, meeting=int(link.meeting_id), **body)
    scene.spoil(link.key)
    return True


def spoil_user(scene: Scene, me: str) -> bool:
    """One user of the list lacks a field."""
    host = scene.rng.choice(scene.hosts())
    scene.twist(me, what="omit", operation="users", field=scene.rng.choice(["type", "email"]), host=host.id)
    scene.bad_hosts.add(host.id)
    return True


def refuse_meeting(scene: Scene, me: str) -> bool:
    """Zoom does not let us read one meeting, or something before Zoom does not."""
    link = scene.some_link()
    if link is None:
        return False
    refusals = [
        {"status": 400, "code": 3161, "message": "Meeting hosting and scheduling capabilities are not allowed."},
        {"status": 404, "code": 1010, "message": "User does not belong to this account."},
        {"status": 404, "html": True, "message": "Not found"},
        {"status": 200, "code": 200, "message": "No permission."},
    ]
    scene.twist(me, what="refuse", meeting=int(link.meeting_id), **scene.rng.choice(refusals))
    scene.spoil(link.key)
    return True


def refuse_list(scene: Scene, me: str) -> bool:
    """Zoom does not tell the meetings of one host."""
    host = scene.rng.choice(scene.hosts())
    status, code = scene.rng.choice([(400, 3161), (404, 1010), (400, 1120), (200, 200)])
    scene.twist(me, what="refuse", operation="meetings", host=host.id, status=status, code=code, message="No.")
    scene.bad_hosts.add(host.id)
    return True


def shorten_lists(scene: Scene, me: str) -> bool:
    """Lists end early, and say nothing of it."""
    scene.twist(me, what="short_list", operation="meetings", keep=scene.rng.choice([0, 1]))
    return True


def name_room(scene: Scene, me: str) -> bool:
    """The programme names somebody's personal meeting room."""
    room = scene.world.simulator.world.meeting(scene.rng.choice(scene.hosts()).pmi)
    session = replace(scene.new_session(), known=KnownMeeting(str(room.id)))
    scene.world.sessions[session.key] = session
    scene.spoil(session.key)
    return True


def deliver_late(scene: Scene, me: str) -> bool:
    """A creation reaches Zoom long after its sender was cut off."""
    seconds = scene.rng.choice([5.0, 50.0, 90.0])
    scene.world.control("faults", {"kind": "deliver_late", "operation": "meetingCreate", "seconds": seconds})
    return True


def lengthen(scene: Scene, me: str) -> bool:
    """The organiser makes a session longer, or moves it to where others are."""
    if not scene.world.sessions:
        return False
    key = scene.rng.choice(sorted(scene.world.sessions))
    session = scene.world.sessions[key]
    if scene.rng.random() < 0.5:
        session = replace(session, end=session.end + timedelta(minutes=scene.rng.choice([30, 60])))
    else:
        start = scene.new_start()
        session = replace(session, start=start, end=start + (session.end - session.start))
    scene.world.sessions[key] = session
    return True


_STANDING = (
    lock_setting, rename_zone, drop_characters, hide_field, refuse_field, force_passcode, move_links, second_program,
    spoil_row, spoil_user, refuse_meeting, refuse_list, shorten_lists,
)  # fmt: skip
_ONCE = (
    convert, move_host, host_leaves, host_hands_over, become_basic, lose_webinars, register_people,
    add_alternative_host, edit_by_hand, edit_both, delete_by_hand, change_opinion, make_series, adopt_series, make_webinar, second_event, name_room, deliver_late, lengthen,
)  # fmt: skip
ACTORS: dict[str, Actor] = {
    act.__name__: Actor(act.__name__, act, standing) for acts, standing in ((_STANDING, True), (_ONCE, False)) for act in acts
}  # fmt: skip
