"""Adjustments of a rule file: penalties, bonuses, measured values and factors, and the clocks that lead to them."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from contest.rules.errors import MarkError
from contest.rules.numbers import ZERO
from contest.rules.shape import AdjustmentKind, Apply, Clock, Criterion, TieBreak
from contest.rules.shape_marks import Grade
from contest.rules.shape_ranking import Better
from contest.rules.table import Table

LONGEST_TALK = 6 * 3600
FACTOR_LIMIT = Decimal(1000)
MAX_PARTS = 50


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
        table.flag("required"), _clock(table, apply), *_each(table, apply), _grades(table), _check_sum(id, table),
        table.choice("better", Better, Better.HIGHER) is Better.HIGHER,
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


def _each(table: Table, apply: Apply) -> tuple[Decimal | None, Decimal, Decimal]:
    """What one counted or measured unit is worth, from where it is counted, and what that point itself is worth."""
    for key in ("each", "start", "base", "steps"):
        if key in table.data and apply is Apply.MULTIPLY:
            table.fail(key, table.data[key], "only_for_add")
    each = table.optional_number("each")
    if each is None:
        for key in ("start", "base"):
            if key in table.data:
                table.fail(key, table.data[key], "only_with_each")
    elif abs(each) > FACTOR_LIMIT:
        table.fail("each", each, "factor", most=FACTOR_LIMIT)
    elif "steps" in table.data:
        table.fail("steps", table.data["steps"], "each_or_steps")
    return each, table.number("start", ZERO), table.number("base", ZERO)


def _grades(table: Table) -> tuple[Grade, ...]:
    """`steps`: what a value is worth from which bound on; the bounds go up."""
    grades: list[Grade] = []
    for row in table.rows("steps", "step"):
        start = row.needed_number("from")
        if grades and start <= grades[-1].start:
            row.fail("from", start, "above", bound=grades[-1].start)
        grades.append(Grade(start, row.needed_number("value")))
    if "steps" in table.data and not grades:
        table.fail("steps", table.data["steps"], "list_of_tables")
    return tuple(grades)


def _check_sum(id: str, table: Table) -> tuple[str, ...]:
    """The other kinds that must add up to this one. Whether they exist is known only when all have been read."""
    names = table.data.get("check_sum", [])
    if not isinstance(names, list) or len(names) > MAX_PARTS or ("check_sum" in table.data and not names):
        table.fail("check_sum", names, "other_kinds", most=MAX_PARTS)
    for index, name in enumerate(names):
        if not isinstance(name, str) or name == id or name in names[:index]:
            Table(table.source, {}, (*table.path, "check_sum"), None).fail(index, name, "other_kinds", most=MAX_PARTS)
    return tuple(names)


def check_parts(file: Table, kinds: Mapping[str, AdjustmentKind]) -> None:
    """Every kind that a `check_sum` names is declared, and is no factor."""
    adding = [id for id, kind in kinds.items() if kind.apply is Apply.ADD]
    for id, kind in kinds.items():
        at = Table(file.source, {}, ("adjustments", id, "check_sum"), None)
        for index, name in enumerate(kind.check_sum):
            if name not in adding:
                at.unknown(name, adding, at=index)


def recorded_with(
    acting: Sequence[AdjustmentKind], criteria: Sequence[Criterion], ties: Sequence[TieBreak],
    kinds: Mapping[str, AdjustmentKind],
) -> tuple[AdjustmentKind, ...]:
    """The kinds that a round records though they do not act: parts of a checked sum, measures that pick a band or
    are compared in ties.
    """
    used = {kind.id for kind in acting}
    found = dict.fromkeys(name for kind in acting for name in kind.check_sum)
    found.update((criterion.band_by, None) for criterion in criteria if criterion.band_by is not None)
    found.update((tie.kind.id, None) for tie in ties if tie.kind is not None and tie.round is None)
    return tuple(kinds[name] for name in found if name not in used)


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
