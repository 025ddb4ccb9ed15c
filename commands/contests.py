"""flask contest import, export and remove: a contest folder into this installation and out of it; rehearsals away."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from contest import board, entering, folders, queries, removing, showing
from contest.errors import ContestError
from contest.ledger import SYSTEM
from contest.models import Contest
from contest.rules import Facts, Rules, RulesError, compute, outcome_json, read_folder, read_rules
from contest.rules.comparing import first_difference, read_standings
from contest.rules.csvfiles import read_bytes
from contest.rules.reading import MAX_BYTES
from web.db import reading, writing
from web.live import now
from web.sentences import sentence

STANDINGS = "standings.json"
contests = AppGroup("contest", help="Import, export and replay contests as folders; remove rehearsals.")


@contests.command("import")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--slug", required=True, help="The contest's name in addresses: a-z, 0-9 and hyphens.")
@click.option("--organization", required=True, help="The organization that owns it; made when missing.")
@click.option("--rules", type=click.Path(path_type=Path), help="The rule file, where the folder holds none.")
@click.option("--title", help="The contest's title; default: that of the rule file.")
@click.option("--release", is_flag=True, help="Release every score that is complete, as for a contest that is over.")
def import_(folder: Path, slug: str, organization: str, rules: Path | None, title: str | None, release: bool) -> None:
    """Make a contest from FOLDER. Nothing is made where anything in it is wrong."""
    rule_file, facts = load(folder, rules)
    try:
        with writing() as db:
            contest = folders.import_facts(
                db, facts=facts, rules=rule_file, slug=slug, title=title or rule_file.title.zh,
                organization=entering.organization_named(db, organization), by=SYSTEM, now=now(),
            )  # fmt: skip
            if release:
                release_complete(db, contest)
            counts = f"{len(facts.entries)} entries, {len(facts.sittings)} sittings, {len(facts.marks)} marks"
    except ContestError as error:
        raise click.ClickException(_line(error)) from error
    click.echo(f"Imported {slug}: {counts}.")


@contests.command("export")
@click.argument("slug")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Replace the files of a contest folder that is there already.")
def export(slug: str, folder: Path, replace: bool) -> None:
    """Write the contest SLUG as FOLDER, with its standings, the rules' hash and the ledger's head."""
    try:
        with reading() as db:
            folders.export(db, queries.contest_by_slug(db, slug), folder, replace=replace)
    except (ContestError, RulesError) as error:
        raise click.ClickException(_line(error)) from error
    click.echo(f"Exported {slug} to {folder}.")


@contests.command("remove")
@click.argument("slug")
@click.confirmation_option(prompt="Remove the rehearsal with everything in it?")
def remove(slug: str) -> None:
    """Remove the rehearsal SLUG with everything in it. A contest that is no rehearsal is refused."""
    try:
        with writing() as db:
            contest = queries.contest_by_slug(db, slug)
            if not contest.rehearsal:
                raise click.ClickException(f"{slug} is no rehearsal: what counted is not removed.")
            removing.remove_contest(db, contest)
    except ContestError as error:
        raise click.ClickException(_line(error)) from error
    click.echo(f"Removed {slug}.")


def load(folder: Path, rules: Path | None) -> tuple[Rules, Facts]:
    """A folder and its rule file, read and checked; its standings.json, where it has one, must be what they give.

    Raises click.ClickException with the one clear line.
    """
    try:
        parsed = rule_file(rules or folder / "rules.toml")
        facts = read_folder(folder, parsed)
        recorded = read_bytes(folder / STANDINGS, STANDINGS)
        differs = recorded and first_difference(read_standings(recorded), outcome_json(compute(parsed, facts)))
    except RulesError as error:
        raise click.ClickException(str(error)) from error
    if differs:
        raise click.ClickException(
            f"{STANDINGS}: {differs.where}: it says {differs.recorded}, the recount gives {differs.found}"
        )
    return parsed, facts


def rule_file(path: Path) -> Rules:
    """A rule file, read and checked. Raises click.ClickException with the one clear line."""
    try:
        return read_rules(_bytes(path), path.name)
    except RulesError as error:
        raise click.ClickException(str(error)) from error


def release_complete(db: Session, contest: Contest) -> None:
    """Release every score of a contest that has all its sheets, in running order."""
    for round_ in contest.rounds:
        for appearance in queries.appearances_in_order(db, round_):
            if round_.is_judging and not showing.missing_seats(db, appearance):
                showing.call(db, contest, appearance=appearance, now=now())
                showing.release(db, contest, appearance=appearance, by=SYSTEM, now=now())
    board.refresh(db, contest, now=now())


def _bytes(path: Path) -> bytes:
    data = read_bytes(path, path.name, MAX_BYTES)
    if data is None:
        raise click.ClickException(f"{path}: there is no such file. Name the rule file with --rules FILE.")
    return data


def _line(error: Exception) -> str:
    return sentence(error) if isinstance(error, ContestError) else str(error)
