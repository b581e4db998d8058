"""The reference is what the code says, and every command tells how it is used."""

import shlex


def test_the_reference_is_what_the_code_says(generator):
    assert generator.stale() == [], "`make docs` writes it"


def test_every_command_stands_in_the_reference(generator, root):
    told = (root / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    missing = [words for words in generator.commands() if f"\n## zoom-sync {words}\n" not in told]
    assert missing == []


def test_every_command_of_the_contract_is_there(generator):
    promised = {
        "demo", "check", "load", "plan", "apply", "status", "adopt", "collect", "report attendance", "report questions",
        "publish", "worker", "beat", "web", "doctor", "simulator",
    }  # fmt: skip
    assert promised <= set(generator.commands())


def test_every_commands_help_has_an_example_that_it_understands(generator):
    commands = generator.commands()
    wrong = {words: why for words, command in commands.items() if (why := _wrong_example(words, command))}
    assert wrong == {}


def _wrong_example(words, command):
    lines = [line.strip() for line in command.help.splitlines() if line.strip().startswith("Example:")]
    if not lines:
        return "no example"
    told = shlex.split(lines[0].removeprefix("Example:"))
    expected = ["zoom-sync", *words.split()]
    if told[: len(expected)] != expected:
        return f"the example is of another command: {lines[0]}"
    try:
        command.make_context(words, told[len(expected) :])
    except Exception as error:  # noqa: BLE001 - whatever the parser raises
        return f"{lines[0]}: {error}"
    return ""


def test_a_page_that_says_something_else_is_stale(generator, monkeypatch):
    monkeypatch.setitem(generator.PAGES, "exit-codes.md", lambda: "something else")
    assert "docs/reference/exit-codes.md" in generator.stale()


def test_a_page_that_nobody_writes_any_more_is_stale(generator, monkeypatch):
    monkeypatch.delitem(generator.PAGES, "simulator.md")
    assert "docs/reference/simulator.md" in generator.stale()


def test_every_setting_stands_in_the_reference(root):
    from zoom_sync.settings import variables

    told = (root / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert [name for name in variables() if f"`{name}`" not in told] == []
