"""Facts to standings: every entry's score in every round, the rounds' places, the contest's result."""
from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import localcontext

from contest.rules.awards import give_awards
from contest.rules.carrying import with_carried
from contest.rules.combining import combined
from contest.rules.facts import Facts, RulingFact
from contest.rules.going_on import going_on, ruled_advances
from contest.rules.live import LiveFacts
from contest.rules.memory import Memory
from contest.rules.numbers import EXACT
from contest.rules.outcome import Advancing, EntryScore, Outcome, RoundOutcome, Standing
from contest.rules.overrides import ruled_awards, ruled_places
from contest.rules.scoring import lots_of, score_round
from contest.rules.shape import RoundRules, Rules, TieBreak, TieBy
from contest.rules.standings import Base, Way, division_order, way
from contest.rules.ties import TieSource


def compute(rules: Rules, facts: Facts | LiveFacts, memory: Memory | None = None) -> Outcome:
    """The standings that `rules` make of `facts`: the order of rows, judges and entries never matters.

    Facts of read_folder() have been checked; facts from elsewhere may name only rounds of the rules (else KeyError).
    Marks of entries without an appearance in the round are not looked at. With the `memory` of the last recount only
    what has changed since is counted: the outcome is equal to that without it.
    """
    if memory is not None:
        memory.begin()
    with localcontext(EXACT), _not_collecting():
        live = facts if isinstance(facts, LiveFacts) else LiveFacts(rules, facts)
        alone = {id: score_round(rules.rounds[id], of, live.entries, memory) for id, of in live.rounds.items()}
        memory = Memory() if memory is None else memory
        scored = with_carried(rules, alone, memory)
        scores = {id: round.scores for id, round in scored.items()}
        divisions = division_order(rules, live)
        rulings = live.rulings()
        ranked_by = _ranked_by(rules)
        bases: dict[str | None, Base] = {}
        ranks: dict[str, dict[str, int]] = {}
        ranks_across: dict[str, dict[str, int]] = {}
        for id in _in_order(rules):
            round, base = scored[id], rules.rounds[id]
            source = TieSource(id, rules.rounds, scores, round.lots, ranks)
            written = (id, None) if list(rules.rounds) == [id] or rules.result.only == id else (id,)
            bases[id] = Base(
                round.ranked, divisions, {code: [way(base.for_division(code), source)] for code in divisions},
                [way(base, replace(source, ranks=ranks_across))], ruled_places(rulings, written), memory,
            )
            if id in ranked_by:
                ranks[id] = _places(bases[id].within())
                ranks_across[id] = _places(bases[id].across())
        only = rules.result.only
        bases[None] = bases[only] if only is not None else _result(
            rules, bases, Base(combined(rules, scored, memory), divisions, {}, (), {}, memory), scores, live,
            ranks, ranks_across)
        standings = {id: base.within() for id, base in bases.items() if id is not None or only is None}
        standings[None] = standings[only]
        awards = give_awards(rules.awards, {
            award.id: bases[award.round].rankings(standings[award.round], award.per is not None)
            for award in rules.awards
        })
        return Outcome(
            standings[None],
            {id: RoundOutcome(standings[id], scores[id], _going_on(rules, id, bases[id], standings[id], rulings))
             for id in scored},
            bases[None].across() if rules.result.overall else None,
            ruled_awards(awards, rulings, {id: entry.division for id, entry in live.entries.items()}, bases, standings),
        )


def _ranked_by(rules: Rules) -> set[str]:
    """The rounds whose places some chain compares."""
    chains = [rules.result.tie_break, *(award.chain for award in rules.awards)]
    for round in rules.rounds.values():
        chains += [() if round.advance is None else round.advance.chain, *_chains(round)]
    return {tie.round for chain in chains for tie in chain if tie.by is TieBy.ROUND_RANK and tie.round is not None}


def _chains(round: RoundRules) -> list[tuple[TieBreak, ...]]:
    return [own.tie_break for own in (round, *round.divisions.values())]


def _in_order(rules: Rules) -> list[str]:
    """The rounds, each after those whose places its chains compare; a rule file has no circle among them."""
    needs = {
        id: {tie.round for chain in _chains(round) for tie in chain if tie.by is TieBy.ROUND_RANK}
        for id, round in rules.rounds.items()
    }
    order: list[str] = []
    while len(order) < len(needs):
        order += [id for id, needed in needs.items() if id not in order and needed <= set(order)]
    return order


def _places(standings: Sequence[Standing]) -> dict[str, int]:
    return {standing.entry: standing.place for standing in standings if standing.place is not None}


def _result(
    rules: Rules, bases: Mapping[str | None, Base], made_of: Base, scores: Mapping[str, Mapping[str, EntryScore]],
    live: LiveFacts, ranks: Mapping[str, Mapping[str, int]], ranks_across: Mapping[str, Mapping[str, int]],
) -> Base:
    """The result with its ways: that of the result or of the only deciding round, and below it that of an earlier."""
    result = rules.result
    first: dict[str | None, Sequence[Way]]
    across: Sequence[Way]
    written: tuple[str | None, ...]
    if len(result.rounds) > 1:
        source = TieSource(None, rules.rounds, scores, lots_of(live.rulings_of_contest()), ranks)
        first, written = {code: [way(result, source)] for code in made_of.divisions}, (None,)
        across = [way(result, replace(source, ranks=ranks_across))]
    else:
        decides = bases[result.rounds[0]]
        first, across, written = dict(decides.ways_in), [*decides.ways], (None, result.rounds[0])
    for by in result.not_advanced:
        below = bases[by]
        first = {code: [*ways, *below.ways_in[code]] for code, ways in first.items()}
        across = [*across, *below.ways]
    return replace(made_of, ways_in=first, ways=across, ruled=ruled_places(live.rulings(), written))


def _going_on(
    rules: Rules, id: str, base: Base, standings: tuple[Standing, ...], rulings: Sequence[RulingFact],
) -> tuple[Advancing, ...]:
    rule = rules.rounds[id].advance
    if rule is None:
        return ()
    written = (id, None) if len(rules.rounds) == 1 else (id,)
    return going_on(rules, rule, base.rankings(standings, rule.by_division), ruled_advances(rulings, written))


@contextmanager
def _not_collecting() -> Iterator[None]:
    """A recount makes thousands of values and not one that refers to itself: looking for such takes a fifth of it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
