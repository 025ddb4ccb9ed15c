"""What is decided beside the marks: adjustments (penalties, quiz, measured values) and rulings."""

from __future__ import annotations

import enum
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.models.base import Base, Code, Key, PublicId, owned_by, refers_to, states
from contest.models.entries import Appearance, Entry
from contest.models.panels import Sitting


class Adjustment(Base):
    """A value added to or multiplied with a score, of a kind the rule file declares. Cancelled, never edited."""

    __tablename__ = "adjustment"
    __table_args__ = (CheckConstraint("attempt >= 1", name="attempt_from_one"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    appearance_id: Mapped[int] = owned_by("appearance")
    attempt: Mapped[int] = mapped_column(default=1)
    sitting_id: Mapped[int | None] = refers_to("sitting")
    kind: Mapped[Code]
    value: Mapped[Decimal]
    reason: Mapped[str] = mapped_column(Text, default="")
    # The press of a button that made it: pressed twice, it exists once.
    press: Mapped[str | None] = mapped_column(String(36), unique=True)
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]

    appearance: Mapped[Appearance] = relationship()
    sitting: Mapped[Sitting | None] = relationship()


class RulingKind(enum.Enum):
    """What may be ruled, as in the contest folder."""

    ZERO = "zero"
    VOID = "void"
    RECUSED = "recused"
    ABSENT = "absent"
    WITHDRAWN = "withdrawn"
    DISQUALIFIED = "disqualified"
    LOT = "lot"
    PLACE = "place"
    AWARD = "award"
    ADVANCE = "advance"


class Ruling(Base):
    """A decision that no formula makes: a zero by rule, an absent judge, a withdrawal, a drawn lot."""

    __tablename__ = "ruling"
    __table_args__ = (
        CheckConstraint("attempt IS NULL OR attempt >= 1", name="attempt_from_one"),
        CheckConstraint("entry_id IS NOT NULL OR sitting_id IS NOT NULL", name="about_someone"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    contest_id: Mapped[int] = owned_by("contest")
    round_id: Mapped[int | None] = refers_to("round")
    entry_id: Mapped[int | None] = refers_to("entry", index=True)
    sitting_id: Mapped[int | None] = refers_to("sitting")
    attempt: Mapped[int | None]
    criterion: Mapped[str | None] = mapped_column(String(64))
    kind: Mapped[RulingKind] = mapped_column(states(RulingKind, "ruling_kind"))
    value: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]

    entry: Mapped[Entry | None] = relationship()
    sitting: Mapped[Sitting | None] = relationship()
