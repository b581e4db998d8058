"""`certificates`: who is entitled to one, released by one act, corrected, withdrawn, and written as PDF."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zoom_sync.entrypoints.cli.session import (
    EventOption,
    Format,
    FormatOption,
    check_choice,
    choose_event,
    open_parts,
    progress_bar,
    write_json,
)

if TYPE_CHECKING:
    from zoom_sync.bootstrap import Parts
    from zoom_sync.domain.certificates.drafts import Draft
    from zoom_sync.domain.certificates.issued import Certificate
    from zoom_sync.service_layer.certificates import Certifying

certificates = typer.Typer(
    help="Certificates of attendance: who is entitled and why; release, correct, withdraw, write as PDF.",
    no_args_is_help=True,
)
ARCHIVE = ".zip"

AsOption = Annotated[
    str | None,
    typer.Option("--as", metavar="NAME", help="Who does it, for the audit log; the system's user if not given."),
]
WhyOption = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason; it is kept with it.")]


def add_to(app: typer.Typer) -> None:
    app.add_typer(certificates, name="certificates")


@certificates.command(name="list")
def list_(
    event: EventOption = None,
    state: Annotated[
        str | None,
        typer.Option(
            "--state",
            metavar="ready|held back|not entitled|released|withdrawn",
            help="Only those that stand so.",
        ),
    ] = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Show who is entitled to which certificate and why, what is released, and what a release would be held to.

    Example: zoom-sync certificates list
    """
    from zoom_sync.domain.certificates.drafts import Standing
    from zoom_sync.domain.certificates.issued import grouped_number
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.service_layer.certificates import drafts_of

    if state is not None:
        check_choice(state, Standing, "--state")
    parts, chosen, certifying = _certifying(event, None)
    seen = drafts_of(certifying, chosen)
    drafts = [draft for draft in seen.drafts if state is None or draft.standing == state]
    if form is Format.JSON:
        past = [_certificate_json(one) for one in parts.certificates.of(chosen)]
        write_json(
            {
                "event": chosen,
                "digest": seen.digest,
                "drafts": [_draft_json(draft) for draft in drafts],
                "certificates": past,
            }
        )
        return
    if not seen.has_rules:
        show.say("the programme says nothing of certificates: put `certificates:` under its `event:`")
        return
    rows = [
        [draft.place.id, draft.name, str(draft.entitlement.why_for), str(draft.standing), str(draft.held or draft.why),
         grouped_number(draft.certificate.number) if draft.certificate else ""]
        for draft in drafts
    ]  # fmt: skip
    show.table(form, ["certificate", "name", "for", "state", "why", "number"], rows)
    ready = sum(draft.standing is Standing.READY for draft in seen.drafts)
    if ready:
        show.say(
            f"{ready} can be released; release what you see: zoom-sync certificates release --digest {seen.digest}"
        )
    else:
        show.say("none can be released now")


