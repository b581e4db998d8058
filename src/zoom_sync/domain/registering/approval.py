"""What a session's `registration` asks of its meeting's settings, and what must not stand beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.programme import RegistrationMode

NAME = "approval_type"
# 0: whoever registers is let in, 1: by approval, 2: no registration required.
# https://developers.zoom.us/docs/api/meetings/#tag/meetings/POST/users/{userId}/meetings
ANYBODY, BY_APPROVAL, WITHOUT = 0, 1, 2
# Automatic is not 0: with that, everybody who comes by the registration link has a personal link at once, and neither
# a registrant nor the meeting can be closed to them (https://github.com/indico/indico-plugins/pull/322). With 1,
# `auto_approve` approves those whom we register, and nobody else.
APPROVAL: Mapping[RegistrationMode, int] = {
    RegistrationMode.NONE: WITHOUT,
    RegistrationMode.AUTOMATIC: BY_APPROVAL,
    RegistrationMode.MANUAL: BY_APPROVAL,
}


def approval_settings(mode: RegistrationMode | None) -> dict[str, Any]:
    """The settings that a session's registration decides, whatever its profile says; none where it says nothing."""
    return {} if mode is None else {NAME: APPROVAL[mode]}


def registration_flaw(mode: RegistrationMode | None, settings: Mapping[str, Any]) -> str | None:
    """What is wrong with a registration beside a session's own settings."""
    if mode is None or settings.get(NAME, APPROVAL[mode]) == APPROVAL[mode]:
        return None
    return (
        f"`registration: {mode}` means `approval_type: {APPROVAL[mode]}`, but the session's settings say"
        f" `{settings[NAME]}`: keep one of the two"
    )


def profile_conflict(
    key: str, mode: RegistrationMode | None, profile: str, settings: Mapping[str, Any]
) -> Phrase | None:
    """What is said where a session's registration overrules its profile's own decision.

    A profile without registration (2) decides nothing: to have one is what a session's `registration` is for.
    """
    value = settings.get(NAME, WITHOUT)
    if mode is None or value in (WITHOUT, APPROVAL[mode]):
        return None
    return Phrase(
        "session {key}: `registration: {mode}` wins over profile {profile!r}: approval_type is {approval} instead of "
        "{told}",
        key=key,
        mode=mode,
        profile=profile,
        approval=APPROVAL[mode],
        told=value,
    )


def mode_of(registration_mode: RegistrationMode | None, approval: Any) -> RegistrationMode:
    """Who gets into a meeting with this approval type; 0, which a profile may ask for, lets everybody in at once."""
    if approval == ANYBODY:
        return RegistrationMode.AUTOMATIC
    if approval != BY_APPROVAL:
        return RegistrationMode.NONE
    return RegistrationMode.AUTOMATIC if registration_mode is RegistrationMode.AUTOMATIC else RegistrationMode.MANUAL
