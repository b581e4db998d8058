"""`check`, `load` and `doctor` know what `plan` would say of the configuration; `apply` tells whether all is done."""


def programme(line, session="", *more):
    file = line.folder / "p.yaml"
    file.write_text(
        "event: {key: coast, title: Coast, timezone: UTC}\nsessions:\n"
        f"- {{key: one, title: One, start: 2023-11-06T20:30, duration: 90{session}}}\n"
        + "".join(
            f"- {{key: more-{n}, title: M{n}, start: 2023-11-0{7 + n}T20:30, duration: 90{told}}}\n"
            for n, told in enumerate(more)
        )
    )
    return str(file)


def config(line, **files):
    folder = line.folder / "config"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)


def test_an_unknown_profile_or_host_is_told_with_its_line_when_the_programme_is_read(bare):
    config(bare, profiles="profiles: {public-seminar: {}, internal: {}}", hosts="hosts: [{user: ann@example.org}]")
    file = programme(bare, ", profile: public-seminars", ", host: bob@example.org")
    told = bare.json("check", file, code=1)["problems"]
    assert [one["line"] for one in told] == [3, 4]
    assert "did you mean `public-seminar`?" in told[0]["message"]
    assert "'bob@example.org', who is not in hosts.yaml" in told[1]["message"]
    said = bare.err("load", file, code=1)
    assert f"{file}:3: session 'one' names profile 'public-seminars'" in said
    assert "nothing was changed" in said
    bare.run("check", programme(bare, ", profile: internal, host: Ann@example.org"))


def test_a_profile_is_unknown_where_there_is_no_config_folder(bare):
    assert (
        "there is no config/profiles.yaml"
        in bare.json("check", programme(bare, ", profile: x"), code=1)["problems"][0]["message"]
    )


def test_an_unknown_setting_of_a_profile_is_told_with_its_line(bare):
    config(bare, profiles="profiles:\n  public-seminar:\n    waiting_rom: true\n")
    (problem,) = bare.json("check", programme(bare), code=1)["problems"]
    assert (problem["line"], "waiting_rom" in problem["message"]) == (3, True)
    assert "config/profiles.yaml:3" in bare.err("load", programme(bare), code=1)


def test_a_config_folder_that_is_not_there_is_told_by_check_load_and_doctor(line):
    elsewhere = {"ZOOM_SYNC_CONFIG": "elsewhere"}
    for command in (["check", programme(line)], ["load", programme(line)], ["doctor"]):
        assert "elsewhere, but there is no such folder" in line.err(*command, code=2, env=elsewhere)
    said = line.out("doctor")
    assert "note config folder: there is no folder config" in said
    config(line)
    assert "ok   settings: config folder config, plan pro" in line.out("doctor")


def test_apply_tells_a_script_whether_something_is_left(line):
    line.run("load", programme(line, "", ""))
    line.run("apply", "--yes", code=0)
    line.run("apply", "--yes", code=0)
    line.run("load", programme(line))
    said = line.out("apply", "--yes", code=3)
    assert "held back: delete more-0" in said
    line.run("apply", "--yes", "--allow-delete", code=0)


def test_what_waits_for_a_person_is_told_first_though_nobody_is_mailed(line):
    line.run("load", programme(line, "", "", ""))
    line.run("apply", "--yes")
    line.run("load", programme(line))
    line.run("apply", "--yes", code=3)
    said = line.out("status")
    assert said.splitlines()[0].startswith("! waits for you: held back delete more-0")
    assert "--allow-delete" in said.splitlines()[0]
    waiting = line.json("status")["waiting"]
    assert [(one["kind"], one["session"]) for one in waiting] == [("held_back", "more-0"), ("held_back", "more-1")]
    assert "more-0" in line.out("notify")
    line.run("apply", "--yes", "--allow-delete")
    assert line.json("status")["waiting"] == []
