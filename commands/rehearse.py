"""flask rehearse: judges score a made-up contest while its server is killed again and again; nothing may get lost."""

from __future__ import annotations

import json
import sys
from contextlib import AbstractContextManager
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from commands.contests import rule_file
from commands.rehearsing import mortal
from commands.rehearsing.ending import is_right, rehearse
from commands.rehearsing.field import made_up
from commands.replaying.errors import ReplayError
from commands.replaying.playing import Report
from commands.replaying.site import Site, own_site, running_site, tidied_up
from contest.composing import PRESETS
from contest.errors import ContestError
from web.db import engine
from web.sentences import sentence

DIFFERS = 3
PRESET = PRESETS / "lecture-final.toml"
SERVER = "commands.rehearsing.mortal:app"
USUAL_KILLS = 20


@click.command("rehearse")
@click.option("--judges", default=30, show_default=True, type=click.IntRange(1, 300), help="Tablets that mark at once.")
@click.option("--entries", default=40, show_default=True, type=click.IntRange(1, 500), help="Contestants.")
@click.option("--chaos", type=click.IntRange(0, 500), help="How often the server is killed with SIGKILL; default: 20.")
@click.option("--rules", type=click.Path(path_type=Path), help="The rule file; default: the lecture final's preset.")
@click.option("--url", help="A server of this installation on this machine, never killed; default: one of its own.")
@click.option("--listeners", default=20, show_default=True, type=click.IntRange(1, 5000), help="Open live streams.")
@click.option("--seed", default=1, show_default=True, help="Of marks, pauses and moments: another number, another day.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@with_appcontext
def command(
    judges: int, entries: int, chaos: int | None, rules: Path | None, url: str | None, listeners: int, seed: int,
    as_json: bool,
) -> None:  # fmt: skip
    """Judges score a made-up contest; the server is killed with -9 meanwhile, also between write and answer.

    Every acknowledged mark must be there after the restart, and every other one must arrive once. Exit 0 where nothing
    was lost or doubled and ledger, standings and board agree, 3 where not, 1 for bad input.
    """
    if url and chaos:
        raise click.UsageError("--chaos kills the server, and with --url that would be one that others use.")
    kills = 0 if url else USUAL_KILLS if chaos is None else chaos
    path = rules or PRESET
    parsed = rule_file(path)
    try:
        facts = made_up(parsed, judges=judges, entries=entries, seed=seed)
        with tidied_up(), running_site(url, engine()) if url else _mortal_site() as site:
            report = rehearse(site, parsed, facts, listeners=listeners, kills=kills, seed=seed)
    except ReplayError as error:
        raise click.ClickException(str(error)) from error
    except ContestError as error:
        raise click.ClickException(sentence(error)) from error
    except SQLAlchemyError as error:
        said = f"the database cannot be used ({type(error).__name__}). Has `flask migrate` run?"
        raise click.ClickException(said) from error
    click.echo(json.dumps(report, indent=2) if as_json else "\n".join(_in_words(report, stays=bool(url))))
    if not is_right(report):
        sys.exit(DIFFERS)


def _mortal_site() -> AbstractContextManager[Site]:
    settings, key = current_app.extensions["lectern_settings"], current_app.config["SECRET_KEY"]
    return own_site(settings, key, app=SERVER, first=mortal.made_for_rehearsal)


def _in_words(report: Report, *, stays: bool) -> list[str]:
    """The report as a few lines; `stays`: the contest is still in the installation's database."""
    moments = [
        f"{report['kills_between_commit_and_answer']} between commit and answer",
        f"{report['kills_before_commit']} before the commit", f"{report['kills_at_any_moment']} at any moment",
    ]  # fmt: skip
    fault = report["ledger_fault"]
    slug = report["contest"]
    return [
        f"Rehearsal {slug}: {report['tablets']} tablets, {report['turns']} turns, {report['seconds']} seconds.",
        f"The server was killed {report['kills']} times" + (f": {', '.join(moments)}." if report["kills"] else "."),
        f"Messages: {report['sent']} sent, {report['resent']} of them again; {report['acknowledged']} acknowledged, "
        f"{report['stored']} stored.",
        f"Lost: {report['lost']}. Doubled: {report['doubled']}.",
        f"Ledger: {report['ledger_rows']} rows, "
        + ("all of them fit." if fault is None else f"the first that does not fit is {fault}."),
        "Standings: " + ("as the recount." if report["standings_equal_recount"] else "NOT as the recount."),
        "Board: " + ("as the recount." if report["final_frame_equals_recount"] else "NOT as the recount."),
        f"It stays as a rehearsal. Remove it: flask contest remove {slug}" if stays
        else "Server and database were of its own and are gone; nothing is left to remove.",
    ]  # fmt: skip
