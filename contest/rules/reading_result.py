"""The result of a rule file: which rounds decide, and how their scores become one."""
from __future__ import annotations

from decimal import Decimal

from contest.rules.reading_ranking import read_ranking
from contest.rules.reading_ties import Declared, check_tie_target, read_ties
from contest.rules.shape import ResultRules, RoundRules
from contest.rules.table import Table

FACTOR_LIMIT = Decimal(1000)


def read_result(file: Table, declared: Declared, rounds: dict[str, RoundRules]) -> ResultRules:
    """The table `result`; a file with one round may leave it out. Raises RuleFileError."""
    table = file.table("result", "result")
    if table is None:
        if len(declared.rounds) > 1:
            file.fail("result", None, "result_needed", known=list(declared.rounds))
        return ResultRules(declared.rounds, None, None, (), False)
    used = declared.rounds
    if len(declared.rounds) > 1 or "rounds" in table.data:
        used = table.ids("rounds", list(declared.rounds))
    for key in ("weights", "round", "tie_break", "ranking"):
        if key in table.data and len(used) == 1:
            table.fail(key, table.data[key], "only_for_several")
    weights = _weights(table, used)
    rounding = table.rounding("round")
    if weights is not None and rounding is None:
        table.fail("round", None, "rounding_needed")
    ties = read_ties(table, declared, None)
    for index, tie in enumerate(ties):
        if tie.round is not None:
            check_tie_target(file, ("result", "tie_break", index), tie, rounds[tie.round])
    return ResultRules(used, weights, rounding, ties, table.flag("overall"), read_ranking(table))


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
