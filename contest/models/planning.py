"""What an organizer plans around the judging: dates, delegations and their quotas, divisions in words, tasks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.models.base import Base, Code, Key, Line, PublicId, owned_by


class Milestone(Base):
    """A date on the contest's timeline beside the opening and closing of registration; `ends_at` where it lasts."""

    __tablename__ = "milestone"
    __table_args__ = (CheckConstraint("ends_at IS NULL OR at <= ends_at", name="forwards"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    contest_id: Mapped[int] = owned_by("contest")
    title: Mapped[Line]
    title_en: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    ends_at: Mapped[datetime | None]


class Delegation(Base):
    """A unit that recommends contestants (推荐单位), with how many it may send; without a quota any number."""

    __tablename__ = "delegation"
    __table_args__ = (
        UniqueConstraint("contest_id", "name"),
        CheckConstraint("quota IS NULL OR quota >= 0", name="quota_from_zero"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    contest_id: Mapped[int] = owned_by("contest", index=False)
    name: Mapped[Line]
    quota: Mapped[int | None]
    position: Mapped[int]


class DivisionNote(Base):
    """Who may enter a division of the rule file, in words: 行业不限，业余讲解者."""

    __tablename__ = "division_note"
    __table_args__ = (UniqueConstraint("contest_id", "division"),)

    id: Mapped[Key]
    contest_id: Mapped[int] = owned_by("contest", index=False)
    division: Mapped[Code]
    text: Mapped[Line]
    text_en: Mapped[str] = mapped_column(String(200), default="")


class Task(Base):
    """Something an office has to do. `due` keeps the words people wrote (5月底), `due_at` the date derived from it."""

    __tablename__ = "task"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    contest_id: Mapped[int] = owned_by("contest")
    title: Mapped[Line]
    owner: Mapped[Line]
    due: Mapped[str] = mapped_column(String(64), default="")
    due_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
