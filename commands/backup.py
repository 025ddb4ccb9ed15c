"""flask backup and restore: one file with everything this installation keeps, made while it runs, and brought back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from commands import database
from contest.errors import DiskFull
from settings import Settings
from web import backups, restoring, running
from web.db import engine


@click.command("backup")
@with_appcontext
def backup() -> None:
    """Make one file with the database, the uploads and the secret key, while the server runs or not."""
    settings: Settings = current_app.extensions["lectern_settings"]
    try:
        made = backups.make(settings, whole=True, now=datetime.now(UTC))
    except backups.CannotBackUp as error:
        raise click.ClickException(str(error)) from error
    except DiskFull as error:
        raise click.ClickException(f"no room in {backups.folder_of(settings)}: nothing was written") from error
    click.echo(f"{made.path}  {made.size / 1_000_000:.2f} MB, of {settings.instance}")
    click.echo("It holds the secret key and personal data: keep it like a key, best on a second disk.")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_appcontext
def restore(file: Path) -> None:
    """Bring FILE back. The server must be stopped; the data of now is put aside, not deleted."""
    settings: Settings = current_app.extensions["lectern_settings"]
    with running.alone(settings.instance) as alone:
        if not alone:
            raise click.ClickException("the server runs on this folder. Stop it first (Ctrl-C), then try again.")
        engine().dispose()
        try:
            done = restoring.restore(settings, file.resolve(), now=datetime.now(UTC))
        except restoring.CannotRestore as error:
            raise click.ClickException(f"{error}. Nothing was changed.") from error
        database.upgrade(settings)
        restoring.new_epochs(engine())
    click.echo(f"Back: the state of {done.made_at:%Y-%m-%d %H:%M:%S} UTC with {done.uploads} uploaded files, in "
               f"{settings.instance}.")  # fmt: skip
    click.echo(f"What was there before lies in {done.aside}. Tablets will offer their sheets again.")
