"""What judges give: sheets of marks, and the tablets' messages that carried them."""

from __future__ import annotations

import enum
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.models.base import Base, Code, Key, owned_by, refers_to, states
from contest.models.entries import Appearance
from contest.models.panels import Sitting


class SheetKind(enum.Enum):
    """A first mark or a review mark."""

    MARK = "mark"
    REVIEW = "review"


class SheetState(enum.Enum):
    """The sheet's clock. To the judge `submitted` and `locked` both read 已锁定."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    LOCKED = "locked"
    RETURNED = "returned"


class Sheet(Base):
    """One judge's marks for one appearance. `version` rises with every change; whole snapshots replace its marks."""

    __tablename__ = "sheet"
    __table_args__ = (
        UniqueConstraint("appearance_id", "attempt", "sitting_id", "kind"),
        CheckConstraint("attempt >= 1", name="attempt_from_one"),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("state NOT IN ('submitted', 'locked') OR ledger_seq IS NOT NULL", name="submitted_in_ledger"),
    )

    id: Mapped[Key]
    appearance_id: Mapped[int] = owned_by("appearance", index=False)
    attempt: Mapped[int] = mapped_column(default=1)
    sitting_id: Mapped[int] = owned_by("sitting")
    kind: Mapped[SheetKind] = mapped_column(states(SheetKind, "sheet_kind"), default=SheetKind.MARK)
    state: Mapped[SheetState] = mapped_column(states(SheetState, "sheet_state"), default=SheetState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    # The lease that made the newest version (None: staff did), and the newest version that it did not make: a message
    # of that lease based on `foreign_version` or later has seen every change that others made to this sheet.
    lease_id: Mapped[int | None] = refers_to("lease")
    foreign_version: Mapped[int] = mapped_column(default=0)
    rule_version_id: Mapped[int] = refers_to("rule_version")
    note: Mapped[str] = mapped_column(Text, default="")
    returned_reason: Mapped[str] = mapped_column(Text, default="")
    ledger_seq: Mapped[int | None]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]

    appearance: Mapped[Appearance] = relationship()
    sitting: Mapped[Sitting] = relationship()
    marks: Mapped[list[Mark]] = relationship(
        back_populates="sheet", cascade="all, delete-orphan", order_by="Mark.id", lazy="selectin"
    )

    @property
    def is_final(self) -> bool:
        """Whether the judge can no longer change it."""
        return self.state in (SheetState.SUBMITTED, SheetState.LOCKED)


class Mark(Base):
    """One criterion's mark on a sheet, in points, exact."""

    __tablename__ = "mark"
    __table_args__ = (UniqueConstraint("sheet_id", "criterion"),)

    id: Mapped[Key]
    sheet_id: Mapped[int] = owned_by("sheet", index=False)
    criterion: Mapped[Code]
    value: Mapped[Decimal]

    sheet: Mapped[Sheet] = relationship(back_populates="marks")


class MessageResult(enum.Enum):
    """What became of a tablet's message."""

    SAVED = "saved"
    SUBMITTED = "submitted"
    SUPERSEDED = "superseded"
    STRAY = "stray"
    REFUSED = "refused"


class StrayDecision(enum.Enum):
    """What the chief judge decided about a stray message."""

    ACCEPTED = "accepted"
    SET_ASIDE = "set_aside"


class Message(Base):
    """A tablet's message and the answer it got, stored together: a repeat gets the same bytes and changes nothing."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("sitting_id", "uid"),
        CheckConstraint("decision IS NULL OR result = 'stray'", name="only_strays_are_decided"),
    )

    id: Mapped[Key]
    sitting_id: Mapped[int] = owned_by("sitting", index=False)
    lease_id: Mapped[int] = refers_to("lease")
    uid: Mapped[str] = mapped_column(String(36))
    n: Mapped[int]
    sheet_id: Mapped[int | None] = refers_to("sheet", index=True)
    result: Mapped[MessageResult] = mapped_column(states(MessageResult, "message_result"))
    appearance_id: Mapped[int | None] = refers_to("appearance", index=True)
    body: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]
    decision: Mapped[StrayDecision | None] = mapped_column(states(StrayDecision, "stray_decision"))
    decided_at: Mapped[datetime | None]

    sitting: Mapped[Sitting] = relationship()
    appearance: Mapped[Appearance | None] = relationship()


class Signature(Base):
    """A judge's signature below all own sheets of a round. Another one is another row; the newest counts.

    `sheets` is the canonical list it stands for (appearance, attempt, kind, ledger number and hash of each sheet) and
    `digest` its sha256: once a sheet is handed in anew or corrected, the list is another one and is signed again.
    """

    __tablename__ = "signature"
    __table_args__ = (
        UniqueConstraint("round_id", "sitting_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("(strokes IS NULL) <> (typed IS NULL)", name="by_hand_or_typed"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = owned_by("round", index=False)
    sitting_id: Mapped[int] = owned_by("sitting")
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    sheets: Mapped[str] = mapped_column(Text)
    strokes: Mapped[str | None] = mapped_column(Text)
    typed: Mapped[str | None] = mapped_column(String(200))
    ledger_seq: Mapped[int]
    signed_at: Mapped[datetime]

    sitting: Mapped[Sitting] = relationship()
