"""The running of a round: the draw that ordered it, its breaks, and the presses of the talk clock."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.models.base import Base, Code, Key, Line, PublicId, owned_by, refers_to, states
from contest.models.contests import Round
from contest.models.entries import Appearance
from contest.models.organizations import Account


class Draw(Base):
    """A drawn running order. Anyone can draw it again from `seed` and the entries' codes; `commitment` is its hash.

    `order` is a JSON list of blocks of codes, empty while only the commitment is known. Set by hand, it has no seed.
    """

    __tablename__ = "draw"
    __table_args__ = (UniqueConstraint("round_id", "number"), CheckConstraint("number >= 1", name="number_from_one"))

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    round_id: Mapped[int] = owned_by("round", index=False)
    number: Mapped[int]
    seed: Mapped[str] = mapped_column(String(64))
    commitment: Mapped[str] = mapped_column(String(64))
    order: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int | None] = refers_to("account")
    drawn_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship()
    account: Mapped[Account | None] = relationship()

    @property
    def by_hand(self) -> bool:
        """Whether somebody arranged the order instead of drawing it."""
        return not self.seed

    @property
    def is_drawn(self) -> bool:
        """Whether there is an order yet, and not only a commitment to a seed."""
        return self.order != "[]"


class Break(Base):
    """A pause between two blocks of a round, after the appearance with this running-order position."""

    __tablename__ = "break"
    __table_args__ = (
        UniqueConstraint("round_id", "after"),
        CheckConstraint("after >= 1", name="after_from_one"),
        CheckConstraint("minutes IS NULL OR minutes >= 1", name="minutes_from_one"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    round_id: Mapped[int] = owned_by("round", index=False)
    after: Mapped[int]
    title: Mapped[Line]
    minutes: Mapped[int | None]

    round: Mapped[Round] = relationship()


class ClockAct(enum.Enum):
    """What was pressed on the talk clock."""

    START = "start"
    PAUSE = "pause"


class ClockPress(Base):
    """A press of the talk clock, by the server's time; undone, never deleted. `segment` is a part of the talk."""

    __tablename__ = "clock_press"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    appearance_id: Mapped[int] = owned_by("appearance")
    segment: Mapped[Code]
    act: Mapped[ClockAct] = mapped_column(states(ClockAct, "clock_act"))
    # The press of a button that made it: pressed twice, it exists once.
    press: Mapped[str | None] = mapped_column(String(36), unique=True)
    account_id: Mapped[int | None] = refers_to("account")
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    appearance: Mapped[Appearance] = relationship()
