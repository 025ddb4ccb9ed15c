"""Verb: the next edition of a contest: its settings, rules, dates and plans copied, without anybody who takes part."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import entering, queries
from contest.ledger import Actor
from contest.models import (
    Attachment,
    CertificateLayout,
    Contest,
    Delegation,
    DivisionNote,
    Milestone,
    Panel,
    Person,
    Seat,
    Sitting,
    StoredFile,
    Task,
)  # fmt: skip
from contest.naming import clean_line

# What a new edition takes over as it is; dates are shifted, and it is not published.
KEPT = (
    "title_en", "summary", "summary_en", "place", "contact", "quota", "min_age", "max_age", "mask_below",
    "release_mode", "objection",
)  # fmt: skip
SHIFTED = ("starts_at", "registration_opens_at", "registration_closes_at")


def clone(
    db: Session, source: Contest, *, slug: str, title: str, edition: str, shift: timedelta, with_judges: bool,
    by: Actor, now: datetime,
) -> Contest:  # fmt: skip
    """A draft like `source`, every date moved by `shift` (whole days keep the hour).

    Entries, registrations, marks, awards and accounts stay behind; tasks come along undone, judges where `with_judges`
    says so. Raises NameTaken, Malformed for a bad slug, TextRefused.
    """
    version = queries.rule_version(db, source)
    made = entering.create_contest(
        db, slug=slug, title=clean_line(title, field="title"), organization=source.organization,
        rules=queries.rules_of(version), by=by, now=now, time_zone=source.time_zone,
    )  # fmt: skip
    made.edition = clean_line(edition, field="edition", most=64, needed=False)
    for name in KEPT:
        setattr(made, name, getattr(source, name))
    for name in SHIFTED:
        at = getattr(source, name)
        setattr(made, name, at + shift if at is not None else None)
    advances = {round_.code: round_.advances for round_ in source.rounds}
    for round_ in made.rounds:
        round_.advances = advances.get(round_.code)
    _plans(db, source, made, shift, now)
    _files(db, source, made, now)
    if with_judges:
        _judges(db, source, made)
    db.flush()
    return made


def _plans(db: Session, source: Contest, made: Contest, shift: timedelta, now: datetime) -> None:
    for dated in db.scalars(select(Milestone).where(Milestone.contest_id == source.id).order_by(Milestone.id)):
        db.add(Milestone(
            contest_id=made.id, title=dated.title, title_en=dated.title_en, at=dated.at + shift,
            ends_at=dated.ends_at + shift if dated.ends_at is not None else None,
        ))  # fmt: skip
    for team in db.scalars(select(Delegation).where(Delegation.contest_id == source.id)):
        db.add(Delegation(contest_id=made.id, name=team.name, quota=team.quota, position=team.position))
    for note in db.scalars(select(DivisionNote).where(DivisionNote.contest_id == source.id)):
        db.add(DivisionNote(contest_id=made.id, division=note.division, text=note.text, text_en=note.text_en))
    for task in db.scalars(select(Task).where(Task.contest_id == source.id).order_by(Task.id)):
        due = task.due_at + shift if task.due_at is not None else None
        # 5月底 of last year's words would name another day than the shifted one.
        words = due.astimezone(ZoneInfo(made.time_zone)).strftime("%Y-%m-%d") if due is not None else task.due
        db.add(Task(contest_id=made.id, title=task.title, owner=task.owner, due=words, due_at=due, created_at=now))


def _files(db: Session, source: Contest, made: Contest, now: datetime) -> None:
    for attached in db.scalars(select(Attachment).where(Attachment.contest_id == source.id)):
        file = _copy(db, attached.file, made, now)
        db.add(Attachment(contest_id=made.id, file_id=file.id, title=attached.title, position=attached.position))
    layout = db.scalars(select(CertificateLayout).where(CertificateLayout.contest_id == source.id)).one_or_none()
    if layout is None:
        return
    seal = _copy(db, layout.seal_file, made, now) if layout.seal_file is not None else None
    columns = [
        column.name for column in CertificateLayout.__table__.columns
        if column.name not in ("id", "contest_id", "seal_file_id", "issued_on")
    ]  # fmt: skip
    values = {name: getattr(layout, name) for name in columns}
    if source.starts_at is not None and made.starts_at is not None:
        # Certificates of two editions must not bear the same numbers.
        values["prefix"] = values["prefix"].replace(str(source.starts_at.year), str(made.starts_at.year))
    db.add(CertificateLayout(contest_id=made.id, seal_file_id=seal.id if seal is not None else None, **values))


def _copy(db: Session, file: StoredFile, made: Contest, now: datetime) -> StoredFile:
    """The same bytes as a file of the new contest: they lie on the disk once."""
    copied = StoredFile(
        contest_id=made.id, sha256=file.sha256, name=file.name, media_type=file.media_type, size=file.size,
        width=file.width, height=file.height, stored_at=now,
    )  # fmt: skip
    db.add(copied)
    db.flush()
    return copied


def _judges(db: Session, source: Contest, made: Contest) -> None:
    """The panels as they sat at last: a substitute who stayed is the judge of the new edition."""
    for panel in db.scalars(select(Panel).where(Panel.contest_id == source.id).order_by(Panel.id)):
        copied = Panel(contest_id=made.id, code=panel.code)
        db.add(copied)
        db.flush()
        for seat in panel.seats:
            chair = Seat(panel_id=copied.id, number=seat.number, role=seat.role)
            db.add(chair)
            if seat.sittings:
                person = Person(name=seat.sittings[-1].person.name)
                db.add(Sitting(seat=chair, person=person, code=seat.sittings[0].code))
