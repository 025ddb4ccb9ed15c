"""A contest, its rule versions and its rounds: what is held, by which rules, and how far each round has come."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.models.base import Base, Code, Key, Line, PublicId, owned_by, refers_to, states
from contest.models.organizations import Account, Organization


class Contest(Base):
    """One edition of a contest. `slug` is in its addresses, `public_id` in its ledger."""

    __tablename__ = "contest"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[Line]
    organization_id: Mapped[int] = refers_to("organization", index=True)
    time_zone: Mapped[str] = mapped_column(String(64), default="Asia/Shanghai")
    rehearsal: Mapped[bool] = mapped_column(default=False)
    epoch: Mapped[str] = mapped_column(String(24))
    created_at: Mapped[datetime]

    organization: Mapped[Organization] = relationship()
    rounds: Mapped[list[Round]] = relationship(back_populates="contest", order_by="Round.position")
    rule_versions: Mapped[list[RuleVersion]] = relationship(back_populates="contest", order_by="RuleVersion.number")


class RuleVersion(Base):
    """The bytes of a rule file as they were when they began to count. Never edited: a change is a new version."""

    __tablename__ = "rule_version"
    __table_args__ = (
        UniqueConstraint("contest_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
    )

    id: Mapped[Key]
    contest_id: Mapped[int] = owned_by("contest", index=False)
    number: Mapped[int]
    source: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]

    contest: Mapped[Contest] = relationship(back_populates="rule_versions")


class RoundState(enum.Enum):
    """The round's clock. Sheets and visibility have clocks of their own."""

    DRAFT = "draft"
    OPEN = "open"
    JUDGING = "judging"
    LOCKED = "locked"
    SEALED = "sealed"
    PUBLISHED = "published"


class Round(Base):
    """A stage of the contest in which appearances are judged; `code` is its id in the rule file."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("contest_id", "code"), UniqueConstraint("contest_id", "position"))

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    contest_id: Mapped[int] = owned_by("contest", index=False)
    code: Mapped[Code]
    position: Mapped[int]
    state: Mapped[RoundState] = mapped_column(states(RoundState, "round_state"), default=RoundState.DRAFT)

    contest: Mapped[Contest] = relationship(back_populates="rounds")
    seals: Mapped[list[Seal]] = relationship(back_populates="round", order_by="Seal.number")

    @property
    def is_judging(self) -> bool:
        """Whether marks count as they come in."""
        return self.state is RoundState.JUDGING

    @property
    def is_official(self) -> bool:
        """Whether its result is sealed."""
        return self.state in (RoundState.SEALED, RoundState.PUBLISHED)


class Act(enum.Enum):
    """An act that needs two people."""

    SEAL = "seal"
    REOPEN = "reopen"


class Approval(Base):
    """An act that needs two people: one proposes, another confirms; until then nothing happens."""

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint("confirmer_id IS NULL OR confirmer_id <> proposer_id", name="two_people"),
        CheckConstraint("(confirmer_id IS NULL) = (confirmed_at IS NULL)", name="confirmed_by_someone"),
        CheckConstraint("confirmed_at IS NULL OR withdrawn_at IS NULL", name="confirmed_or_withdrawn"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    round_id: Mapped[int] = owned_by("round")
    act: Mapped[Act] = mapped_column(states(Act, "act"))
    reason: Mapped[str] = mapped_column(Text, default="")
    proposer_id: Mapped[int] = refers_to("account")
    proposed_at: Mapped[datetime]
    confirmer_id: Mapped[int | None] = refers_to("account")
    confirmed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship()
    proposer: Mapped[Account] = relationship(foreign_keys=[proposer_id])
    confirmer: Mapped[Account | None] = relationship(foreign_keys=[confirmer_id])


class Recount(enum.Enum):
    """What the independent recount of a sealed round said."""

    PENDING = "pending"
    AGREES = "agrees"
    DIFFERS = "differs"


class Seal(Base):
    """A round's result made official: its standings, the rules' hash and the ledger's head, numbered and kept."""

    __tablename__ = "seal"
    __table_args__ = (UniqueConstraint("round_id", "number"), CheckConstraint("number >= 1", name="number_from_one"))

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    round_id: Mapped[int] = owned_by("round", index=False)
    number: Mapped[int]
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id", ondelete="RESTRICT"), unique=True)
    rule_version_id: Mapped[int] = refers_to("rule_version")
    standings: Mapped[str] = mapped_column(Text)
    rules_sha256: Mapped[str] = mapped_column(String(64))
    ledger_seq: Mapped[int]
    ledger_hash: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]
    recount: Mapped[Recount] = mapped_column(states(Recount, "recount"), default=Recount.PENDING)

    round: Mapped[Round] = relationship(back_populates="seals")
    approval: Mapped[Approval] = relationship()
