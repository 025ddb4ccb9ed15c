"""What was typed into a form, field by field: good values, a sentence for each bad one, everything kept as typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from contest.errors import ContestError, TextRefused
from contest.naming import clean_line, clean_paragraphs
from web.sentences import sentence

LOCAL = "%Y-%m-%dT%H:%M"
# Nearer the ends of the calendar an hour of another time zone is no date any more.
FIRST_YEAR, LAST_YEAR = 1900, 2200


class Unfit(Exception):
    """A form that was refused: leaves the transaction, so that nothing of it is kept."""


class Typed:
    """A form on its way in. `errors` maps a field's name to its sentence; a page shows both beside what was typed."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self.values = {name: values[name] for name in values} if values else {}
        self.errors: dict[str, str] = {}

    def value(self, name: str, default: object = "") -> str:
        """What stands in a field: as typed, else what is stored."""
        stored = "" if default is None else str(default)
        return self.values.get(name, stored)

    def refuse(self, name: str, why: str | ContestError) -> None:
        """Note what is wrong with a field; the first sentence stays."""
        self.errors.setdefault(name, sentence(why) if isinstance(why, ContestError) else why)

    def line(self, name: str, *, most: int = 200, needed: bool = False) -> str:
        """A line of text, cleaned."""
        try:
            return clean_line(self.values.get(name, ""), field=name, most=most, needed=needed)
        except TextRefused as error:
            self.refuse(name, error)
            return ""

    def paragraphs(self, name: str, *, most: int = 5000) -> str:
        """Several lines of text, cleaned."""
        try:
            return clean_paragraphs(self.values.get(name, ""), field=name, most=most)
        except TextRefused as error:
            self.refuse(name, error)
            return ""

    def integer(self, name: str, low: int, high: int, *, needed: bool = False) -> int | None:
        """A whole number from `low` to `high`; None where the field is empty."""
        text = self.values.get(name, "").strip()
        if not text and not needed:
            return None
        if not text.isdecimal() or len(text) > 9 or not low <= int(text) <= high:
            self.refuse(name, _("请填写 %(low)s 到 %(high)s 的整数。", low=low, high=high))
            return None
        return int(text)

    def decimal(self, name: str, high: int) -> Decimal | None:
        """A number above 0 and up to `high`, with at most two decimals."""
        text = self.values.get(name, "").strip()
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or len(text) > 12 or not 0 < number <= high or -int(number.as_tuple().exponent) > 2:
            self.refuse(name, _("请填写大于 0、不超过 %(high)s 的数，最多两位小数。", high=high))
            return None
        return number

    def moment(self, name: str, zone: str) -> datetime | None:
        """A day and an hour in the contest's time zone; None where the field is empty."""
        text = self.values.get(name, "").strip()
        if not text:
            return None
        try:
            at = datetime.strptime(text[:16].replace(" ", "T"), LOCAL).replace(tzinfo=ZoneInfo(zone))
        except ValueError:
            at = None
        if at is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
            self.refuse(name, _("请按 2026-05-16 09:00 的样子填写日期和时间。"))
            return None
        return at

    def choice(self, name: str, known: tuple[str, ...]) -> str:
        """One of the offered values."""
        value = self.values.get(name, "")
        if value not in known:
            self.refuse(name, _("请从给出的选项里选一个。"))
            return known[0]
        return value

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.values.get(name))

    def lines(self, name: str, *, most: int = 200, longest: int = 60) -> list[str]:
        """The non-empty lines of a larger field, each cleaned: one name per line."""
        found = []
        for text in self.values.get(name, "").splitlines():
            try:
                found += [line] if (line := clean_line(text, field=name, most=longest, needed=False)) else []
            except TextRefused as error:
                self.refuse(name, error)
        if len(found) > most:
            self.refuse(name, _("最多 %(most)s 行。", most=most))
        return found[:most]


def local(at: datetime | None, zone: str) -> str:
    """An instant as a date field of a form holds it."""
    return at.astimezone(ZoneInfo(zone)).strftime(LOCAL) if at is not None else ""
