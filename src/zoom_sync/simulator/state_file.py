"""A simulator's state as a JSON file, so that a restarted one goes on where it was.

Page tokens, windows of a second, faults and the journal are not kept: they belong to one run.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from operator import attrgetter
from pathlib import Path
from typing import Any

from .account import Policy, User
from .core import Simulator
from .messages import Request
from .mint import Mint
from .tokens import Credentials, Token
from .world import Instance, Meeting, Options, Stay, World

_VERSION = 1
_STAY = attrgetter(*Stay.__slots__)


def save_state(simulator: Simulator, path: Path) -> int:
    """Writes the state in one step (a reader sees the old file or the new one); answers the revision saved."""
    with simulator.locked():
        revision, text = simulator.revision, json.dumps(dump(simulator.world), ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    # Whatever the umask: it holds passcodes and people, and may be made of a real programme.
    with os.fdopen(os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    beside.replace(path)
    return revision


def load_state(simulator: Simulator, path: Path) -> None:
    """Goes on from a file; raises ValueError where it is none of ours."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        world = restore(kept)
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is not a state of a simulator: {error}") from error
    with simulator.locked():
        simulator.renew(world.options, simulator.latency)
        simulator.world = world


def dump(world: World) -> dict[str, Any]:
    """The state of a world as JSON values."""
    return {
        "version": _VERSION,
        "options": asdict(world.options),
        "now": world.clock.now(),
        "mint": world.mint.counters,
        "credentials": asdict(world.credentials),
        "users": [asdict(user) for user in world.users.values()],
        "meetings": [{**asdict(meeting), "row": ""} for meeting in world.meetings.values()],
        "instances": [_dump_instance(instance) for instance in world.instances.values()],
        "tokens": world.tokens.to_json(),
        "limits": world.limits.to_json(),
        "counters": world.counters,
        "twists": world.twists.to_json(),
        "under_way": [_dump_request(due, request) for due, request in world.under_way],
    }


def _dump_instance(instance: Instance) -> dict[str, Any]:
    """Stays as bare rows: there may be hundreds of thousands."""
    shown = {name: getattr(instance, name) for name in Instance.__slots__}
    return {**shown, "stays": [_STAY(stay) for stay in instance.stays]}


def _dump_request(due: float, request: Request) -> dict[str, Any]:
    """A request that is still under way; it is carried out at `due`, in seconds since 1970."""
    headers = dict(request.headers)
    return {
        "due": due,
        "method": request.method,
        "path": request.path,
        "query": dict(request.query),
        "headers": headers,
        "body": request.body.decode("utf-8", "replace"),
    }


def restore(kept: dict[str, Any]) -> World:
    """The world of a dump. The clock goes on from where it stood."""
    if kept["version"] != _VERSION:
        raise ValueError(f"version {kept['version']}")
    options = dict(kept["options"])
    options |= {"policy": Policy(**options["policy"]), "scopes": tuple(options["scopes"])}
    world = World(Options(**options), Credentials(**kept["credentials"]))
    world.clock.set(kept["now"])
    world.users = {user["id"]: User(**user) for user in kept["users"]}
    for meeting in kept["meetings"]:
        world.add(Meeting(**meeting))
    for instance in kept["instances"]:
        stays = [Stay(*stay) for stay in instance["stays"]]
        world.instances[instance["uuid"]] = Instance(**{**instance, "stays": stays})
    tokens = [Token(**{**token, "scopes": tuple(token["scopes"])}) for token in kept["tokens"]]
    world.tokens.restore(tokens)
    counted = kept["limits"]
    world.limits.restore(counted["day"], counted["daily"], counted["writes_by_host"], counted["registrants"])
    world.counters = dict(kept["counters"])
    world.twists.restore(kept.get("twists", ()))
    world.under_way = [
        (row["due"], Request(row["method"], row["path"], row["query"], row["headers"], row["body"].encode()))
        for row in kept.get("under_way", ())
    ]
    _continue(world.mint, kept["mint"])
    return world


def _continue(mint: Mint, counters: dict[str, int]) -> None:
    mint.counters.clear()
    mint.counters.update(counters)
