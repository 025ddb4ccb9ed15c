"""What comes in by spreadsheet: entries, judges, marks from paper; each import is one batch and is undone as one.

Reading and checking cells is the caller's part; what must hold against the rows that are stored already is asked here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from contest import accepting, judging, ledger, queries
from contest.answers import Answers
from contest.errors import ImportInUse, RoundNotJudging, SecondPersonNeeded, SheetSubmitted
from contest.ledger import Actor
from contest.models import (
    Account,
    Action,
    Appearance,
    Contest,
    Entry,
    ImportBatch,
    Lease,
    Panel,
    Person,
    Round,
    Seat,
    Sheet,
    SheetState,
    Sitting,
    StoredFile,
)  # fmt: skip

ENTRIES, JUDGES, MARKS = "entries", "judges", "marks"
MOST_WAITING = 30


@dataclass(frozen=True)
class JudgeRow:
    """A judge on a seat of a panel."""

    panel: str
    seat: int
    name: str


@dataclass(frozen=True)
class MarksRow:
    """A whole sheet written on paper: whose, for which appearance, a mark per criterion in points."""

    sitting: Sitting
    appearance: Appearance
    marks: Mapping[str, Decimal]


def put_aside(
    db: Session, contest: Contest, *, kind: str, file: StoredFile, account: Account, now: datetime
) -> ImportBatch:
    """Keep an uploaded spreadsheet as a batch that imports nothing yet."""
    batch = ImportBatch(
        contest_id=contest.id, kind=kind, file_id=file.id, account_id=account.id, uploaded_at=now
    )
    db.add(batch)
    db.flush()
    return batch


def batch_of(db: Session, contest: Contest, public_id: str) -> ImportBatch:
    """A contest's batch by its public id. Raises NotFound."""
    return queries.only(
        db, select(ImportBatch).where(ImportBatch.public_id == public_id, ImportBatch.contest_id == contest.id)
    )


def known_entry(db: Session, contest: Contest, answers: Answers) -> str | None:
    """The number of an entry of the same name, unit and title, where there is one already."""
    return db.scalar(
        select(Entry.code).where(
            Entry.contest_id == contest.id, Entry.name == answers.get("name"), Entry.unit == answers.get("unit"),
            Entry.title == answers.get("title"),
        ).limit(1)
    )  # fmt: skip


def import_entries(
    db: Session, contest: Contest, *, batch: ImportBatch, rows: Sequence[Answers], account: Account, by: Actor,
    now: datetime,
) -> ImportBatch:  # fmt: skip
    """Make an entry of each row. A second press changes nothing."""
    ledger.lock(db, contest)
    if batch.imported_at is not None:
        return batch
    made = []
    for answers in rows:
        entry = accepting.add_entry(db, contest, answers=answers, photo_id=None, now=now)
        entry.batch_id = batch.id
        made.append(entry.public_id)
    return _done(db, contest, batch, made, account, by, now)


def import_judges(
    db: Session, contest: Contest, *, batch: ImportBatch, rows: Sequence[JudgeRow], account: Account, by: Actor,
    now: datetime,
) -> ImportBatch:  # fmt: skip
    """Seat the judges, each on a seat nobody was on, made where the panel has none. A second press changes nothing."""
    ledger.lock(db, contest)
    if batch.imported_at is not None:
        return batch
    made = []
    for row in rows:
        seat = _seat(db, contest, row)
        number = 1 + (db.scalar(
            select(func.count(Sitting.id)).join(Sitting.seat).join(Seat.panel).where(Panel.contest_id == contest.id)
        ) or 0)  # fmt: skip
        taken = set(db.scalars(
            select(Sitting.code).join(Sitting.seat).join(Seat.panel).where(Panel.contest_id == contest.id)
        ))  # fmt: skip
        while f"J{number}" in taken:
            number += 1
        sitting = Sitting(seat=seat, person=Person(name=row.name), code=f"J{number}")
        db.add(sitting)
        db.flush()
        made.append(sitting.public_id)
    return _done(db, contest, batch, made, account, by, now)


