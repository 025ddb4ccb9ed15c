"""What is judged: entries, their members, and their appearances in rounds."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.models.base import Base, Code, Key, PublicId, owned_by, refers_to, states
from contest.models.contests import Contest, Round
from contest.models.organizations import Person
from contest.models.panels import Panel, Sitting


class Entry(Base):
    """A talk or project in the contest. `code` is stable text ("08" is not 8) and is what people read and write.

    `masked`: an author is a minor, so the public reads 张* (see contest/visibility.py). `reading` is how the MC says
    the name. `batch_id` is the import it came with, which can be undone as one.
    """

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("contest_id", "code"),
        UniqueConstraint("contest_id", "position"),
        CheckConstraint("promoted_from_id IS NULL OR promoted_from_id <> id", name="not_promoted_from_itself"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    contest_id: Mapped[int] = owned_by("contest", index=False)
    code: Mapped[Code]
    position: Mapped[int]
    division: Mapped[str | None] = mapped_column(String(64))
    unit: Mapped[str | None] = mapped_column(String(200))
    name: Mapped[str | None] = mapped_column(String(200))
    title: Mapped[str | None] = mapped_column(String(200))
    promoted_from_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id", ondelete="SET NULL"))
    masked: Mapped[bool] = mapped_column(default=False, server_default=false())
    reading: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id", ondelete="RESTRICT"))

    contest: Mapped[Contest] = relationship()
    members: Mapped[list[Member]] = relationship(back_populates="entry", order_by="Member.position")


class MemberRole(enum.Enum):
    """What a member of an entry is to it."""

    AUTHOR = "author"
    TEACHER = "teacher"


class Member(Base):
    """A person of an entry, in the declared order."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("entry_id", "position"),)

    id: Mapped[Key]
    entry_id: Mapped[int] = owned_by("entry", index=False)
    person_id: Mapped[int] = refers_to("person")
    position: Mapped[int]
    role: Mapped[MemberRole] = mapped_column(states(MemberRole, "member_role"))

    entry: Mapped[Entry] = relationship(back_populates="members")
    person: Mapped[Person] = relationship()


class AppearanceStatus(enum.Enum):
    """Where an appearance stands in the running of the round."""

    WAITING = "waiting"  # 未到
    ARRIVED = "arrived"  # 到场
    STANDBY = "standby"  # 候场
    ON_STAGE = "on_stage"
    DONE = "done"


class Visibility(enum.Enum):
    """The appearance's clock of what may be seen."""

    HELD = "held"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


class Appearance(Base):
    """An entry in a round: its running order, the number people read, its panel, and whether its score is out."""

    __tablename__ = "appearance"
    __table_args__ = (
        UniqueConstraint("round_id", "entry_id"),
        UniqueConstraint("round_id", "panel_id", "position"),
        UniqueConstraint("round_id", "number"),
        CheckConstraint("visibility <> 'released' OR released_at IS NOT NULL", name="released_at_a_time"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    round_id: Mapped[int] = owned_by("round", index=False)
    entry_id: Mapped[int] = owned_by("entry")
    panel_id: Mapped[int] = refers_to("panel", index=True)
    position: Mapped[int]
    number: Mapped[Code]
    status: Mapped[AppearanceStatus] = mapped_column(
        states(AppearanceStatus, "appearance_status"), default=AppearanceStatus.WAITING
    )
    visibility: Mapped[Visibility] = mapped_column(states(Visibility, "visibility"), default=Visibility.HELD)
    released_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")
    # How often and when last the contestant was called; when the scorekeeper confirmed the deductions.
    calls: Mapped[int] = mapped_column(default=0, server_default="0")
    called_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship()
    entry: Mapped[Entry] = relationship()
    panel: Mapped[Panel] = relationship()

    @property
    def is_released(self) -> bool:
        """Whether its score may be shown to everybody."""
        return self.visibility is Visibility.RELEASED


class Assignment(Base):
    """Where a panel does not judge all its appearances: this sitting judges this one."""

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("appearance_id", "sitting_id"),)

    id: Mapped[Key]
    appearance_id: Mapped[int] = owned_by("appearance", index=False)
    sitting_id: Mapped[int] = owned_by("sitting")

    appearance: Mapped[Appearance] = relationship()
    sitting: Mapped[Sitting] = relationship()
