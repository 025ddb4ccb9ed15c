"""flask tls: https for a venue: the event's own authority, and a certificate for the address that tablets reach."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext

from commands import moving
from settings import Settings
from web import addresses, authority, tls, venue


@click.command("tls")
@click.option("--address", default="", help="Address that tablets reach: 192.168.1.10. Without it: the last start's.")
@click.option("--new-authority", is_flag=True, help="Make another authority. Every device has to trust it anew.")
@with_appcontext
def make(address: str, new_authority: bool) -> None:
    """Make a certificate for the venue's address, before cards are printed. Run again it renews it."""
    settings: Settings = current_app.extensions["lectern_settings"]
    now = datetime.now(UTC)
    try:
        host = authority.checked(address or chosen(settings))
        before = tls.certificate(settings.instance)
        moving.may_certify(settings, host, anew=new_authority)
        made = authority.make(settings.instance, host, now=now, anew=new_authority)
    except (authority.CannotCertify, moving.Judging) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{settings.instance} cannot be written ({error.strerror})") from error
    click.echo(f"Authority    {'made' if made.new_authority else 'kept'}, in {settings.instance}; its SHA-256 is")
    click.echo(f"             {tls.fingerprint(made.authority)}")
    click.echo(f"Certificate  {', '.join(made.certificate.hosts)}; good until {made.certificate.until:%Y-%m-%d}\n")
    for line in next_steps(settings, host, renewed=before is not None and before.covers(host)):
        click.echo(line)


def chosen(settings: Settings) -> str:
    """The address of the last start, or the machine's only one. Raises CannotCertify where it has to be named."""
    before = venue.starts(settings.instance)
    if before:
        return urlsplit(before[-1].url).hostname or before[-1].host
    own = [each.ip for each in addresses.own()]
    if len(own) != 1:
        here = ", ".join(own) or "none of its own"
        raise authority.CannotCertify(f"name the address that tablets reach, --address …; this machine has {here}")
    return own[0]


def next_steps(settings: Settings, host: str, *, renewed: bool) -> list[str]:
    """What to do now, in the order in which it is done."""
    if renewed and settings.is_venue:
        return ["Nothing else has to be done: a running server uses it at once, and devices trust it already."]
    shown = f"[{host}]" if ":" in host else host
    own = "" if settings.instance == Settings().instance else f"CONTEST_INSTANCE={settings.instance} "
    here = f"http://{shown}:{settings.port}"
    start = f"HOST={host}" if shown != host or host[-1].isdecimal() else f"CONTEST_PUBLIC_URL={here}"
    return [
        f"1  {own}{start} make venue    (start it again where it runs)",
        f"2  open {here}/trust on each tablet, or scan the code there: it says how to trust the authority",
        "3  then print the judges' cards: from now on they carry the https address",
        "   The http address keeps answering; the audience needs nothing.",
        "4  make backup: the second laptop needs the authority too, and the copy holds it",
    ]
