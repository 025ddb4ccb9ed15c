"""Files that people brought: what was uploaded and kept, and the spreadsheets whose rows came in as one batch."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.models.base import Base, Key, Line, PublicId, owned_by, refers_to
from contest.models.organizations import Account


class StoredFile(Base):
    """An uploaded file, kept under its SHA-256 in the uploads folder; `name` is what its owner called it."""

    __tablename__ = "stored_file"
    __table_args__ = (CheckConstraint("size >= 0", name="size_from_zero"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    contest_id: Mapped[int] = owned_by("contest")
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[Line]
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    stored_at: Mapped[datetime]


class ImportBatch(Base):
    """A spreadsheet that was brought in: read and shown first, imported by a press, undone as one.

    `made` is a JSON list of the public ids of what it made, for the undo. Marks typed from paper are imported by
    somebody else than `account`, who uploaded them.
    """

    __tablename__ = "import_batch"
    __table_args__ = (CheckConstraint("undone_at IS NULL OR imported_at IS NOT NULL", name="imported_before_undone"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    contest_id: Mapped[int] = owned_by("contest")
    kind: Mapped[str] = mapped_column(String(24))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))
    rows: Mapped[int] = mapped_column(default=0)
    made: Mapped[str] = mapped_column(Text, default="[]")
    account_id: Mapped[int | None] = refers_to("account")
    uploaded_at: Mapped[datetime]
    confirmer_id: Mapped[int | None] = refers_to("account")
    imported_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    file: Mapped[StoredFile] = relationship()
    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    confirmer: Mapped[Account | None] = relationship(foreign_keys=[confirmer_id])


class Attachment(Base):
    """A file for everybody on the contest's page: the notice, the scoring method, a form to fill in."""

    __tablename__ = "attachment"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    contest_id: Mapped[int] = owned_by("contest")
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))
    title: Mapped[Line]
    position: Mapped[int]

    file: Mapped[StoredFile] = relationship()
