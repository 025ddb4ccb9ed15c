"""What is given: awards on a seal, the certificates that say so, and the batches they are printed in."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.models.base import Base, Code, Key, Line, PublicId, owned_by, refers_to, states
from contest.models.contests import Contest, Seal
from contest.models.entries import Entry
from contest.models.files import StoredFile


class Award(Base):
    """An award of the rule file given to an entry, resting on a numbered seal. `rank` 1 is the highest award."""

    __tablename__ = "award"
    __table_args__ = (
        UniqueConstraint("seal_id", "entry_id", "code"),
        CheckConstraint("rank >= 1", name="rank_from_one"),
        CheckConstraint("place IS NULL OR place >= 1", name="place_from_one"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    contest_id: Mapped[int] = owned_by("contest")
    seal_id: Mapped[int] = refers_to("seal")
    entry_id: Mapped[int] = refers_to("entry", index=True)
    code: Mapped[Code]
    title: Mapped[Line]
    title_en: Mapped[str] = mapped_column(String(200), default="")
    rank: Mapped[int]
    place: Mapped[int | None]
    given_at: Mapped[datetime]

    seal: Mapped[Seal] = relationship()
    entry: Mapped[Entry] = relationship()


class CertificateLayout(Base):
    """How a contest's certificates read: title, body with fields in braces, issuers, date, seal image, number.

    Teachers get certificates of their own where `teacher_body` is not empty.
    """

    __tablename__ = "certificate_layout"
    __table_args__ = (UniqueConstraint("contest_id"),)

    id: Mapped[Key]
    contest_id: Mapped[int] = owned_by("contest", index=False)
    title: Mapped[Line]
    body: Mapped[str] = mapped_column(Text)
    teacher_body: Mapped[str] = mapped_column(Text, default="")
    closing: Mapped[Line]
    issuers: Mapped[str] = mapped_column(Text)
    issued_on: Mapped[date | None]
    prefix: Mapped[str] = mapped_column(String(32))
    approval_note: Mapped[str] = mapped_column(String(200), default="")
    seal_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))

    seal_file: Mapped[StoredFile | None] = relationship()


class CertificateKind(enum.Enum):
    """Whom a certificate honours."""

    AUTHOR = "author"
    TEACHER = "teacher"


class Certificate(Base):
    """A certificate under its number, which is unique and never used again; what it says is in its versions."""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("contest_id", "number"),
        UniqueConstraint("award_id", "kind", "recipient"),
        CheckConstraint("revoked_at IS NOT NULL OR revoked_reason = ''", name="reason_of_a_revocation"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    contest_id: Mapped[int] = owned_by("contest", index=False)
    award_id: Mapped[int] = refers_to("award")
    kind: Mapped[CertificateKind] = mapped_column(states(CertificateKind, "certificate_kind"))
    # Which sheet of its award: 0 for all authors together, else the member's position.
    recipient: Mapped[int] = mapped_column(default=0)
    number: Mapped[Code]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(Text, default="")

    contest: Mapped[Contest] = relationship()
    award: Mapped[Award] = relationship()
    versions: Mapped[list[CertificateVersion]] = relationship(
        back_populates="certificate", order_by="CertificateVersion.version"
    )


class CertificateVersion(Base):
    """What a certificate says, fixed when issued; a correction is the next version. `code` opens its check page.

    `text` is a JSON map of every field that is printed, names included.
    """

    __tablename__ = "certificate_version"
    __table_args__ = (
        UniqueConstraint("certificate_id", "version"),
        CheckConstraint("version >= 1", name="version_from_one"),
    )

    id: Mapped[Key]
    certificate_id: Mapped[int] = owned_by("certificate", index=False)
    version: Mapped[int]
    code: Mapped[str] = mapped_column(String(32), unique=True)
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    issued_at: Mapped[datetime]

    certificate: Mapped[Certificate] = relationship(back_populates="versions")


class PrintState(enum.Enum):
    """How far a print batch has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class PrintBatch(Base):
    """Certificates put into one file in the background: `done` of its sheets are made; a restart goes on from there.

    `reason`: why what had been printed before is printed again. `address`: the check page its QR codes open.
    """

    __tablename__ = "print_batch"
    __table_args__ = (CheckConstraint("done >= 0", name="done_from_zero"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    contest_id: Mapped[int] = owned_by("contest")
    title: Mapped[Line]
    state: Mapped[PrintState] = mapped_column(states(PrintState, "print_state"), default=PrintState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(Text, default="")
    account_id: Mapped[int | None] = refers_to("account")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    sheets: Mapped[list[PrintSheet]] = relationship(back_populates="batch", order_by="PrintSheet.position")


class PrintSheet(Base):
    """A numbered sheet of a batch; `printed_at` once the print desk has ticked it."""

    __tablename__ = "print_sheet"
    __table_args__ = (
        UniqueConstraint("batch_id", "position"),
        CheckConstraint("position >= 1", name="position_from_one"),
    )

    id: Mapped[Key]
    batch_id: Mapped[int] = owned_by("print_batch", index=False)
    position: Mapped[int]
    version_id: Mapped[int] = refers_to("certificate_version")
    printed_at: Mapped[datetime | None]

    batch: Mapped[PrintBatch] = relationship(back_populates="sheets")
    version: Mapped[CertificateVersion] = relationship()
