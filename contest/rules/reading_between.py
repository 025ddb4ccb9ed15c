"""What leads from one round to another in a rule file: scores that are carried over, and who goes on."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from contest.rules.numbers import RoundingMode
from contest.rules.reading_awards import read_cut_ties, read_share
from contest.rules.reading_ties import Declared
from contest.rules.shape import RoundRules, TieBy
from contest.rules.shape_awards import AwardPer, AwardTies
from contest.rules.shape_result import AdvanceRule, CarryRule
from contest.rules.table import Table

FACTOR_LIMIT = 1000
MAX_COUNT = 100_000


def read_between(file: Table, declared: Declared, rounds: Mapping[str, RoundRules]) -> dict[str, RoundRules]:
    """The rounds with `carry` and `advance`; rounds that wait for each other in a circle are refused."""
    found = dict(rounds)
    for id, table in file.named("rounds", "round"):
        found[id] = replace(
            rounds[id], carry=_carry(table, id, declared), advance=_advance(table, id, declared, rounds))
    leads = {
        id: [*(() if round.carry is None else round.carry.weights), *(
            tie.round for own in (round, *round.divisions.values()) for tie in own.tie_break
            if tie.by is TieBy.ROUND_RANK and tie.round is not None
        )]
        for id, round in found.items()
    }
    _refuse_circle(file, leads, "carry")
    _refuse_circle(file, {id: [] if r.advance is None else [r.advance.to] for id, r in found.items()}, "advance")
    return found


def _carry(round: Table, own: str, declared: Declared) -> CarryRule | None:
    table = round.table("carry", None)
    if table is None:
        return None
    known = [name for name in declared.rounds if name != own]
    weights = {}
    for name in table.data:
        if name == "round":
            continue
        if name not in declared.rounds:
            table.unknown(name, [*known, "round"])
        weights[name] = table.needed_number(name)
        if not 0 < weights[name] <= FACTOR_LIMIT:
            table.fail(name, weights[name], "factor", most=FACTOR_LIMIT)
    rounding = table.rounding("round")
    if not weights:
        round.fail("carry", table.data, "list_of", known=known)
    if rounding is None and any(weight % 1 for weight in weights.values()):
        table.fail("round", None, "rounding_needed")
    return CarryRule(weights, rounding)


def _advance(
    round: Table, own: str, declared: Declared, rounds: Mapping[str, RoundRules],
) -> AdvanceRule | None:
    table = round.table("advance", "advance")
    if table is None:
        return None
    to = table.id("to", list(declared.rounds))
    sizes = [key for key in ("top", "share") if key in table.data]
    if len(sizes) > 1 or not (sizes or "min_score" in table.data):
        table.fail(None, table.data, "one_size", known=["top", "share", "min_score"])
    mode = None
    if "share" in table.data:
        mode = table.choice("rounding", RoundingMode, None)
    elif "rounding" in table.data:
        table.fail("rounding", table.data["rounding"], "only_with_share")
    return AdvanceRule(
        to=to,
        top=table.needed_integer("top", 1, MAX_COUNT) if "top" in table.data else None,
        share=read_share(table, "share") if "share" in table.data else None,
        mode=mode,
        min_score=table.optional_number("min_score"),
        reserve=table.integer("reserve", 0, 0, MAX_COUNT),
        ties=table.choice("ties", AwardTies, AwardTies.EXTEND),
        chain=read_cut_ties(table, declared, rounds, own),
        by_division="per" in table.data and table.choice("per", AwardPer, None) is AwardPer.DIVISION,
    )


def _refuse_circle(file: Table, leads: Mapping[str, list[str]], key: str) -> None:
    """Raise where following `leads` comes back to where it began; the error names the circle."""
    left = dict(leads)
    while done := [name for name, following in left.items() if not any(other in left for other in following)]:
        for name in done:
            del left[name]
    if not left:
        return
    path = [next(iter(left))]
    while path[-1] not in path[:-1]:
        path.append(next(other for other in left[path[-1]] if other in left))
    circle = path[path.index(path[-1]):]
    Table(file.source, {}, ("rounds", circle[0]), None).fail(key, " → ".join(circle), "no_round_circle")
