"""Facts to standings: every entry's score in every round, the rounds' places, the contest's result."""
from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import localcontext

from contest.rules.awards import give_awards
from contest.rules.combining import combined
from contest.rules.facts import Facts
from contest.rules.live import LiveFacts
from contest.rules.memory import Memory
from contest.rules.numbers import EXACT
from contest.rules.outcome import Outcome, RoundOutcome
from contest.rules.overrides import ruled_awards, ruled_places
from contest.rules.scoring import lots_of, score_round
from contest.rules.shape import Rules
from contest.rules.standings import Base, division_order, way
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
        scored = {id: score_round(rules.rounds[id], of, live.entries, memory) for id, of in live.rounds.items()}
        memory = Memory() if memory is None else memory
        scores = {id: round.scores for id, round in scored.items()}
        divisions = division_order(rules, live)
        rulings = live.rulings()
        bases: dict[str | None, Base] = {}
        for id, round in scored.items():
            base = rules.rounds[id]
            source = TieSource(id, rules.rounds, scores, round.lots)
            written = (id, None) if list(rules.rounds) == [id] or rules.result.only == id else (id,)
            bases[id] = Base(
                round.ranked, divisions, {code: [way(base.for_division(code), source)] for code in divisions},
                [way(base, source)], ruled_places(rulings, written), memory,
            )
        if rules.result.only is not None:
            bases[None] = bases[rules.result.only]
        else:
            source = TieSource(None, rules.rounds, scores, lots_of(live.rulings_of_contest()))
            ways = [way(rules.result, source)]
            bases[None] = Base(
                combined(rules, scored, memory), divisions, dict.fromkeys(divisions, ways), ways,
                ruled_places(rulings, (None,)), memory,
            )
        only = rules.result.only
        standings = {id: base.within() for id, base in bases.items() if id is not None or only is None}
        standings[None] = standings[only]
        awards = give_awards(rules.awards, {
            award.id: bases[award.round].rankings(standings[award.round], award.per is not None)
            for award in rules.awards
        })
        return Outcome(
            standings[None],
            {id: RoundOutcome(standings[id], scores[id]) for id in scored},
            bases[None].across() if rules.result.overall else None,
            ruled_awards(awards, rulings, {id: entry.division for id, entry in live.entries.items()}, bases, standings),
        )


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
