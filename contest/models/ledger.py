"""The ledger's tables: one head per contest and the chained rows behind it. `contest/ledger.py` writes them."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.models.base import Base, Key, Line, owned_by, states


class Action(enum.Enum):
    """Everything that can change a result, or that a dispute may ask about."""

    CONTEST_IMPORTED = "contest_imported"
    RULES_ADOPTED = "rules_adopted"
    ROUND_MOVED = "round_moved"
    SHEET_SUBMITTED = "sheet_submitted"
    SHEET_RETURNED = "sheet_returned"
    SHEET_CORRECTED = "sheet_corrected"
    MESSAGE_STRAYED = "message_strayed"
    STRAY_DECIDED = "stray_decided"
    CARD_REVOKED = "card_revoked"
    SEAT_TAKEN = "seat_taken"
    ADJUSTED = "adjusted"
    ADJUSTMENT_CANCELLED = "adjustment_cancelled"
    RULED = "ruled"
    RULING_CANCELLED = "ruling_cancelled"
    RELEASED = "released"
    RELEASE_WITHDRAWN = "release_withdrawn"
    APPROVAL_PROPOSED = "approval_proposed"
    APPROVAL_WITHDRAWN = "approval_withdrawn"
    ROUND_SEALED = "round_sealed"
    ROUND_REOPENED = "round_reopened"
    ENTRY_ACCEPTED = "entry_accepted"
    ENTRY_CORRECTED = "entry_corrected"
    ROWS_IMPORTED = "rows_imported"
    IMPORT_UNDONE = "import_undone"
    CHECKED_IN = "checked_in"
    CHECK_IN_UNDONE = "check_in_undone"
    ORDER_DRAWN = "order_drawn"
    ORDER_CHANGED = "order_changed"
    ENTRIES_ADVANCED = "entries_advanced"
    PANEL_CHANGED = "panel_changed"
    OFFICE_CHANGED = "office_changed"
    CLOCK_PRESSED = "clock_pressed"
    CLOCK_UNDONE = "clock_undone"
    AWARDS_GIVEN = "awards_given"
    AWARDS_PUBLISHED = "awards_published"
    AWARDS_HIDDEN = "awards_hidden"
    CERTIFICATE_ISSUED = "certificate_issued"
    CERTIFICATE_CORRECTED = "certificate_corrected"
    CERTIFICATE_REVOKED = "certificate_revoked"
    ADDRESS_CHANGED = "address_changed"
    SHEETS_SIGNED = "sheets_signed"


class LedgerHead(Base):
    """The newest row of a contest's chain. Locking this row is the contest's one mutex."""

    __tablename__ = "ledger_head"

    contest_id: Mapped[int] = owned_by("contest", index=False)
    id: Mapped[Key]
    seq: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("contest_id"), CheckConstraint("seq >= 0", name="seq_from_zero"))


class LedgerRow(Base):
    """One fact, chained to the one before by its hash. Payloads hold ids only and may be purged; the chain stays."""

    __tablename__ = "ledger_row"
    __table_args__ = (
        UniqueConstraint("contest_id", "seq"),
        CheckConstraint("seq >= 1", name="seq_from_one"),
        CheckConstraint("(payload IS NULL) = (salt IS NULL)", name="payload_with_salt"),
    )

    id: Mapped[Key]
    contest_id: Mapped[int] = owned_by("contest", index=False)
    seq: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[Line]
    device: Mapped[Line]
    action: Mapped[Action] = mapped_column(states(Action, "action"))
    subject: Mapped[Line]
    payload: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    digest: Mapped[str] = mapped_column(String(64))
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class LedgerWords(Base):
    """The words that a row replaced and what stands now, as JSON {field: [before, after]}: personal data.

    They are kept beside the row, whose payload has their salted digest, and may be deleted; the chain stays.
    """

    __tablename__ = "ledger_words"

    id: Mapped[Key]
    row_id: Mapped[int] = mapped_column(ForeignKey("ledger_row.id", ondelete="CASCADE"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
