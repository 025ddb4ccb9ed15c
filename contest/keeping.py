"""The facts that a seal rests on, kept with it: what was sealed can be recounted whatever changes later."""

from __future__ import annotations

import json
import zlib
from dataclasses import MISSING, fields
from decimal import Decimal
from typing import Any, get_args, get_type_hints

from contest.anonymity import nameless
from contest.rules import Facts


def pack(facts: Facts) -> bytes:
    """The facts without names, units, topics and members, small enough to lie beside a seal."""
    bare = nameless(facts)
    tables = {
        table.name: [
            {column.name: value for column in fields(row) if (value := getattr(row, column.name)) is not None}
            for row in getattr(bare, table.name)
        ]
        for table in fields(bare)
    }
    return zlib.compress(json.dumps(tables, ensure_ascii=False, default=_text).encode(), 9)


def unpack(kept: bytes) -> Facts:
    """The facts that `pack` was given, less what it leaves out."""
    tables: dict[str, list[dict[str, Any]]] = json.loads(zlib.decompress(kept))
    kinds = {name: get_args(hint)[0] for name, hint in get_type_hints(Facts).items()}
    return Facts(**{name: tuple(_row(kinds[name], row) for row in rows) for name, rows in tables.items()})


def _text(value: object) -> str:
    if not isinstance(value, Decimal):
        raise TypeError(f"a fact holds texts, whole numbers and decimals, not {value!r}")
    return format(value, "f")


def _row(kind: Any, row: dict[str, Any]) -> Any:
    hints = get_type_hints(kind)
    given = {
        name: Decimal(value) if Decimal in (hints[name], *get_args(hints[name])) else value
        for name, value in row.items()
    }
    blank = {column.name: None for column in fields(kind) if column.default is MISSING}
    return kind(**blank | given)
