"""Recordings on the command line: listed by session when they are ready, fetched once, and killed in between."""

import hashlib

PROGRAMME = """\
event: {key: forum, title: Open Coast Forum, timezone: Europe/Lisbon}
sessions:
  - {key: opening, title: Opening, start: 2023-11-06T10:00, duration: 60}
  - {key: quiet, title: Quiet, start: 2023-11-06T12:00, duration: 60, record: false}
"""


def test_what_is_ready_is_listed_and_fetched_once_and_what_broke_off_is_gone_on_with(line):
    source = line.folder / "forum.yaml"
    source.write_text(PROGRAMME, encoding="utf-8")
    line.run("load", source)
    line.run("apply", "--yes")
    for session in line.json("status")["sessions"]:
        line.control("POST", f"meetings/{session['meeting_id']}/run", {"audience": 5, "recording": 200_000})
    line.run("collect")
    line.control("POST", "clock", {"advance": 4 * 3600})

    ready = line.json("recordings", "list")["recordings"]
    assert [(file["session"], file["kind"]) for file in ready] == [
        ("opening", "shared_screen_with_speaker_view"),
        ("opening", "audio_only"),
        ("opening", "audio_transcript"),
    ]
    fetch = ("recordings", "fetch", "--to", line.folder / "kept", "--keep-free", "0")
    assert "3 files fetched" in line.out(*fetch)
    video = line.folder / "kept" / ready[0]["name"]
    whole = video.read_bytes()
    assert len(whole) == 200_000
    assert (video.parent / ready[2]["name"]).read_text(encoding="utf-8").startswith("WEBVTT")

    # As a process leaves it that was killed: over HTTP only the rest is asked for, and it fits.
    video.unlink()
    (video.parent / f".{video.name}.part").write_bytes(whole[:150_000])
    assert "1 file fetched" in line.out(*fetch)
    assert hashlib.sha256(video.read_bytes()).digest() == hashlib.sha256(whole).digest()
