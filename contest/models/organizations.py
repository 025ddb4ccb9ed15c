"""Who runs and who belongs: organizations in a tree, people, and the accounts that sign in (apart from people)."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.models.base import Base, Key, Line, PublicId, owned_by, states


class Level(enum.Enum):
    """Where an organization stands in the tree 省 → 市 → 县 → 校; societies and venues stand beside it."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    SCHOOL = "school"
    SOCIETY = "society"
    VENUE = "venue"


class Organization(Base):
    """A science association, school, society or venue; it owns contests."""

    __tablename__ = "organization"
    __table_args__ = (CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(String(200), unique=True)
    level: Mapped[Level] = mapped_column(states(Level, "level"), default=Level.SOCIETY)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id", ondelete="RESTRICT"), index=True)


class Person(Base):
    """A human being as the contest knows one: a judge, a contestant, a teacher. Signing in needs an Account."""

    __tablename__ = "person"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    name: Mapped[Line]
    birth_date: Mapped[date | None]


class Account(Base):
    """A sign-in for staff. Judges need none: they sit down with a printed card.

    A new account, and one whose password was lost, has a one-time code (only its hash is kept) with which its owner
    chooses the password.
    """

    __tablename__ = "account"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    username: Mapped[str] = mapped_column(String(64), unique=True)
    display_name: Mapped[Line]
    password_hash: Mapped[Line]
    language: Mapped[str] = mapped_column(String(8), default="zh")
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    code_hash: Mapped[str | None] = mapped_column(String(64))
    code_expires_at: Mapped[datetime | None]

    memberships: Mapped[list[Membership]] = relationship(back_populates="account")
    duties: Mapped[list[Duty]] = relationship(back_populates="account")


class Membership(Base):
    """An account that works for an organization is an organizer of all its contests."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("account_id", "organization_id"),)

    id: Mapped[Key]
    account_id: Mapped[int] = owned_by("account", index=False)
    organization_id: Mapped[int] = owned_by("organization")

    account: Mapped[Account] = relationship(back_populates="memberships")
    organization: Mapped[Organization] = relationship()


class Role(enum.Enum):
    """What an account may do in one contest."""

    ORGANIZER = "organizer"
    CHIEF = "chief"
    SCOREKEEPER = "scorekeeper"
    SUPERVISOR = "supervisor"
    STEWARD = "steward"  # 签到
    CALLER = "caller"  # 检录
    TIMER = "timer"  # 计时
    MC = "mc"  # 主持
    OPERATOR = "operator"  # 大屏


class Duty(Base):
    """A role that an account holds in one contest."""

    __tablename__ = "duty"
    __table_args__ = (UniqueConstraint("account_id", "contest_id", "role"),)

    id: Mapped[Key]
    account_id: Mapped[int] = owned_by("account", index=False)
    contest_id: Mapped[int] = owned_by("contest")
    role: Mapped[Role] = mapped_column(states(Role, "role"))

    account: Mapped[Account] = relationship(back_populates="duties")