def empty_seat(db: Session, contest: Contest, panel: str, seat: int) -> bool:
    """Whether a judge may be put on this seat: nobody was ever on it."""
    return db.scalar(
        select(Sitting.id).join(Sitting.seat).join(Seat.panel)
        .where(Panel.contest_id == contest.id, Panel.code == panel, Seat.number == seat).limit(1)
    ) is None  # fmt: skip


def import_marks(
    db: Session, contest: Contest, *, batch: ImportBatch, rows: Sequence[MarksRow], account: Account, by: Actor,
    now: datetime,
) -> ImportBatch:  # fmt: skip
    """Submit each row as its judge's sheet, as typed from paper by one person and imported by another.

    The ledger's row of each sheet says that it came from paper, who typed it and, as its actor, who imported it.

    A second press changes nothing. Raises SecondPersonNeeded (not in an office of one), RoundNotJudging and
    SheetSubmitted.
    """
    ledger.lock(db, contest)
    if batch.imported_at is not None:
        return batch
    if batch.account_id == account.id and not contest.one_person:
        raise SecondPersonNeeded
    version = queries.rule_version(db, contest)
    paper = {"batch": batch.public_id, "typed": f"account:{batch.account.public_id}" if batch.account else "system"}
    made = []
    for row in rows:
        if not row.appearance.round.is_judging:
            raise RoundNotJudging(state=row.appearance.round.state.value)
        sheet = queries.sheets_of(db, row.appearance).get(row.sitting.id)
        if sheet is not None and sheet.is_final:
            raise SheetSubmitted(number=row.appearance.number, seat=row.sitting.seat.number)
        if sheet is None:
            sheet = Sheet(
                appearance_id=row.appearance.id, sitting_id=row.sitting.id, version=1, foreign_version=1,
                rule_version_id=version.id, updated_at=now,
            )  # fmt: skip
            db.add(sheet)
            db.flush()
        else:
            sheet.version += 1
            sheet.foreign_version, sheet.lease_id = sheet.version, None
        judging.write_marks(db, sheet, row.marks)
        judging.submit(db, contest, sheet=sheet, version=version, by=by, now=now, paper=paper)
        made.append(f"{row.appearance.public_id}.{row.sitting.public_id}")
    return _done(db, contest, batch, made, account, by, now)


def waiting(db: Session, contest: Contest) -> Sequence[ImportBatch]:
    """The newest batches of marks from paper that wait for a second person."""
    return db.scalars(
        select(ImportBatch)
        .where(ImportBatch.contest_id == contest.id, ImportBatch.kind == MARKS, ImportBatch.imported_at.is_(None))
        .order_by(ImportBatch.id.desc()).limit(MOST_WAITING)
        .options(joinedload(ImportBatch.file), joinedload(ImportBatch.account))
    ).all()  # fmt: skip


def decline(db: Session, contest: Contest, *, batch: ImportBatch, account: Account, now: datetime) -> ImportBatch:
    """Close a batch with nothing made of it: it does not say what the paper says. Twice changes nothing.

    What was imported meanwhile stays; `undo` takes it back.
    """
    ledger.lock(db, contest)
    if batch.imported_at is None:
        batch.confirmer_id, batch.imported_at, batch.undone_at = account.id, now, now
        db.flush()
    return batch


def undo(db: Session, contest: Contest, *, batch: ImportBatch, by: Actor, now: datetime) -> ImportBatch:
    """Take back all that a batch made; undone twice changes nothing.

    Entries and sittings go; sheets are returned to their judges. Raises ImportInUse naming what is used already.
    """
    ledger.lock(db, contest)
    if batch.undone_at is not None or batch.imported_at is None:
        return batch
    made = json.loads(batch.made)
    if batch.kind == MARKS:
        _undo_marks(db, contest, batch, made, by, now)
    else:
        {ENTRIES: _undo_entries, JUDGES: _undo_judges}[batch.kind](db, contest, made)
    batch.undone_at = now
    ledger.append(
        db, contest, by=by, action=Action.IMPORT_UNDONE, subject=f"batch:{batch.public_id}", now=now,
        payload={"kind": batch.kind, "rows": len(made)},
    )  # fmt: skip
    return batch


