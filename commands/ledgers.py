"""flask ledger: prove a contest's ledger and the standings that it makes."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from contest import proving, queries
from contest.errors import ContestError
from web.db import reading
from web.sentences import sentence

# What is wrong with the row that is named, by the fault's code.
FAULTS = {
    "missing": "there is no row with this number",
    "prev": "it does not follow the row before it",
    "payload": "what it says is not what was said when it was written",
    "words": "the words kept beside it are not those it was written with",
    "hash": "it is not as it was written",
    "head": "it is not the last row that the contest's head names",
    "seal": "the seal it stands for is stored otherwise",
    "seal_rules": "the seal's rule file is not the one it names",
    "seal_standings": "the sealed standings are not those it names",
    "seal_recount": "the standings that the rows up to it make are not the sealed ones",
    "sheet": "the sheet it carries is stored otherwise, or not at all",
    "sheet_unrecorded": "a sheet that counts rests on it, but it carries no such sheet",
    "adjustment": "the value it carries is stored otherwise, or not at all",
    "adjustment_unrecorded": "a value that counts is in no row",
    "ruling": "the ruling it stands for is not in force",
    "ruling_unrecorded": "a ruling that is in force is in no row",
}
ledger = AppGroup("ledger", help="Prove a contest's ledger.")


@ledger.command("verify")
@click.argument("slug")
def verify(slug: str) -> None:
    """Recompute the chain of SLUG and the standings from it; exit 0 where all fits, 2 where a row does not."""
    try:
        with reading() as db:
            proof = proving.prove(db, queries.contest_by_slug(db, slug))
    except ContestError as error:
        raise click.ClickException(sentence(error)) from error
    if proof.fault is not None:
        where = f"row {proof.fault.seq} does not fit" if proof.fault.seq else "the ledger is not whole"
        click.echo(f"{slug}: {where}: {FAULTS[proof.fault.what]}.", err=True)
        raise SystemExit(2)
    click.echo(f"{slug}: {proof.rows} rows fit, head {proof.head}.")
    click.echo(
        f"What they say is what is stored: {proof.sheets} sheets, {proof.adjustments} values, {proof.rulings} rulings. "
        f"Seals whose standings they make: {proof.seals}."
    )
    if proof.purged:
        click.echo(f"{proof.purged} rows were purged: the chain holds, what they said can no longer be recounted.")
