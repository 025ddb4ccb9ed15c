"""How an entry comes in: the form on its way, what was submitted when, its files, a guardian's consent, the door."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.models.base import Base, Key, Line, PublicId, owned_by, refers_to, states
from contest.models.contests import Contest
from contest.models.entries import Entry
from contest.models.files import StoredFile
from contest.models.organizations import Account


class RegistrationState(enum.Enum):
    """The form's clock."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class Registration(Base):
    """A registration form on its way to becoming an entry. Whoever holds its code fills it in, on any device.

    `answers` is a JSON map of field name → text as typed. `version` rises with every change, so that two people who
    edit at once are told. The code card is derived from the server's key, `public_id` and `generation`; `code_hash`
    finds the form by its typed code. `extended_until` lets this one form in after the contest's deadline.
    """

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("contest_id", "receipt"),
        UniqueConstraint("entry_id"),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("generation >= 1", name="generation_from_one"),
        CheckConstraint("state = 'draft' OR state = 'withdrawn' OR receipt IS NOT NULL", name="submitted_with_receipt"),
        CheckConstraint("state <> 'approved' OR entry_id IS NOT NULL", name="approved_as_entry"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    contest_id: Mapped[int] = owned_by("contest")
    state: Mapped[RegistrationState] = mapped_column(
        states(RegistrationState, "registration_state"), default=RegistrationState.DRAFT
    )
    answers: Mapped[str] = mapped_column(Text, default="{}")
    page: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    generation: Mapped[int] = mapped_column(default=1)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    receipt: Mapped[str | None] = mapped_column(String(32))
    extended_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    entry_id: Mapped[int | None] = refers_to("entry")

    contest: Mapped[Contest] = relationship()
    entry: Mapped[Entry | None] = relationship()
    submissions: Mapped[list[Submission]] = relationship(back_populates="registration", order_by="Submission.number")
    materials: Mapped[list[Material]] = relationship(back_populates="registration", order_by="Material.id")
    consents: Mapped[list[Consent]] = relationship(back_populates="registration", order_by="Consent.id")


class Decision(enum.Enum):
    """What the review said of a submission."""

    APPROVED = "approved"
    RETURNED = "returned"


class Submission(Base):
    """The answers as they were submitted, and what the review decided. `fields`: JSON list of the unlocked ones."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("registration_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_at_a_time"),
    )

    id: Mapped[Key]
    registration_id: Mapped[int] = owned_by("registration", index=False)
    number: Mapped[int]
    answers: Mapped[str] = mapped_column(Text)
    submitted_at: Mapped[datetime]
    decision: Mapped[Decision | None] = mapped_column(states(Decision, "decision"))
    reason: Mapped[str] = mapped_column(Text, default="")
    fields: Mapped[str] = mapped_column(Text, default="[]")
    reviewer_id: Mapped[int | None] = refers_to("account")
    decided_at: Mapped[datetime | None]

    registration: Mapped[Registration] = relationship(back_populates="submissions")
    reviewer: Mapped[Account | None] = relationship()


class Slot(enum.Enum):
    """What a file of a registration is."""

    PHOTO = "photo"
    SLIDES = "slides"
    VIDEO = "video"
    CONSENT = "consent"  # the guardian's signed form


class Material(Base):
    """A file in a slot of a registration; a newer one replaces it and it stays for the history."""

    __tablename__ = "material"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    registration_id: Mapped[int] = owned_by("registration")
    slot: Mapped[Slot] = mapped_column(states(Slot, "slot"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))
    added_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]

    registration: Mapped[Registration] = relationship(back_populates="materials")
    file: Mapped[StoredFile] = relationship()


class ConsentBy(enum.Enum):
    """How a guardian agreed."""

    LINK = "link"  # on their own phone
    FORM = "form"  # a signed form was uploaded


class Consent(Base):
    """A guardian's consent to a minor's data, for the text version they read. Withdrawn, never deleted."""

    __tablename__ = "consent"
    __table_args__ = (CheckConstraint("method <> 'form' OR material_id IS NOT NULL", name="form_with_file"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    registration_id: Mapped[int] = owned_by("registration")
    method: Mapped[ConsentBy] = mapped_column(states(ConsentBy, "consent_method"))
    guardian: Mapped[Line]
    relation: Mapped[str] = mapped_column(String(32), default="")
    wording: Mapped[str] = mapped_column(String(32))
    material_id: Mapped[int | None] = mapped_column(ForeignKey("material.id", ondelete="RESTRICT"))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    registration: Mapped[Registration] = relationship(back_populates="consents")


class CheckIn(Base):
    """An entry that came through the door, once; undone, never deleted.

    `press` is the scan that made it: a device that was offline may send it again, and it counts once. `at` is when the
    contestant came, which is earlier than the ledger's row where the device was offline.
    """

    __tablename__ = "check_in"
    __table_args__ = (
        Index(
            "uq_check_in_standing", "entry_id", unique=True,
            sqlite_where=text("undone_at IS NULL"), postgresql_where=text("undone_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    entry_id: Mapped[int] = owned_by("entry")
    account_id: Mapped[int] = refers_to("account")
    door: Mapped[str] = mapped_column(String(64), default="")
    press: Mapped[str | None] = mapped_column(String(36), unique=True)
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    entry: Mapped[Entry] = relationship()
    account: Mapped[Account] = relationship()
