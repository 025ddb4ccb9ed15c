"""flask welcome: what a venue's console says at the start: the address, a code to scan, and the first owner's code."""

from __future__ import annotations

import io

import click
import qrcode
from flask import current_app
from flask.cli import with_appcontext

from contest import staffing
from settings import Settings
from web import backups
from web.db import writing
from web.live import now


@click.command("welcome")
@with_appcontext
def welcome() -> None:
    """Print the address and its QR code, and a one-time code for the first owner while there is none."""
    settings: Settings = current_app.extensions["lectern_settings"]
    base = (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")
    with writing() as db:
        code = staffing.first_code(db, now=now())
    click.echo(f"Event folder  {settings.instance}")
    click.echo(f"Backups       {backups.folder_of(settings)}  (CONTEST_BACKUPS names a second disk)\n")
    if code is not None:
        click.echo("Nobody can sign in yet. The first owner opens the account here, once:")
        click.echo(f"  {base}/welcome?code={code}")
        click.echo(f"  one-time code: {code}\n")
    if settings.secure_url:
        click.echo(f"On each tablet, before cards are printed: {base}/trust")
    click.echo(f"Scan this with a phone on the venue's network; it opens {base}/status")
    click.echo(as_text(f"{base}/status?from=qr"))


def as_text(address: str) -> str:
    """A QR code in half blocks, dark on light as scanners like it, for a dark console."""
    code = qrcode.QRCode(border=2)
    code.add_data(address)
    code.make(fit=True)
    out = io.StringIO()
    code.print_ascii(out, invert=True)
    return out.getvalue()
