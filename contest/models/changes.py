"""What one person proposes and another confirms while a contest runs: other rules, a place or an award by decision."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.models.base import Base, Key, PublicId, owned_by, refers_to, states
from contest.models.contests import Round, RuleVersion
from contest.models.entries import Entry
from contest.models.findings import Ruling
from contest.models.organizations import Account

OPEN = text("confirmed_at IS NULL AND withdrawn_at IS NULL")


class RuleChange(Base):
    """A proposed rule file with its reason; nothing follows it until a second person confirms it.

    `base` is the version in force when it was proposed, `version` the one that the confirmation made of it, and
    `effect` what it moved at that moment (canonical JSON, contest/amending.py). A contest has one open at most.
    """

    __tablename__ = "rule_change"
    __table_args__ = (
        CheckConstraint("confirmer_id IS NULL OR confirmer_id <> proposer_id", name="two_people"),
        # In an office of one nobody confirms; `alone` says so for good.
        CheckConstraint(
            "(confirmed_at IS NOT NULL) = (alone OR confirmer_id IS NOT NULL)"
            " AND NOT (alone AND confirmer_id IS NOT NULL)",
            name="confirmed_by_someone",
        ),
        CheckConstraint("confirmed_at IS NULL OR withdrawn_at IS NULL", name="confirmed_or_withdrawn"),
        CheckConstraint(
            "(confirmed_at IS NULL) = (version_id IS NULL) AND (version_id IS NULL) = (effect IS NULL)",
            name="confirmed_with_effect",
        ),
        CheckConstraint("reason <> ''", name="with_reason"),
        Index("uq_rule_change_open", "contest_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    contest_id: Mapped[int] = owned_by("contest")
    base_id: Mapped[int] = refers_to("rule_version")
    source: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    proposer_id: Mapped[int] = refers_to("account")
    proposed_at: Mapped[datetime]
    confirmer_id: Mapped[int | None] = refers_to("account")
    confirmed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    alone: Mapped[bool] = mapped_column(default=False, server_default=false())
    version_id: Mapped[int | None] = mapped_column(ForeignKey("rule_version.id", ondelete="RESTRICT"), unique=True)
    effect: Mapped[str | None] = mapped_column(Text)

    base: Mapped[RuleVersion] = relationship(foreign_keys=[base_id])
    version: Mapped[RuleVersion | None] = relationship(foreign_keys=[version_id])
    proposer: Mapped[Account] = relationship(foreign_keys=[proposer_id])
    confirmer: Mapped[Account | None] = relationship(foreign_keys=[confirmer_id])

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a second person."""
        return self.confirmed_at is None and self.withdrawn_at is None


class Decides(enum.Enum):
    """What a jury may decide otherwise than the rules."""

    PLACE = "place"
    AWARD = "award"


class Override(Base):
    """A decision against the computed result, with its reason; it counts when a second person confirms it.

    `round` None means the result out of several rounds. `value` is the place, or the award's code or "none"; None
    means that the computed result counts again. `ruling` is what the confirmation made of it.
    """

    __tablename__ = "result_override"
    __table_args__ = (
        CheckConstraint("confirmer_id IS NULL OR confirmer_id <> proposer_id", name="two_people"),
        # In an office of one nobody confirms; `alone` says so for good.
        CheckConstraint(
            "(confirmed_at IS NOT NULL) = (alone OR confirmer_id IS NOT NULL)"
            " AND NOT (alone AND confirmer_id IS NOT NULL)",
            name="confirmed_by_someone",
        ),
        CheckConstraint("confirmed_at IS NULL OR withdrawn_at IS NULL", name="confirmed_or_withdrawn"),
        CheckConstraint(
            "ruling_id IS NULL OR confirmed_at IS NOT NULL AND value IS NOT NULL", name="ruled_when_confirmed"
        ),
        CheckConstraint("reason <> ''", name="with_reason"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    contest_id: Mapped[int] = owned_by("contest")
    round_id: Mapped[int | None] = refers_to("round")
    entry_id: Mapped[int] = refers_to("entry", index=True)
    kind: Mapped[Decides] = mapped_column(states(Decides, "decides"))
    value: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    proposer_id: Mapped[int] = refers_to("account")
    proposed_at: Mapped[datetime]
    confirmer_id: Mapped[int | None] = refers_to("account")
    confirmed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    alone: Mapped[bool] = mapped_column(default=False, server_default=false())
    ruling_id: Mapped[int | None] = mapped_column(ForeignKey("ruling.id", ondelete="RESTRICT"), unique=True)

    round: Mapped[Round | None] = relationship()
    entry: Mapped[Entry] = relationship()
    ruling: Mapped[Ruling | None] = relationship()
    proposer: Mapped[Account] = relationship(foreign_keys=[proposer_id])
    confirmer: Mapped[Account | None] = relationship(foreign_keys=[confirmer_id])

    @property
    def is_open(self) -> bool:
        """Whether it waits for a second person."""
        return self.confirmed_at is None and self.withdrawn_at is None
