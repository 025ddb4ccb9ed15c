"""Facts to standings: every entry's score in every round, the rounds' places, the contest's result."""
from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import localcontext
from operator import itemgetter

from contest.rules.awards import give_awards
from contest.rules.combining import combined
from contest.rules.facts import Facts
from contest.rules.live import LiveFacts
from contest.rules.memory import Memory
from contest.rules.numbers import EXACT
from contest.rules.outcome import Outcome, RoundOutcome, Standing
from contest.rules.ranking import Contender, Place, places
from contest.rules.scoring import Ranked, lots_of, score_round
from contest.rules.shape import RankingRules, ResultRules, RoundRules, Rules, TieBreak
from contest.rules.shape_awards import AwardRules
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
        divisions = _division_order(rules, live)
        outcomes = {}
        bases: dict[str | None, _Base] = {}
        for id, round in scored.items():
            base = rules.rounds[id]
            ways = {code: _way(base.for_division(code)) for code in divisions}
            source = TieSource(id, rules.rounds, scores, round.lots)
            outcomes[id] = RoundOutcome(_standings(round.ranked, divisions, ways, source, memory), round.scores)
            bases[id] = _Base(outcomes[id].standings, round.ranked, _way(base), source, memory)
        if len(rules.result.rounds) == 1:
            result = bases[rules.result.rounds[0]]
        else:
            ranked, way = combined(rules, scored, memory), _way(rules.result)
            source = TieSource(None, rules.rounds, scores, lots_of(live.rulings_of_contest()))
            standings = _standings(ranked, divisions, dict.fromkeys(divisions, way), source, memory)
            result = _Base(standings, ranked, way, source, memory)
        bases[None] = result
        overall = result.across(len(divisions) > 1) if rules.result.overall else None
        awards = give_awards(rules.awards, lambda award: bases[award.round].rankings(award, divisions))
        return Outcome(result.standings, outcomes, overall, awards)


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


@dataclass(frozen=True, slots=True)
class _Way:
    """How scores become places: what is better, what equal ones get, and what tells them apart."""

    ranking: RankingRules
    chain: tuple[TieBreak, ...]


def _way(rules: RoundRules | ResultRules) -> _Way:
    return _Way(rules.ranking, rules.tie_break)


@dataclass(frozen=True, slots=True)
class _Base:
    """What a ranking is made of, so that one across divisions can be made of it too."""

    standings: tuple[Standing, ...]
    ranked: Sequence[Ranked]
    way: _Way
    source: TieSource
    memory: Memory

    def across(self, with_division: bool) -> tuple[Standing, ...]:
        return _ranking(self.ranked, self.way, self.source, with_division, self.memory)

    def rankings(
        self, award: AwardRules, divisions: Sequence[str | None],
    ) -> list[tuple[str | None, Sequence[Standing]]]:
        """The rankings an award is given out of: one, or one for each division."""
        if len(divisions) <= 1:
            return [(None, self.standings)]
        if award.per is None:
            return [(None, self.across(True))]
        return [(code, [s for s in self.standings if s.division == code]) for code in divisions]


def _division_order(rules: Rules, live: LiveFacts) -> list[str | None]:
    """The divisions that entries belong to: those of the rule file in its order, then the others by code, then none."""
    used = {entry.division for entry in live.entries.values()}
    if any(appearance.entry not in live.entries for of in live.rounds.values() for appearance in of.appearances):
        used.add(None)
    declared: list[str | None] = [code for code in rules.divisions if code in used]
    others: list[str | None] = [*sorted(code for code in used if code is not None and code not in rules.divisions)]
    return [*declared, *others, *([None] if None in used else [])]


def _standings(
    ranked: Sequence[Ranked],
    divisions: Sequence[str | None],
    ways: Mapping[str | None, _Way],
    source: TieSource,
    memory: Memory,
) -> tuple[Standing, ...]:
    """Places within each division, division by division."""
    return tuple(
        standing
        for code in divisions
        for standing in _ranking(
            [r for r in ranked if r.division == code], ways[code], source, len(divisions) > 1, memory,
        )
    )


def _ranking(
    ranked: Sequence[Ranked], way: _Way, source: TieSource, with_division: bool, memory: Memory,
) -> tuple[Standing, ...]:
    """One ranking: by place, then running order; what is outside it comes last."""
    contenders = [Contender(r.entry, r.label, r.score, r.order) for r in ranked if r.score is not None]
    placed = places(contenders, way.ranking, way.chain, source, memory)
    rows = []
    for r in ranked:
        found = placed.get(r.entry)
        standing = memory.call((source.own, r.entry), _standing, r, found, with_division)
        rows.append(((found is None, 0 if found is None else found.place, r.running, r.entry), standing))
    rows.sort(key=itemgetter(0))
    return tuple([standing for _, standing in rows])


def _standing(ranked: Ranked, found: Place | None, with_division: bool) -> Standing:
    place, mean, steps = (None, None, ()) if found is None else (found.place, found.mean, found.steps)
    return Standing(
        place, ranked.entry, ranked.division if with_division else None, ranked.score,
        None if ranked.status is None else str(ranked.status), (*ranked.steps, *steps), mean,
    )
