"""flask contest replay: play a contest folder through a running server as its judges' tablets, all at once."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from commands.contests import load
from commands.replaying.errors import ReplayError
from commands.replaying.playing import play
from commands.replaying.site import own_site, running_site, tidied_up
from contest.errors import ContestError
from web.db import engine
from web.sentences import sentence

DIFFERS = 3


@click.command("replay")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--rules", type=click.Path(path_type=Path), help="The rule file, where the folder holds none.")
@click.option("--url", help="A server of this installation on this machine; default: one of its own, ended afterwards.")
@click.option("--listeners", default=20, show_default=True, type=click.IntRange(1, 5000), help="Open live streams.")
@with_appcontext
def replay(folder: Path, rules: Path | None, url: str | None, listeners: int) -> None:
    """Play FOLDER over HTTP as a rehearsal of its own: nothing may get lost or doubled, the board must be the recount.

    Prints JSON. Exit 0 where nothing was lost or doubled and the final board equals the recount, 3 where not, 1 for
    bad input.
    """
    rule_file, facts = load(folder, rules)
    settings = current_app.extensions["lectern_settings"]
    try:
        key = current_app.config["SECRET_KEY"]
        with tidied_up(), running_site(url, engine()) if url else own_site(settings, key) as site:
            report = play(site, rule_file, facts, listeners=listeners)
    except ReplayError as error:
        raise click.ClickException(str(error)) from error
    except ContestError as error:
        raise click.ClickException(sentence(error)) from error
    except SQLAlchemyError as error:
        said = f"the database cannot be used ({type(error).__name__}). Has `flask migrate` run?"
        raise click.ClickException(said) from error
    click.echo(json.dumps(report, indent=2))
    if report["lost"] or report["doubled"] or not report["final_frame_equals_recount"]:
        sys.exit(DIFFERS)
