"""The result of a rule file: which rounds decide, and how their scores become one."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from contest.rules.most import most_of
from contest.rules.numbers import EXACT, ONE, ZERO, shown
from contest.rules.reading_ranking import read_ranking
from contest.rules.reading_ties import Declared, check_tie_target, read_ties
from contest.rules.shape import Ceiling, ChainStep, Floor, ResultRules, RoundRules
from contest.rules.shape_result import BelowTake, MissedRound, ResultTake
from contest.rules.table import Table

FACTOR_LIMIT = Decimal(1000)
SEVERAL = ("weights", "take", "best", "missing", "round", "after", "total", "tie_break", "ranking")


def read_result(file: Table, declared: Declared, rounds: Mapping[str, RoundRules]) -> ResultRules:
    """The table `result`; a file with one round may leave it out. Raises RuleFileError."""
    table = file.table("result", "result")
    if table is None:
        if len(declared.rounds) > 1:
            file.fail("result", None, "result_needed", known=list(declared.rounds))
        return ResultRules(declared.rounds, None, None, (), False)
    used = declared.rounds
    if len(declared.rounds) > 1 or "rounds" in table.data:
        used = table.ids("rounds", list(declared.rounds))
    for key in SEVERAL:
        if key in table.data and len(used) == 1:
            table.fail(key, table.data[key], "only_for_several")
    weights = _weights(table, used)
    rounding = table.rounding("round")
    take = table.choice("take", ResultTake, ResultTake.SUM)
    if rounding is None and (weights is not None or take is ResultTake.MEAN):
        table.fail("round", None, "rounding_needed")
    best = table.needed_integer("best", 1, len(used)) if "best" in table.data else None
    if best is not None and take not in (ResultTake.SUM, ResultTake.MEAN):
        table.fail("best", best, "only_of_sums")
    ties = read_ties(table, declared, None)
    for index, tie in enumerate(ties):
        if tie.round is not None:
            check_tie_target(file, ("result", "tie_break", index), tie, rounds[tie.round])
    _check_total(table, used, weights, rounds)
    not_advanced, below = _not_advanced(table, used, declared)
    return ResultRules(
        used, weights, rounding, ties, table.flag("overall"), read_ranking(table), take, best,
        table.choice("missing", MissedRound, MissedRound.OUT), _after(table), not_advanced, below,
    )


def _weights(table: Table, used: tuple[str, ...]) -> dict[str, Decimal] | None:
    inner = table.table("weights", None)
    if inner is None:
        return None
    for name in inner.data:
        if name not in used:
            inner.unknown(name, list(used))
    weights = {}
    for name in used:
        weight = inner.needed_number(name)
        if weight <= 0 or weight > FACTOR_LIMIT:
            inner.fail(name, weight, "factor", most=FACTOR_LIMIT)
        weights[name] = weight
    return weights


def _after(table: Table) -> tuple[ChainStep, ...]:
    steps: list[ChainStep] = []
    for row in table.rows("after", "result after"):
        if len(row.data) != 1:
            row.fail(None, row.data, "one_key", known=["round", "floor", "ceiling"])
        if "floor" in row.data:
            steps.append(Floor(row.needed_number("floor")))
        elif "ceiling" in row.data:
            steps.append(Ceiling(row.needed_number("ceiling")))
        elif (rounding := row.rounding("round")) is not None:
            steps.append(rounding)
    return tuple(steps)


def _check_total(
    table: Table, used: tuple[str, ...], weights: Mapping[str, Decimal] | None, rounds: Mapping[str, RoundRules],
) -> None:
    """`total` is a promise: what the deciding rounds can give together, each with its weight, is this number."""
    if "total" not in table.data:
        return
    found = ZERO
    for name in used:
        most = most_of(rounds[name])
        if most is None:
            table.fail("total", table.data["total"], "total_unknown", round=name)
        found = EXACT.add(found, EXACT.multiply(most, ONE if weights is None else weights[name]))
    if table.needed_number("total") != found:
        table.fail("total", table.data["total"], "sum_of_maxima", value=shown(found, 0))


def _not_advanced(table: Table, used: tuple[str, ...], declared: Declared) -> tuple[tuple[str, ...], BelowTake]:
    """The rounds by which those are ranked who did not go on, the latest first: earlier ones than one that decides."""
    below = table.table("below", "below")
    if "not_advanced" not in table.data:
        if below is not None:
            table.fail("below", below.data, "not_advanced_needed")
        return (), BelowTake.SCORE
    order = list(declared.rounds)
    earlier = order[:max(order.index(name) for name in used)]
    raw = table.data["not_advanced"]
    names = table.ids("not_advanced", earlier) if isinstance(raw, list) else (table.id("not_advanced", earlier),)
    latest_first = tuple(sorted(names, key=order.index, reverse=True))
    return latest_first, BelowTake.SCORE if below is None else below.choice("take", BelowTake, BelowTake.SCORE)
