"""Recordings in Zoom's cloud: listed when they are ready, and downloaded by address, in whole or from a byte on.

No file is kept: what a recording holds follows from its id, so one of many gigabytes costs neither disk nor memory.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote

from .call import Call
from .clock import iso
from .messages import Made, Request, Response, json_response
from .refusals import Refusal, refusal
from .world import Instance, World

DOWNLOADS = "/rec/download/"
SCOPES = ("cloud_recording:read:list_recording_files", "cloud_recording:read:list_recording_files:admin")
CLASSIC = ("recording:read", "phone_recording:read:admin")
_BLOCK = 1 << 16
_FROM = re.compile(r"bytes=(\d+)-")
# How often the recording's own length passes before a file is ready. Assumed: Zoom says "about two times the duration".
_VIDEO_AFTER, _TRANSCRIPT_AFTER = 1, 2


@dataclass(frozen=True, slots=True)
class _File:
    """One file of a recording; `ready` is when it can be downloaded, in seconds since 1970."""

    id: str
    type: str
    extension: str
    kind: str
    size: int
    ready: float
    block: bytes


def _files(world: World, instance: Instance) -> Iterator[_File]:
    """All files that there are or will be. Without a recording, none."""
    if not instance.recording_bytes or instance.end is None:
        return
    length = instance.end - instance.start
    video, late = instance.end + length * _VIDEO_AFTER, instance.end + length * _TRANSCRIPT_AFTER
    words = _transcript(instance)
    for type_, extension, kind, size, ready, block in (
        ("MP4", "MP4", "shared_screen_with_speaker_view", instance.recording_bytes, video, b""),
        ("M4A", "M4A", "audio_only", max(1, instance.recording_bytes // 10), video, b""),
        ("TRANSCRIPT", "VTT", "audio_transcript", len(words), late, words),
    ):
        digest = hashlib.sha256(f"{world.options.seed} {instance.uuid} {kind}".encode())
        content = block or hashlib.shake_256(digest.digest()).digest(_BLOCK)
        yield _File(digest.hexdigest()[:32], type_, extension, kind, size, ready, content)


def _ready(world: World, instance: Instance, now: float) -> list[_File]:
    return [file for file in _files(world, instance) if file.ready <= now]


def _transcript(instance: Instance) -> bytes:
    names = list(dict.fromkeys(stay.name for stay in instance.stays))[:3] or ["Host"]
    cues = [
        f"{number}\n00:00:{number * 10:02}.000 --> 00:00:{number * 10 + 5:02}.000\n{name}: Good evening.\n"
        for number, name in enumerate(names, 1)
    ]
    return "\n".join(["WEBVTT\n", *cues]).encode()


def _no_recording() -> Refusal:
    """3301, of https://developers.zoom.us/docs/api/meetings/#tag/cloud-recording/GET/meetings/{meetingId}/recordings."""
    return refusal(404, 3301, "There is no recording for this meeting.")


def list_files(call: Call) -> Response:
    """GET /meetings/{meetingId}/recordings: the files that are ready, of an instance or of the latest of an id."""
    instance = call.instance
    ready = [] if instance is None else _ready(call.world, instance, call.now)
    if instance is None or not ready:
        raise _no_recording()
    call.host_id = instance.host_id
    until = iso(instance.until)
    rows = [
        {
            "id": file.id,
            "meeting_id": instance.uuid,
            "recording_start": iso(instance.start),
            "recording_end": until,
            "file_type": file.type,
            "file_extension": file.extension,
            "file_size": file.size,
            "download_url": f"{call.base}{DOWNLOADS}{quote(instance.uuid, safe='')}/{file.id}",
            "status": "completed",
            "recording_type": file.kind,
        }
        for file in ready
    ]
    return json_response(
        {
            "uuid": instance.uuid,
            "id": instance.meeting_id,
            "host_id": instance.host_id,
            "topic": instance.topic,
            "type": str(instance.type),
            "start_time": iso(instance.start),
            "duration": int((instance.until - instance.start) // 60),
            "total_size": sum(file.size for file in ready),
            "recording_count": len(rows),
            "recording_files": rows,
        }
    )


def download(world: World, request: Request, now: float) -> Response:
    """A file, or the rest of it from a byte on. Raises Refusal: no token, no such file, a byte that is not there."""
    world.tokens.check(request.header("Authorization"), SCOPES, CLASSIC, now)
    uuid, _, file_id = request.path.removeprefix(DOWNLOADS).partition("/")
    instance = world.instances.get(unquote(uuid))
    ready = [] if instance is None else _ready(world, instance, now)
    file = next((file for file in ready if file.id == file_id), None)
    if request.method != "GET" or file is None:
        raise _no_recording()
    kind = {"Content-Type": "application/octet-stream", "Accept-Ranges": "bytes"}
    asked_for = _FROM.fullmatch(request.header("Range"))
    if asked_for is None:
        return Response(200, kind, made=Made(file.block, 0, file.size))
    start = int(asked_for[1])
    if start >= file.size:
        return Response(416, {"Content-Range": f"bytes */{file.size}"})
    span = {"Content-Range": f"bytes {start}-{file.size - 1}/{file.size}"}
    return Response(206, kind | span, made=Made(file.block, start, file.size))
