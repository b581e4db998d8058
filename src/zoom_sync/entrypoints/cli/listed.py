"""Commands whose help lists the formats there are. They are looked up when it is shown: their packages take a while."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from typer.core import TyperCommand

# What stands in an option's help or metavar where the formats will.
SOURCE_FORMATS, REPORT_FORMATS, ANNOUNCEMENT_FORMATS = "SOURCE-FORMATS", "REPORT-FORMATS", "ANNOUNCEMENT-FORMATS"


class ListsFormats(TyperCommand):
    """A command with such options."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        for param in self.params:
            for place in (SOURCE_FORMATS, REPORT_FORMATS, ANNOUNCEMENT_FORMATS):
                value = getattr(param, "help", None)
                if value and place in value:
                    param.help = value.replace(place, ", ".join(_names(place)))  # type: ignore[attr-defined]
                if param.metavar == place:
                    param.metavar = "|".join(_names(place))
        super().format_help(ctx, formatter)


def _names(place: str) -> Iterable[str]:
    if place == SOURCE_FORMATS:
        from zoom_sync.adapters.sources import FORMATS

        return [each.name for each in FORMATS]
    if place == REPORT_FORMATS:
        from zoom_sync.adapters.exports.writing import WRITERS

        return list(WRITERS)
    from zoom_sync.adapters.exports.announcement import ANNOUNCEMENT_WRITERS

    return list(ANNOUNCEMENT_WRITERS)
