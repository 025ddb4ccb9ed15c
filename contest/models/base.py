"""Column types and the declarative base: how ids, times, decimals and states are stored in every table."""

from __future__ import annotations

import enum
import secrets
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from sqlalchemy import DateTime, Dialect, Enum, ForeignKey, MetaData, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Stored in UTC, always aware in Python; a naive time is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Exact(TypeDecorator[Decimal]):
    """A Decimal stored as its own text, so that no database turns a mark into a float."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if not isinstance(value, Decimal) or not value.is_finite():
            raise ValueError(f"not a finite decimal: {value!r}")
        return format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


def states(kind: type[enum.Enum], name: str) -> Enum:
    """A column of one of an enum's values, kept readable in the database and guarded by a CHECK constraint."""
    return Enum(
        kind, name=name, native_enum=False, create_constraint=True, validate_strings=True, length=24,
        values_callable=lambda members: [member.value for member in members],
    )  # fmt: skip


def new_public_id() -> str:
    """An opaque id for addresses and the ledger: 96 random bits, 16 characters."""
    return secrets.token_urlsafe(12)


class Base(DeclarativeBase):
    """The one metadata of all tables; constraint names are the same on every database."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime, Decimal: Exact, str: Text}


Key = Annotated[int, mapped_column(primary_key=True)]
PublicId = Annotated[str, mapped_column(String(24), unique=True, default=new_public_id)]
Code = Annotated[str, mapped_column(String(64))]
Line = Annotated[str, mapped_column(String(200))]


def owned_by(table: str, *, index: bool = True) -> Any:
    """A reference to a row that this one cannot outlive."""
    return mapped_column(ForeignKey(f"{table}.id", ondelete="CASCADE"), index=index)


def refers_to(table: str, *, index: bool = False) -> Any:
    """A reference to a row that must stay while this one does."""
    return mapped_column(ForeignKey(f"{table}.id", ondelete="RESTRICT"), index=index)
