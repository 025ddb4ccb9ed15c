"""Adjustments of a rule file: penalties, bonuses, measured values and factors, and the clocks that lead to them."""
from __future__ import annotations

from decimal import Decimal

from contest.rules.errors import MarkError
from contest.rules.numbers import ZERO
from contest.rules.shape import AdjustmentKind, Apply, Clock
from contest.rules.table import Table

LONGEST_TALK = 6 * 3600
FACTOR_LIMIT = Decimal(1000)


def read_adjustment(id: str, table: Table) -> AdjustmentKind:
    """The adjustment kind `id` as the file declares it."""
    apply = table.choice("apply", Apply, Apply.ADD)
    low, high = table.optional_number("min"), table.optional_number("max")
    step = table.number("step", Decimal("0.01"))
    sum_min, sum_max = table.optional_number("sum_min"), table.optional_number("sum_max")
    family = table.data.get("family")
    if low is not None and high is not None and high < low:
        table.fail("max", high, "not_below", bound=low)
    if step <= 0:
        table.fail("step", step, "above", bound=ZERO)
    if sum_min is not None and sum_min > 0:
        table.fail("sum_min", sum_min, "not_above", bound=ZERO)
    if sum_max is not None and sum_max < 0:
        table.fail("sum_max", sum_max, "not_below", bound=ZERO)
    if family is not None and not isinstance(family, str):
        table.fail("family", family, "string")
    if apply is Apply.MULTIPLY:
        for key in ("sum_min", "sum_max", "family"):
            if key in table.data:
                table.fail(key, table.data[key], "only_for_add")
        if low is None or low < 0:
            table.fail("min", low, "factor", most=FACTOR_LIMIT)
        if high is None or high > FACTOR_LIMIT:
            table.fail("max", high, "factor", most=FACTOR_LIMIT)
    kind = AdjustmentKind(
        id, table.text("title"), apply, low, high, step, _choices(table), sum_min, sum_max, family,
        table.flag("required"), _clock(table, apply),
    )
    if kind.clock is not None:
        try:
            kind.check(format(kind.clock.value, "f"))
        except MarkError as error:
            at = Table(table.source, {}, (*table.path, "clock"), None)
            at.fail("value", kind.clock.value, error.code, min=low, max=high, step=step)
    for index, value in enumerate(kind.choices):
        try:
            kind.check(format(value, "f"))
        except MarkError as error:
            at = Table(table.source, {}, (*table.path, "choices"), None)
            at.fail(index, value, error.code, min=low, max=high, step=step)
    return kind


def _clock(table: Table, apply: Apply) -> Clock | None:
    """The timed part that leads to values of this kind; where it has no title of its own it has the kind's."""
    inner = table.table("clock", "clock")
    if inner is None:
        return None
    if apply is Apply.MULTIPLY:
        table.fail("clock", inner.data, "only_for_add")
    limit = inner.needed_integer("limit", 1, LONGEST_TALK)
    under = inner.needed_integer("under", 1, limit) if "under" in inner.data else None
    over = inner.needed_integer("over", limit, LONGEST_TALK) if "over" in inner.data else None
    return Clock(
        inner.text("title") if "title" in inner.data else table.text("title"), limit, under, over,
        inner.needed_number("value"),
    )


def _choices(table: Table) -> tuple[Decimal, ...]:
    raw = table.data.get("choices", [])
    if not isinstance(raw, list) or len(raw) > 20:
        table.fail("choices", raw, "numbers")
    inner = Table(table.source, {}, (*table.path, "choices"), None)
    return tuple(inner.as_number(index, value) for index, value in enumerate(raw))
