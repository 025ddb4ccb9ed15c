"""The rule file that organizers are writing, apart from the versions that count."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.models.base import Base, Key, PublicId, owned_by, refers_to
from contest.models.contests import RuleVersion
from contest.models.organizations import Account


class RuleDraft(Base):
    """A contest's rule file as it is being edited; nothing follows it until it is put in force.

    `source` is always a file that the engine reads. `base` is the version in force when the draft was begun;
    `version` counts its saves, so that a second editor notices what the first one changed.
    """

    __tablename__ = "rule_draft"
    __table_args__ = (UniqueConstraint("contest_id"), CheckConstraint("version >= 1", name="version_from_one"))

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    contest_id: Mapped[int] = owned_by("contest", index=False)
    source: Mapped[bytes] = mapped_column(LargeBinary)
    base_id: Mapped[int] = refers_to("rule_version")
    version: Mapped[int]
    account_id: Mapped[int] = refers_to("account")
    changed_at: Mapped[datetime]

    base: Mapped[RuleVersion] = relationship()
    account: Mapped[Account] = relationship()

    @property
    def tag(self) -> str:
        """Which draft and which save of it this is: what an editor has seen, to be named when saving the next one."""
        return f"{self.public_id}.{self.version}"
