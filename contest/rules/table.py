"""A table of a rule file, read key by key with its type; every error carries the dotted key."""
from __future__ import annotations

import re
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from contest.rules.errors import RuleFileError
from contest.rules.keys import KEYS
from contest.rules.numbers import Rounding, RoundingMode, is_bounded
from contest.rules.shape import Text

MAX_NAMED = 200
MAX_TEXT = 500
_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
E = TypeVar("E", bound=StrEnum)


def dotted(path: tuple[str | int, ...]) -> str:
    """rounds.final.after[2].floor; a part that is not a bare TOML key is quoted."""
    out = ""
    for part in path:
        if isinstance(part, int):
            out += f"[{part}]"
            continue
        shown = part if len(part) <= 80 else part[:80] + "…"
        if _BARE.fullmatch(shown) is None:
            shown = '"' + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown) + '"'
        out += ("." if out else "") + shown
    return out


class Table:
    """`data` at `path`; `kind` is its name in KEYS, or None for a table whose keys are names chosen by the author."""

    def __init__(self, source: str, data: dict[str, Any], path: tuple[str | int, ...], kind: str | None) -> None:
        self.source = source
        self.data = data
        self.path = path
        if kind is not None:
            for key in data:
                if key not in KEYS[kind]:
                    self.unknown(key, KEYS[kind])

    def fail(self, key: str | int | None, found: object, wanted: str, **args: Any) -> NoReturn:
        """Raise a RuleFileError about `key` of this table (None: the table itself)."""
        path = self.path if key is None else (*self.path, key)
        raise RuleFileError(self.source, dotted(path), found, wanted, **args)

    def unknown(self, key: str, known: tuple[str, ...] | list[str], at: str | int | None = None) -> NoReturn:
        """Raise: `key` is none of `known`; the nearest known one is suggested."""
        names = list(known)
        near = get_close_matches(key[:80], names, n=1, cutoff=0.5)
        place = key if at is None else at
        if near:
            self.fail(place, key, "known_near", near=near[0], known=names)
        self.fail(place, key, "known", known=names)

    def value(self, key: str, wanted: str, **args: Any) -> Any:
        """The raw value of a required key."""
        if key not in self.data:
            self.fail(key, None, wanted, **args)
        return self.data[key]

    def text(self, key: str) -> Text:
        """A required text: { zh = "…", en = "…" }, or one string that serves both languages."""
        raw = self.value(key, "text")
        if isinstance(raw, str):
            return Text(self._line(key, raw), self._line(key, raw))
        if not isinstance(raw, dict):
            self.fail(key, raw, "text")
        inner = Table(self.source, raw, (*self.path, key), "text")
        zh, en = inner.value("zh", "string"), inner.value("en", "string")
        return Text(inner._line("zh", zh), inner._line("en", en))

    def _line(self, key: str, raw: object) -> str:
        if not isinstance(raw, str) or not raw.strip() or len(raw) > MAX_TEXT or not raw.isprintable():
            self.fail(key, raw, "string")
        return raw

    def number(self, key: str, default: Decimal) -> Decimal:
        """A number, or `default` where the key is absent."""
        return self.as_number(key, self.data[key]) if key in self.data else default

    def optional_number(self, key: str) -> Decimal | None:
        """A number, or None where the key is absent."""
        return self.as_number(key, self.data[key]) if key in self.data else None

    def needed_number(self, key: str) -> Decimal:
        """A required number."""
        return self.as_number(key, self.value(key, "number"))

    def as_number(self, key: str | int, raw: object) -> Decimal:
        """`raw` as a finite number of at most six decimals."""
        if isinstance(raw, bool) or not isinstance(raw, (int, Decimal)) or not is_bounded(Decimal(raw)):
            self.fail(key, raw, "number")
        return abs(Decimal(raw)) if raw == 0 else Decimal(raw)

    def integer(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number low–high, or `default` where the key is absent."""
        return self.needed_integer(key, low, high) if key in self.data else default

    def needed_integer(self, key: str, low: int, high: int) -> int:
        """A required whole number low–high."""
        raw = self.value(key, "integer", low=low, high=high)
        if not isinstance(raw, int) or isinstance(raw, bool) or not low <= raw <= high:
            self.fail(key, raw, "integer", low=low, high=high)
        return raw

    def flag(self, key: str) -> bool:
        """true or false; false where the key is absent."""
        raw = self.data.get(key, False)
        if not isinstance(raw, bool):
            self.fail(key, raw, "flag")
        return raw

    def choice(self, key: str, of: type[E], default: E | None) -> E:
        """One of the words of an enum; required where there is no default."""
        known = [str(member) for member in of]
        if key not in self.data and default is not None:
            return default
        raw = self.value(key, "known", known=known)
        if not isinstance(raw, str):
            self.fail(key, raw, "known", known=known)
        if raw not in known:
            self.unknown(raw, known, at=key)
        return of(raw)

    def id(self, key: str, known: list[str]) -> str:
        """A required name out of `known`."""
        raw = self.value(key, "known", known=known)
        if not isinstance(raw, str) or raw not in known:
            if isinstance(raw, str):
                self.unknown(raw, known, at=key)
            self.fail(key, raw, "known", known=known)
        return raw

    def ids(self, key: str, known: list[str]) -> tuple[str, ...]:
        """A required list, not empty, of different names out of `known`."""
        raw = self.value(key, "list_of", known=known)
        if not isinstance(raw, list) or not raw:
            self.fail(key, raw, "list_of", known=known)
        inner = Table(self.source, {}, (*self.path, key), None)
        for index, name in enumerate(raw):
            if not isinstance(name, str):
                inner.fail(index, name, "list_of", known=known)
            if name not in known:
                inner.unknown(name, known, at=index)
            if name in raw[:index]:
                inner.fail(index, name, "once")
        return tuple(raw)

    def table(self, key: str, kind: str | None) -> Table | None:
        """The table under `key`, or None where it is absent."""
        if key not in self.data:
            return None
        raw = self.data[key]
        if not isinstance(raw, dict):
            self.fail(key, raw, "table")
        return Table(self.source, raw, (*self.path, key), kind)

    def named(self, key: str, kind: str, any_name: bool = False) -> list[tuple[str, Table]]:
        """The tables under `key` by name, in file order. Names are ids; with `any_name` any printable text."""
        outer = self.table(key, None)
        if outer is None:
            return []
        if len(outer.data) > MAX_NAMED:
            self.fail(key, len(outer.data), "at_most", most=MAX_NAMED)
        found = []
        for name, raw in outer.data.items():
            if not (any_name and name and len(name) <= 64 and name.isprintable()) and _ID.fullmatch(name) is None:
                outer.fail(name, name, "id")
            if not isinstance(raw, dict):
                outer.fail(name, raw, "table")
            found.append((name, Table(self.source, raw, (*outer.path, name), kind)))
        return found

    def rows(self, key: str, kind: str) -> list[Table]:
        """The list of tables under `key`; empty where it is absent."""
        raw = self.data.get(key, [])
        if not isinstance(raw, list):
            self.fail(key, raw, "list_of_tables")
        if len(raw) > MAX_NAMED:
            self.fail(key, len(raw), "at_most", most=MAX_NAMED)
        found = []
        for index, item in enumerate(raw):
            path = (*self.path, key, index)
            if not isinstance(item, dict):
                raise RuleFileError(self.source, dotted(path), item, "table")
            found.append(Table(self.source, item, path, kind))
        return found

    def rounding(self, key: str) -> Rounding | None:
        """A rounding step { decimals = 2, mode = "half_up" }; both keys are required."""
        inner = self.table(key, "rounding")
        if inner is None:
            return None
        return Rounding(inner.needed_integer("decimals", 0, 6), inner.choice("mode", RoundingMode, None))