@certificates.command()
def release(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CERTIFICATE]...", help="As `list` shows them; all that are ready if none is named."),
    ] = None,
    event: EventOption = None,
    digest: Annotated[
        str | None,
        typer.Option("--digest", metavar="D", help="Only if they still say what `list` showed under this digest."),
    ] = None,
    who: AsOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Release the certificates that are ready: each gets a number, which is valid from then on.

    Two releases at the same time give nobody two. What is held back is shown, each with the reason.

    Example: zoom-sync certificates release --digest 0123456789abcdef
    """
    from zoom_sync.domain.certificates.drafts import Standing
    from zoom_sync.domain.certificates.issued import grouped_number
    from zoom_sync.entrypoints.cli import show
    from zoom_sync.service_layer import certificates as use

    _, chosen, certifying = _certifying(event, who)
    numbers = use.release(certifying, chosen, ids=ids or (), digest=digest)
    held = use.drafts_of(certifying, chosen).of(Standing.HELD)
    if form is Format.JSON:
        told = [{"certificate": one.place.id, "name": one.name, "why": str(one.held)} for one in held]
        write_json({"event": chosen, "released": [grouped_number(one) for one in numbers], "held_back": told})
        return
    typer.echo("1 certificate is released" if len(numbers) == 1 else f"{len(numbers)} certificates are released")
    if held:
        typer.echo("1 is held back:" if len(held) == 1 else f"{len(held)} are held back:")
        show.table(form, ["certificate", "name", "why"], [[one.place.id, one.name, str(one.held)] for one in held])


@certificates.command()
def correct(
    certificate: Annotated[
        str, typer.Argument(metavar="CERTIFICATE", help="As `list` shows it, or the number of a released one.")
    ],
    why: WhyOption,
    event: EventOption = None,
    entitled: Annotated[
        bool | None,
        typer.Option("--entitled/--not-entitled", help="Before the release: whether there is one after all."),
    ] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="The name that is written on it.")] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="en|zh|ar", help="What it is written in.")
    ] = None,
    who: AsOption = None,
) -> None:
    """Correct a certificate, with a reason. A released one is replaced by a new one; its old number says "corrected".

    Example: zoom-sync certificates correct 1a2b3c4d5e6f7081 --name "Ann Lee" --why "she wrote to us"
    """
    from zoom_sync.domain.certificates.issued import grouped_number
    from zoom_sync.domain.certificates.rules import CertificateLanguage
    from zoom_sync.service_layer import certificates as use

    if language is not None:
        check_choice(language, CertificateLanguage, "--language")
    _, chosen, certifying = _certifying(event, who)
    number = use.correct(
        certifying,
        chosen,
        certificate,
        why,
        entitled=entitled,
        name=name,
        language=CertificateLanguage(language) if language else None,
    )
    typer.echo(f"replaced by {grouped_number(number)}" if number else "corrected; it is not released yet")


@certificates.command()
def withdraw(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="With or without hyphens.")],
    why: WhyOption,
    who: AsOption = None,
) -> None:
    """Withdraw a released certificate, with a reason. It stays known: its number says "withdrawn".

    Example: zoom-sync certificates withdraw 0123-4567-89AB-CDEF --why "it was somebody else's device"
    """
    from zoom_sync.domain.certificates.issued import grouped_number
    from zoom_sync.service_layer import certificates as use

    gone = use.withdraw(open_parts().certifying(who or getpass.getuser()), number, why)
    typer.echo(f"{grouped_number(gone.number)} is withdrawn")


@certificates.command()
def write(
    numbers: Annotated[
        list[str] | None, typer.Argument(metavar="[NUMBER]...", help="All that are valid if none is named.")
    ] = None,
    event: EventOption = None,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="DIR|FILE.zip", help="A folder, or one archive of all.")
    ] = "certificates",
) -> None:
    """Write the valid certificates as PDF, each under its number, and `index.csv`, which tells whose each is.

    `certificates/certificate.typ` in the config folder replaces the built-in template.

    Example: zoom-sync certificates write -o certificates.zip
    """
    from zoom_sync.entrypoints.cli.files import replacing
    from zoom_sync.service_layer.certificates import valid_certificates

    parts, chosen, certifying = _certifying(event, None)
    drawing = parts.drawing()
    # Only now: it needs the extra, and without it `drawing` says what to install.
    from zoom_sync.adapters.exports.certificates.drawing import INDEX_FILE, files_of, index_of, write_archive

    valid = valid_certificates(certifying, chosen, numbers or ())
    zone = parts.programmes.programme(chosen).event.timezone
    if output.endswith(ARCHIVE):
        with replacing(Path(output)) as out:
            write_archive(drawing, valid, zone, out)
    else:
        with progress_bar() as bar:
            task = bar.add_task("drawing", total=len(valid))
            for name, drawn in files_of(drawing, valid, zone):
                with replacing(Path(output) / name) as out:
                    out.write(drawn)
                bar.advance(task)
        with replacing(Path(output) / INDEX_FILE) as out:
            out.write(index_of(valid))
    typer.echo(f"{output}: {len(valid)} certificate{'' if len(valid) == 1 else 's'}")


def _certifying(event: str | None, who: str | None) -> tuple[Parts, str, Certifying]:
    parts = open_parts()
    return parts, choose_event(parts, event), parts.certifying(who or getpass.getuser())


def _draft_json(draft: Draft) -> dict[str, Any]:
    from zoom_sync.domain.certificates.issued import grouped_number

    entitled, unit = draft.entitlement, draft.entitlement.unit
    return {
        "certificate": draft.place.id, "name": draft.name, "email": entitled.email, "for": str(entitled.why_for),
        "of": str(unit.basis), "unit": unit.name, "state": str(draft.standing), "entitled": draft.entitled,
        "why": str(draft.why), "held_back": str(draft.held), "minutes": entitled.seconds // 60,
        "credits": dict(draft.content.credits), "sessions": list(entitled.sessions),
        "language": str(draft.content.language),
        "number": grouped_number(draft.certificate.number) if draft.certificate else None,
    }  # fmt: skip


def _certificate_json(one: Certificate) -> dict[str, Any]:
    from zoom_sync.domain.certificates.issued import grouped_number

    return {
        "number": grouped_number(one.number), "certificate": one.place.id, "edition": one.edition,
        "state": str(one.state), "name": one.name, "released_by": one.released_by,
        "released_at": one.released_at.isoformat(), "changed_by": one.changed_by,
        "changed_at": one.changed_at.isoformat() if one.changed_at else None, "reason": one.reason,
        "replaced_by": grouped_number(one.replaced_by) or None,
    }  # fmt: skip
