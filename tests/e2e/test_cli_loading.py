"""`load` as people run it: it tells the difference, and stores nothing twice under another name."""

import pytest

CSV = "title,start,end\n" + "".join(f"Talk {n},2023-11-0{n} 10:00,2023-11-0{n} 11:00\n" for n in range(3, 8))


def yaml(line, *rows, key="coast", title="Coast"):
    file = line.folder / "coast.yaml"
    sessions = "".join(f"- {{key: {key_}, title: {name}, start: {at}, duration: 60}}\n" for key_, name, at in rows)
    file.write_text(f"event: {{key: {key}, title: {title}, timezone: UTC}}\nsessions:\n{sessions}")
    return str(file)


ROWS = [(f"talk-{n}", f"Talk {n}", f"2023-11-0{n}T10:00") for n in range(3, 8)]


def test_load_tells_the_difference_and_a_dry_run_stores_nothing(bare):
    bare.run("load", yaml(bare, *ROWS))
    moved = [
        *ROWS[:2],
        (*ROWS[2][:2], "2023-11-05T12:30"),
        (ROWS[3][0], "Renamed", ROWS[3][2]),
        ("x", "New", "2023-11-09T09:00"),
    ]
    told = bare.json("load", yaml(bare, *moved), "--dry-run")
    assert {name: count for name, count in told["counts"].items() if count} == {
        "new": 1, "moved": 1, "retitled": 1, "gone": 1, "unchanged": 2,
    }  # fmt: skip
    assert (told["moved"][0]["from"]["start"], told["moved"][0]["to"]["start"]) == (
        "2023-11-05T10:00:00+00:00", "2023-11-05T12:30:00+00:00",
    )  # fmt: skip
    said = bare.out("load", yaml(bare, *moved))
    assert "1 new, 1 moved, 1 retitled, 1 gone, 2 unchanged" in said
    assert "(+2 h 30 min)" in said
    assert "5 unchanged" in bare.out("load", yaml(bare, *moved))


def test_the_same_table_under_another_name_is_no_second_event(bare):
    for name in ("Programme.csv", "Programme v2 final.csv"):
        (bare.folder / name).write_text(CSV)
    bare.run("load", "Programme.csv", "--timezone", "UTC")
    [key] = [bare.json("status")["event"]]
    said = bare.err("load", "Programme v2 final.csv", "--timezone", "UTC", code=2)
    assert f"--event {key}" in said
    assert "--new" in said
    assert "5 unchanged" in bare.out("load", "Programme v2 final.csv", "--timezone", "UTC", "--event", key)
    said = bare.out("load", "Programme v2 final.csv", "--timezone", "UTC", "--new")
    assert "next: zoom-sync plan --event programme-v2-final" in said


def test_a_renamed_key_keeps_its_meeting_when_somebody_names_it(line):
    line.run("load", yaml(line, *ROWS))
    line.run("apply", "--yes")
    before = {one["key"]: one["meeting_id"] for one in line.json("status")["sessions"]}
    renamed = [("keynote", *ROWS[0][1:]), *ROWS[1:]]
    said = line.err("load", yaml(line, *renamed), code=2)
    assert "--rename talk-3=keynote" in said
    line.run("load", yaml(line, *renamed), "--rename", "talk-3=keynote")
    assert {one["key"]: one["meeting_id"] for one in line.json("status")["sessions"]}["keynote"] == before["talk-3"]
    assert line.json("plan")["changes"] == []
    assert len(line.meetings()) == len(ROWS)


@pytest.mark.parametrize("told", ["talk-3", "=x", "talk-3="])
def test_a_rename_that_is_none_is_wrong_usage(bare, told):
    assert "is not OLD=NEW" in bare.err("load", yaml(bare, *ROWS), "--rename", told, code=2)
