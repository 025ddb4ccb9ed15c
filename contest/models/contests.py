"""A contest, its rule versions and its rounds: what is held, by which rules, and how far each round has come."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.models.base import Base, Code, Key, Line, PublicId, owned_by, refers_to, states
from contest.models.organizations import Account, Organization


class ReleaseMode(enum.Enum):
    """When a score is said: at once, when the next contestant has been on (lag-1), or not before the ceremony."""

    IMMEDIATE = "immediate"
    LAG_1 = "lag_1"
    HELD = "held"


class Contest(Base):
    """One edition of a contest. `slug` is in its addresses, `public_id` in its ledger.

    What the public reads of it stays hidden until `published_at`; `awards_published_at` is a switch of its own, so
    that no page or certificate gives the ceremony away. Ages are full years on the day of `starts_at`.
    """

    __tablename__ = "contest"
    __table_args__ = (
        CheckConstraint("quota IS NULL OR quota >= 1", name="quota_from_one"),
        CheckConstraint("min_age IS NULL OR max_age IS NULL OR min_age <= max_age", name="ages_in_order"),
        CheckConstraint(
            "registration_opens_at IS NULL OR registration_closes_at IS NULL"
            " OR registration_opens_at < registration_closes_at",
            name="registration_forwards",
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[Line]
    organization_id: Mapped[int] = refers_to("organization", index=True)
    time_zone: Mapped[str] = mapped_column(String(64), default="Asia/Shanghai")
    rehearsal: Mapped[bool] = mapped_column(default=False)
    epoch: Mapped[str] = mapped_column(String(24))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    title_en: Mapped[str | None] = mapped_column(String(200))
    edition: Mapped[str] = mapped_column(String(64), default="", server_default=text("''"))
    summary: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    summary_en: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    place: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    contact: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    starts_at: Mapped[datetime | None]
    registration_opens_at: Mapped[datetime | None]
    registration_closes_at: Mapped[datetime | None]
    quota: Mapped[int | None]
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    # The public reads a masked name of whoever is younger than this on the day: 张*.
    mask_below: Mapped[int] = mapped_column(default=18, server_default="18")
    release_mode: Mapped[ReleaseMode] = mapped_column(
        states(ReleaseMode, "release_mode"), default=ReleaseMode.IMMEDIATE, server_default="immediate"
    )
    # An office of one: seals need no second person, and the minutes say so.
    one_person: Mapped[bool] = mapped_column(default=False, server_default=false())
    awards_published_at: Mapped[datetime | None]
    notice_closes_at: Mapped[datetime | None]
    objection: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))

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
    """A stage of the contest in which appearances are judged; `code` is its id in the rule file.

    `advances`: how many of its best are meant to go on to the next round.
    """

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("contest_id", "code"), UniqueConstraint("contest_id", "position"))

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    contest_id: Mapped[int] = owned_by("contest", index=False)
    code: Mapped[Code]
    position: Mapped[int]
    state: Mapped[RoundState] = mapped_column(states(RoundState, "round_state"), default=RoundState.DRAFT)
    advances: Mapped[int | None]

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
        # In an office of one nobody confirms; `alone` says so for good.
        CheckConstraint(
            "alone AND confirmer_id IS NULL OR (confirmer_id IS NULL) = (confirmed_at IS NULL)",
            name="confirmed_by_someone",
        ),
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
    alone: Mapped[bool] = mapped_column(default=False, server_default=false())

    round: Mapped[Round] = relationship()
    proposer: Mapped[Account] = relationship(foreign_keys=[proposer_id])
    confirmer: Mapped[Account | None] = relationship(foreign_keys=[confirmer_id])


class Recount(enum.Enum):
    """What the independent recount of a sealed round said."""

    PENDING = "pending"
    AGREES = "agrees"
    DIFFERS = "differs"


class Seal(Base):
    """A round's result made official: its standings, the rules' hash and the ledger's head, numbered and kept.

    `facts`: what the standings were computed from, without people (contest.keeping); seals of older versions have none.
    """

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
    facts: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    ledger_seq: Mapped[int]
    ledger_hash: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]
    recount: Mapped[Recount] = mapped_column(states(Recount, "recount"), default=Recount.PENDING)

    round: Mapped[Round] = relationship(back_populates="seals")
    approval: Mapped[Approval] = relationship()
