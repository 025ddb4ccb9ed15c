"""What happens to a score afterwards, as a rule file writes it: the links of a round's `after` or its attempts'."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from contest.rules.keys import KEYS
from contest.rules.shape import (
    Adjust,
    AdjustmentKind,
    Apply,
    Better,
    Ceiling,
    ChainStep,
    Floor,
    Plus,
    Scale,
    ScaleScope,
    Times,
)
from contest.rules.table import Table

FACTOR_LIMIT = Decimal(1000)
MAX_MULTIPLICATIONS = 4
LARGEST_SCALE = Decimal(100_000)


def read_chain(table: Table, kinds: Mapping[str, AdjustmentKind], used: set[str]) -> tuple[ChainStep, ...]:
    """The list `after` of a table. `used` are the adjustments that another chain of the round has; new ones join it."""
    rows = table.rows("after", "after")
    steps = tuple(_link(row, kinds, used) for row in rows)
    _check_multiplications(table, rows, steps, kinds)
    return steps


def kinds_in(steps: tuple[ChainStep, ...], kinds: Mapping[str, AdjustmentKind]) -> tuple[AdjustmentKind, ...]:
    """The adjustments that act in a chain, in its order."""
    return tuple(kinds[name] for step in steps if isinstance(step, Adjust) for name in step.kinds)


def _link(row: Table, kinds: Mapping[str, AdjustmentKind], used: set[str]) -> ChainStep:
    if len(row.data) != 1:
        row.fail(None, row.data, "one_key", known=list(KEYS["after"]))
    if "adjust" in row.data:
        names = row.ids("adjust", list(kinds))
        for name in names:
            if name in used:
                row.fail("adjust", name, "once")
            used.add(name)
        return Adjust(names)
    if "floor" in row.data:
        return Floor(row.needed_number("floor"))
    if "ceiling" in row.data:
        return Ceiling(row.needed_number("ceiling"))
    if "plus" in row.data:
        return Plus(row.needed_number("plus"))
    if "times" in row.data:
        times = row.needed_number("times")
        if not 0 < times <= FACTOR_LIMIT:
            row.fail("times", times, "factor", most=FACTOR_LIMIT)
        return Times(times)
    if "scale" in row.data:
        return _scale(row)
    rounding = row.rounding("round")
    if rounding is None:
        row.fail("round", None, "rounding_needed")
    return rounding


def _scale(row: Table) -> Scale:
    table = row.table("scale", "scale")
    if table is None:
        row.fail("scale", None, "table")
    to = table.needed_number("to")
    if not 0 < to <= LARGEST_SCALE:
        table.fail("to", to, "factor", most=LARGEST_SCALE)
    if "by" in table.data:
        table.id("by", ["best"])
    rounding = table.rounding("round")
    if rounding is None:
        table.fail("round", None, "rounding_needed")
    return Scale(
        to, table.choice("scope", ScaleScope, ScaleScope.ROUND),
        table.choice("better", Better, Better.HIGHER) is Better.HIGHER, rounding,
    )


def _check_multiplications(
    table: Table, rows: list[Table], steps: tuple[ChainStep, ...], kinds: Mapping[str, AdjustmentKind],
) -> None:
    """What multiplies by a number with decimals is rounded later; more than a few would not be exact any more."""
    many = 0
    open_at: tuple[int, str] | None = None
    for index, step in enumerate(steps):
        if isinstance(step, Times):
            many += 1
            if step.by % 1 != 0:
                open_at = (index, "times")
        elif isinstance(step, Adjust):
            factors = sum(kinds[name].apply is Apply.MULTIPLY for name in step.kinds)
            many += factors
            open_at = (index, "adjust") if factors else open_at
        elif isinstance(step, Scale) or "round" in rows[index].data:
            open_at = None
    if open_at is not None:
        index, key = open_at
        rows[index].fail(key, rows[index].data[key], "round_after_multiply")
    if many > MAX_MULTIPLICATIONS:
        table.fail("after", many, "at_most", most=MAX_MULTIPLICATIONS)
