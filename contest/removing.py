"""Take a contest away with everything in it: for the demo and for rehearsals, never for a contest that counted."""

from __future__ import annotations

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from contest.models import Base, Contest

# What a contest refers to and does not own.
STAYS = {"account", "organization", "person"}


def remove_contest(db: Session, contest: Contest) -> None:
    """Delete the contest and every row that belongs to it, found by following the references of the tables.

    Accounts, organizations and people stay. The files of its uploads stay on the disk.
    """
    db.flush()
    ids: dict[str, list[int]] = {Contest.__tablename__: [contest.id]}
    tables = [table for table in Base.metadata.sorted_tables if table.name not in STAYS]
    for table in tables:
        ids.setdefault(table.name, _belonging(db, table, ids))
    for table in reversed(tables):
        for some in _in_parts(ids[table.name]):
            db.execute(delete(table).where(table.c.id.in_(some)))
    db.expire_all()


def _belonging(db: Session, table: Table, ids: dict[str, list[int]]) -> list[int]:
    """The rows of a table that refer to a row that goes; tables come in an order in which those are known already."""
    found: set[int] = set()
    for key in table.foreign_keys:
        for some in _in_parts(ids.get(key.column.table.name, [])):
            found.update(db.scalars(select(table.c.id).where(key.parent.in_(some))))
    return sorted(found)


def _in_parts(ids: list[int]) -> list[list[int]]:
    # SQLite takes a limited number of values in one statement.
    return [ids[at : at + 500] for at in range(0, len(ids), 500)]
