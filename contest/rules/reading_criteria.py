"""Criteria of a rule file: what a mark may be (points, a place, a level, passed or not), its weight, its bands."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal
from math import gcd

from contest.rules.numbers import EXACT, FINEST, ONE, ZERO, plain_number, shown
from contest.rules.shape import AdjustmentKind, Apply, Band, Criterion, CriterionKind, Group, Level, Text
from contest.rules.table import Table

FACTOR_LIMIT = Decimal(1000)
MAX_LEVELS = 50
LONGEST_LEVEL = 20
_KEYS_OF: dict[CriterionKind, tuple[str, ...]] = {
    CriterionKind.POINTS: ("min", "max", "step", "bands", "band_step", "band_shares", "band_by"),
    CriterionKind.RANK: ("min", "max", "step"),
    CriterionKind.LEVEL: ("levels", "values"),
    CriterionKind.PASS: (),
}
_FAIL = Level("fail", Text("不通过", "Fail"), ZERO)
_PASS = Level("pass", Text("通过", "Pass"), ONE)


def read_criterion(
    id: str, table: Table, groups: Mapping[str, Group], adjustments: Mapping[str, AdjustmentKind],
) -> Criterion:
    """The criterion `id` as the file declares it; it may name a group and a measure of the file."""
    read = _marks(id, table)
    group = table.id("group", list(groups)) if "group" in table.data else None
    zero_if = table.text("zero_if") if "zero_if" in table.data else None
    measures = [name for name, kind in adjustments.items() if kind.apply is Apply.ADD]
    band_by = table.id("band_by", measures) if "band_by" in table.data else None
    if band_by is not None and not read.bands:
        table.fail("bands", None, "list_of_tables")
    return replace(read, group=group, zero_if=zero_if, band_by=band_by)


def _marks(id: str, table: Table) -> Criterion:
    kind = table.choice("kind", CriterionKind, CriterionKind.POINTS)
    of_others = {key for keys in _KEYS_OF.values() for key in keys} - set(_KEYS_OF[kind])
    for key in table.data:
        if key in of_others:
            table.fail(key, table.data[key], "not_of_kind", kind=str(kind), known=list(_KEYS_OF[kind]))
    title = table.text("title")
    hint = table.text("hint") if "hint" in table.data else None
    weight = table.number("weight", ONE)
    if not 0 <= weight <= FACTOR_LIMIT:
        table.fail("weight", weight, "factor", most=FACTOR_LIMIT)
    if kind in (CriterionKind.LEVEL, CriterionKind.PASS):
        levels = _levels(table) if kind is CriterionKind.LEVEL else (_FAIL, _PASS)
        bands = tuple(Band(level.title, level.value, level.value) for level in reversed(levels))
        low, high = levels[0].value, levels[-1].value
        return Criterion(id, title, hint, low, high, _grid(levels), bands, kind, weight, levels)
    ranked = kind is CriterionKind.RANK
    low = table.number("min", ONE if ranked else ZERO)
    high = table.needed_number("max")
    step = table.number("step", ONE) if ranked else table.needed_number("step")
    if ranked and (low < 1 or low % 1 != 0):
        table.fail("min", low, "integer", low=1, high=high)
    if high <= low:
        table.fail("max", high, "above", bound=low)
    if step <= 0 or (high - low) % step != 0:
        table.fail("step", step, "step_fits", min=low, max=high)
    if ranked and step % 1 != 0:
        table.fail("step", step, "integer", low=1, high=high)
    return Criterion(id, title, hint, low, high, step, _bands(table, low, high, step), kind, weight)


def _levels(table: Table) -> tuple[Level, ...]:
    """`levels` with their `values` (without them 1, 2, 3 …), from the lowest up."""
    names = table.value("levels", "levels", most=MAX_LEVELS)
    if not isinstance(names, list) or not 2 <= len(names) <= MAX_LEVELS:
        table.fail("levels", names, "levels", most=MAX_LEVELS)
    raw = table.data.get("values", list(range(1, len(names) + 1)))
    if not isinstance(raw, list) or len(raw) != len(names):
        table.fail("values", raw, "level_values", count=len(names))
    at_names = Table(table.source, {}, (*table.path, "levels"), None)
    at_values = Table(table.source, {}, (*table.path, "values"), None)
    levels: list[Level] = []
    for index, (name, number) in enumerate(zip(names, raw, strict=True)):
        value = at_values.as_number(index, number)
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST_LEVEL or not name.isprintable() or (
            name != name.strip()
        ):
            at_names.fail(index, name, "level_name", most=LONGEST_LEVEL)
        if name in names[:index]:
            at_names.fail(index, name, "once")
        if levels and value <= levels[-1].value:
            at_values.fail(index, value, "above", bound=levels[-1].value)
        # A name that is a number would be read as the level whose value it is, so it must be that level's own.
        written = plain_number(name)
        if written is not None and written != value:
            at_names.fail(index, name, "level_number", value=value)
        levels.append(Level(name, Text(name, name), value))
    return tuple(levels)


def _grid(levels: Sequence[Level]) -> Decimal:
    """The largest step on which all levels lie, counted from the lowest."""
    steps = [int((level.value - levels[0].value) / FINEST) for level in levels]
    return EXACT.multiply(Decimal(gcd(*steps)), FINEST).normalize(EXACT) + ZERO


def _bands(table: Table, low: Decimal, high: Decimal, step: Decimal) -> tuple[Band, ...]:
    rows = table.rows("bands", "band")
    band_step = table.number("band_step", step)
    if band_step <= 0 or band_step % step != 0:
        table.fail("band_step", band_step, "multiple", of=step)
    shares = table.flag("band_shares")
    bands: list[Band] = []
    top = high
    for row in rows:
        start = row.needed_number("from")
        if shares:
            start = _share_of(row, start, low, high, step)
        if not low <= start <= top or (bands and start >= bands[-1].low):
            row.fail("from", row.data["from"], "band_from", low=low, high=top)
        bands.append(Band(row.text("title"), start, top, _picked_at(table, row, row is rows[-1], bands)))
        top = start - band_step
    if bands and bands[-1].low != low:
        rows[-1].fail("from", bands[-1].low, "exactly", value=low)
    return tuple(bands)


def _share_of(row: Table, share: Decimal, low: Decimal, high: Decimal, step: Decimal) -> Decimal:
    """The lowest mark that is at least this share of the highest one."""
    if not 0 <= share <= 1:
        row.fail("from", share, "share_from")
    steps = (EXACT.multiply(share, high) - low) / step
    return shown(max(low, low + steps.to_integral_value(ROUND_CEILING) * step), 0)


def _picked_at(table: Table, row: Table, is_last: bool, before: list[Band]) -> Decimal | None:
    """The least measure that picks a band: one for each, lower from band to band; the last may take all the rest."""
    if "band_by" not in table.data:
        if "at" in row.data:
            row.fail("at", row.data["at"], "only_with_band_by")
        return None
    at = row.optional_number("at") if is_last else row.needed_number("at")
    if at is not None and before and before[-1].at is not None and at >= before[-1].at:
        row.fail("at", at, "below", bound=before[-1].at)
    return at
