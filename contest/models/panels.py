"""Who judges: panels of seats, the people who sit on them, and the tablets they use."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.models.base import Base, Code, Key, Line, PublicId, owned_by, refers_to, states
from contest.models.contests import Contest, Round
from contest.models.organizations import Person


class Panel(Base):
    """A group of judges; it may serve several rounds."""

    __tablename__ = "panel"
    __table_args__ = (UniqueConstraint("contest_id", "code"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    contest_id: Mapped[int] = owned_by("contest", index=False)
    code: Mapped[Code]

    contest: Mapped[Contest] = relationship()
    seats: Mapped[list[Seat]] = relationship(back_populates="panel", order_by="Seat.number")


class SeatRole(enum.Enum):
    """Whether a seat's marks make the score or only break ties."""

    SCORING = "scoring"
    TIEBREAK = "tiebreak"


class Seat(Base):
    """A chair of a panel. Its printed card stays valid until `card_generation` is raised."""

    __tablename__ = "seat"
    __table_args__ = (
        UniqueConstraint("panel_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("card_generation >= 1", name="generation_from_one"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    panel_id: Mapped[int] = owned_by("panel", index=False)
    number: Mapped[int]
    role: Mapped[SeatRole] = mapped_column(states(SeatRole, "seat_role"), default=SeatRole.SCORING)
    card_generation: Mapped[int] = mapped_column(default=1)

    panel: Mapped[Panel] = relationship(back_populates="seats")
    sittings: Mapped[list[Sitting]] = relationship(back_populates="seat", order_by="Sitting.id")


class Sitting(Base):
    """A person on a seat. `code` is the judge's name in the contest folder ("J4", then "J4b" for a substitute)."""

    __tablename__ = "sitting"
    __table_args__ = (UniqueConstraint("seat_id", "code"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    seat_id: Mapped[int] = owned_by("seat", index=False)
    person_id: Mapped[int] = refers_to("person")
    code: Mapped[Code]

    seat: Mapped[Seat] = relationship(back_populates="sittings")
    person: Mapped[Person] = relationship()
    spans: Mapped[list[Span]] = relationship(back_populates="sitting", order_by="Span.id")


class Span(Base):
    """From which to which running-order number of a round a sitting counts; an open end is NULL.

    A sitting with no span counts in every round its panel serves; with spans, only in the rounds they name.
    """

    __tablename__ = "span"
    __table_args__ = (
        UniqueConstraint("sitting_id", "round_id"),
        CheckConstraint("first IS NULL OR last IS NULL OR first <= last", name="forwards"),
    )

    id: Mapped[Key]
    sitting_id: Mapped[int] = owned_by("sitting", index=False)
    round_id: Mapped[int] = owned_by("round")
    first: Mapped[int | None]
    last: Mapped[int | None]

    sitting: Mapped[Sitting] = relationship(back_populates="spans")
    round: Mapped[Round] = relationship()


class Lease(Base):
    """One device on one sitting. The newest lease of a seat is the active one; older ones may still flush."""

    __tablename__ = "lease"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    sitting_id: Mapped[int] = owned_by("sitting")
    secret_hash: Mapped[str] = mapped_column(String(64))
    card_generation: Mapped[int]
    device: Mapped[Line]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]

    sitting: Mapped[Sitting] = relationship()