def _seat(db: Session, contest: Contest, row: JudgeRow) -> Seat:
    panel = db.scalars(select(Panel).where(Panel.contest_id == contest.id, Panel.code == row.panel)).one_or_none()
    if panel is None:
        panel = Panel(contest_id=contest.id, code=row.panel)
        db.add(panel)
        db.flush()
    seat = db.scalars(select(Seat).where(Seat.panel_id == panel.id, Seat.number == row.seat)).one_or_none()
    if seat is None:
        seat = Seat(panel=panel, number=row.seat)
        db.add(seat)
        db.flush()
    return seat


def _done(
    db: Session, contest: Contest, batch: ImportBatch, made: list[str], account: Account, by: Actor, now: datetime
) -> ImportBatch:
    batch.rows, batch.made = len(made), json.dumps(made)
    batch.confirmer_id, batch.imported_at = account.id, now
    ledger.append(
        db, contest, by=by, action=Action.ROWS_IMPORTED, subject=f"batch:{batch.public_id}", now=now,
        payload={"kind": batch.kind, "rows": len(made)},
    )  # fmt: skip
    db.flush()
    return batch


def _undo_entries(db: Session, contest: Contest, made: Sequence[str]) -> None:
    entries = db.scalars(select(Entry).where(Entry.contest_id == contest.id, Entry.public_id.in_(made))).all()
    used = [entry.code for entry in entries if accepting.in_use(db, entry)]
    if used:
        raise ImportInUse(used=used)
    for entry in entries:
        accepting.remove_entry(db, entry)


def _undo_judges(db: Session, contest: Contest, made: Sequence[str]) -> None:
    sittings = db.scalars(
        select(Sitting).join(Sitting.seat).join(Seat.panel)
        .where(Panel.contest_id == contest.id, Sitting.public_id.in_(made))
    ).all()  # fmt: skip
    ids = [sitting.id for sitting in sittings]
    leased = set(db.scalars(select(Lease.sitting_id).where(Lease.sitting_id.in_(ids))))
    judged = set(db.scalars(select(Sheet.sitting_id).where(Sheet.sitting_id.in_(ids))))
    used = [sitting.person.name for sitting in sittings if sitting.id in leased | judged]
    if used:
        raise ImportInUse(used=used)
    for sitting in sittings:
        db.delete(sitting)
    db.flush()


def _undo_marks(
    db: Session, contest: Contest, batch: ImportBatch, made: Sequence[str], by: Actor, now: datetime
) -> None:
    sheets: list[Sheet] = []
    for each in made:
        appearance_id, _, sitting_id = each.partition(".")
        sheets += db.scalars(
            select(Sheet).join(Sheet.appearance).join(Appearance.round).join(Sheet.sitting)
            .where(Round.contest_id == contest.id, Appearance.public_id == appearance_id,
                   Sitting.public_id == sitting_id)
        ).all()  # fmt: skip
    used = [s.appearance.number for s in sheets if s.appearance.is_released or s.state is not SheetState.SUBMITTED]
    if used:
        raise ImportInUse(used=used)
    for sheet in sheets:
        sheet.state, sheet.version, sheet.updated_at = SheetState.RETURNED, sheet.version + 1, now
        ledger.append(
            db, contest, by=by, action=Action.SHEET_RETURNED, subject=f"appearance:{sheet.appearance.public_id}",
            payload={"sitting": sheet.sitting.public_id, "version": sheet.version, "batch": batch.public_id}, now=now,
        )  # fmt: skip
    db.flush()
