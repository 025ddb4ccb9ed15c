"""flask migrate: bring the database to the newest shape."""

from __future__ import annotations

import click
from alembic import command
from alembic.config import Config
from flask import current_app
from flask.cli import with_appcontext

from settings import HERE, Settings


def alembic_config(settings: Settings) -> Config:
    """Alembic's configuration for this installation's database."""
    config = Config()
    config.set_main_option("script_location", str(HERE / "migrations"))
    config.attributes["settings"] = settings
    return config


def upgrade(settings: Settings) -> None:
    """Bring the database to the newest shape; does nothing where it is there already."""
    command.upgrade(alembic_config(settings), "head")


@click.command("migrate")
@with_appcontext
def migrate() -> None:
    """Bring the database to the newest shape."""
    upgrade(current_app.extensions["lectern_settings"])
    click.echo("The database is up to date.")
