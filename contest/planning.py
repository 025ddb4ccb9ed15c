"""Verbs: plan a contest: tasks, dates on the timeline, delegations, words about divisions, files to download."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest import duewords, queries
from contest.errors import Malformed, NameTaken
from contest.models import Attachment, Contest, Delegation, DivisionNote, Milestone, StoredFile, Task
from contest.naming import clean_line

MOST_DUE = 64
MOST_QUOTA = 100_000


def add_task(db: Session, contest: Contest, *, title: str, owner: str, due: str, now: datetime) -> Task:
    """Something to do, with who does it and when it is due in people's own words. Raises TextRefused."""
    due = clean_line(due, field="due", most=MOST_DUE, needed=False)
    task = Task(
        contest_id=contest.id, title=clean_line(title, field="title"),
        owner=clean_line(owner, field="owner", needed=False), due=due,
        due_at=duewords.due_at(due, now=now, zone=contest.time_zone), created_at=now,
    )  # fmt: skip
    db.add(task)
    db.flush()
    return task


def tick_task(db: Session, contest: Contest, *, public_id: str, done: bool, now: datetime) -> Task:
    """Tick a task off, or open it again. Raises NotFound."""
    task = queries.only(db, select(Task).where(Task.contest_id == contest.id, Task.public_id == public_id))
    task.done_at = (task.done_at or now) if done else None
    return task


def remove_task(db: Session, contest: Contest, *, public_id: str) -> None:
    """Delete a task. Raises NotFound."""
    db.delete(queries.only(db, select(Task).where(Task.contest_id == contest.id, Task.public_id == public_id)))


def set_milestone(
    db: Session, contest: Contest, *, public_id: str | None, title: str, title_en: str, at: datetime,
    ends_at: datetime | None,
) -> Milestone:  # fmt: skip
    """Add a date to the timeline, or change one. Raises NotFound, TextRefused, Malformed where it runs backwards."""
    if ends_at is not None and ends_at < at:
        raise Malformed(what="ends_at")
    title = clean_line(title, field="title")
    title_en = clean_line(title_en, field="title_en", needed=False)
    if public_id is None:
        found = Milestone(contest_id=contest.id, title=title, title_en=title_en, at=at, ends_at=ends_at)
        db.add(found)
    else:
        found = milestone_of(db, contest, public_id)
        found.title, found.title_en, found.at, found.ends_at = title, title_en, at, ends_at
    db.flush()
    return found


def milestone_of(db: Session, contest: Contest, public_id: str) -> Milestone:
    """A date of the contest. Raises NotFound."""
    statement = select(Milestone).where(Milestone.contest_id == contest.id, Milestone.public_id == public_id)
    return queries.only(db, statement)


def remove_milestone(db: Session, contest: Contest, *, public_id: str) -> None:
    """Take a date off the timeline. Raises NotFound."""
    db.delete(milestone_of(db, contest, public_id))


def set_delegation(
    db: Session, contest: Contest, *, public_id: str | None, name: str, quota: int | None
) -> Delegation:
    """Add a delegation or change one. Raises NotFound, NameTaken, TextRefused, Malformed for a quota out of range."""
    name = clean_line(name, field="name")
    if quota is not None and not 0 <= quota <= MOST_QUOTA:
        raise Malformed(what="quota")
    found = delegation_of(db, contest, public_id) if public_id is not None else None
    same = select(Delegation.id).where(Delegation.contest_id == contest.id, Delegation.name == name)
    taken = db.scalar(same)
    if taken is not None and (found is None or taken != found.id):
        raise NameTaken(name=name)
    if found is None:
        found = Delegation(contest_id=contest.id, name=name, quota=quota, position=_next(db, Delegation, contest))
        db.add(found)
    else:
        found.name, found.quota = name, quota
    db.flush()
    return found


def delegation_of(db: Session, contest: Contest, public_id: str) -> Delegation:
    """A delegation of the contest. Raises NotFound."""
    statement = select(Delegation).where(Delegation.contest_id == contest.id, Delegation.public_id == public_id)
    return queries.only(db, statement)


def remove_delegation(db: Session, contest: Contest, *, public_id: str) -> None:
    """Delete a delegation; registrations keep its name as they wrote it. Raises NotFound."""
    db.delete(delegation_of(db, contest, public_id))


def note_division(db: Session, contest: Contest, *, division: str, text: str, text_en: str) -> None:
    """Say in words who may enter a division of the rule file; an empty text takes the note away. Raises TextRefused."""
    text = clean_line(text, field="text", needed=False)
    text_en = clean_line(text_en, field="text_en", needed=False)
    statement = select(DivisionNote).where(DivisionNote.contest_id == contest.id, DivisionNote.division == division)
    found = db.scalars(statement).one_or_none()
    if not text and not text_en:
        if found is not None:
            db.delete(found)
    elif found is None:
        db.add(DivisionNote(contest_id=contest.id, division=division, text=text, text_en=text_en))
    else:
        found.text, found.text_en = text, text_en
    db.flush()


def attach(db: Session, contest: Contest, *, file: StoredFile, title: str) -> Attachment:
    """Put a stored file on the contest's page, under its own name where no title is given. Raises TextRefused."""
    title = clean_line(title, field="title", needed=False) or file.name
    found = Attachment(
        contest_id=contest.id, file_id=file.id, title=title, position=_next(db, Attachment, contest)
    )  # fmt: skip
    db.add(found)
    db.flush()
    return found


def attachment_of(db: Session, contest: Contest, public_id: str) -> Attachment:
    """A file of the contest's page. Raises NotFound."""
    statement = select(Attachment).where(Attachment.contest_id == contest.id, Attachment.public_id == public_id)
    return queries.only(db, statement)


def move_attachment_up(db: Session, contest: Contest, *, public_id: str) -> None:
    """Swap a file with the one above it; the first stays where it is. Raises NotFound."""
    found = attachment_of(db, contest, public_id)
    above = db.scalars(
        select(Attachment).where(Attachment.contest_id == contest.id, Attachment.position < found.position)
        .order_by(Attachment.position.desc()).limit(1)
    ).one_or_none()  # fmt: skip
    if above is not None:
        above.position, found.position = found.position, above.position


def remove_attachment(db: Session, contest: Contest, *, public_id: str) -> None:
    """Take a file off the contest's page; its bytes stay. Raises NotFound."""
    db.delete(attachment_of(db, contest, public_id))


def _next(db: Session, kind: type[Delegation] | type[Attachment], contest: Contest) -> int:
    last = db.scalar(select(func.max(kind.position)).where(kind.contest_id == contest.id))
    return (last or 0) + 1
