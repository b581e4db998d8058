"""What is wrong with written settings, each flaw with the path at which it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from zoom_sync.domain.profiles.catalogue import CATALOGUE, Setting, is_object

Path = tuple[str | int, ...]
Flaw = tuple[Path, str]

_WORDS = {
    "flag": "true or false",
    "text": "a text; put it in quotes",
    "whole": "a whole number",
    "texts": "a list of texts",
    "list": "a list",
}


def setting_flaws(values: Mapping[str, Any], path: Path = (), below: str = "") -> Iterator[Flaw]:
    """Everything that Zoom would not take, or take without a word and do nothing; `below` is where `told` belongs."""
    for name, value in values.items():
        here, full = (*path, name), f"{below}{name}"
        setting = CATALOGUE.get(full)
        if setting is not None:
            yield from _value_flaws(setting, value, here)
        elif not is_object(full):
            yield here, f"Zoom knows no setting {name!r}{_meant(str(name), below)}"
        elif isinstance(value, Mapping):
            yield from setting_flaws(value, here, f"{full}.")
        else:
            yield here, f"`{name}` must be a mapping: lines of the form `name: value`, indented"


def _value_flaws(setting: Setting, value: Any, here: Path) -> Iterator[Flaw]:
    if not _fits(setting, value):
        choices = ", ".join(str(choice) for choice in setting.choices)
        yield here, f"`{here[-1]}` must be {f'one of: {choices}' if choices else _WORDS[setting.type]}"
    elif setting.path == "use_pmi" and value is True:
        yield here, "`use_pmi` is always false: the published link would be the host's personal one"
    elif setting.type == "list":
        for number, entry in enumerate(value):
            if isinstance(entry, Mapping):
                yield from setting_flaws(entry, (*here, number), f"{setting.path}[].")
            else:
                yield (*here, number), f"an entry of `{here[-1]}` must be a mapping"


def _fits(setting: Setting, value: Any) -> bool:
    if setting.choices:
        return any(type(choice) is type(value) and choice == value for choice in setting.choices)
    if setting.type == "texts":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    kind = {"flag": bool, "text": str, "whole": int, "list": list}[setting.type]
    return type(value) is kind


def _meant(name: str, below: str) -> str:
    """The name that was meant, if one is like it: at this place, or anywhere."""
    places = {path.removeprefix(below).split(".")[0].removesuffix("[]") for path in CATALOGUE if path.startswith(below)}
    close = get_close_matches(name, sorted(places), 1)
    if close:
        return f"; did you mean `{close[0]}`?"
    others = [path for path in sorted(CATALOGUE) if "[]" not in path and path.rpartition(".")[2] == name]
    if len(others) != 1:
        return ""
    *parents, leaf = others[0].split(".")
    return (
        f"; did you mean `{leaf}` below `{'.'.join(parents)}`?" if parents else f"; it stands outside of `{below[:-1]}`"
    )
