"""Facts to standings: every entry's score in every round, the rounds' places, the contest's result."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import localcontext

from contest.rules.awards import give_awards
from contest.rules.combining import combined
from contest.rules.facts import Facts
from contest.rules.numbers import EXACT
from contest.rules.outcome import Outcome, RoundOutcome, Standing
from contest.rules.ranking import Contender, places
from contest.rules.scoring import Ranked, lots_of, score_round
from contest.rules.shape import RankingRules, ResultRules, RoundRules, Rules, TieBreak
from contest.rules.shape_awards import AwardRules
from contest.rules.sheets import facts_by_round
from contest.rules.ties import TieSource


def compute(rules: Rules, facts: Facts) -> Outcome:
    """The standings that `rules` make of `facts`: the order of rows, judges and entries never matters.

    Facts of read_folder() have been checked; facts from elsewhere may name only rounds of the rules (else KeyError).
    Marks of entries without an appearance in the round are not looked at.
    """
    with localcontext(EXACT):
        entries = {entry.entry: entry for entry in facts.entries}
        rounds = facts_by_round(rules, facts)
        scored = {id: score_round(rules.rounds[id], of, entries) for id, of in rounds.items()}
        scores = {id: round.scores for id, round in scored.items()}
        divisions = _division_order(rules, facts)
        outcomes = {}
        bases: dict[str | None, _Base] = {}
        for id, round in scored.items():
            base = rules.rounds[id]
            ways = {code: _way(base.for_division(code)) for code in divisions}
            source = TieSource(id, rules.rounds, scores, round.lots)
            outcomes[id] = RoundOutcome(_standings(round.ranked, divisions, ways, source), round.scores)
            bases[id] = _Base(outcomes[id].standings, round.ranked, _way(base), source)
        if len(rules.result.rounds) == 1:
            result = bases[rules.result.rounds[0]]
        else:
            ranked, way = combined(rules, scored), _way(rules.result)
            source = TieSource(None, rules.rounds, scores, lots_of([r for r in facts.rulings if r.round is None]))
            standings = _standings(ranked, divisions, dict.fromkeys(divisions, way), source)
            result = _Base(standings, ranked, way, source)
        bases[None] = result
        overall = result.across(len(divisions) > 1) if rules.result.overall else None
        awards = give_awards(rules.awards, lambda award: bases[award.round].rankings(award, divisions))
        return Outcome(result.standings, outcomes, overall, awards)


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

    def across(self, with_division: bool) -> tuple[Standing, ...]:
        return _ranking(self.ranked, self.way, self.source, with_division)

    def rankings(
        self, award: AwardRules, divisions: Sequence[str | None],
    ) -> list[tuple[str | None, Sequence[Standing]]]:
        """The rankings an award is given out of: one, or one for each division."""
        if len(divisions) <= 1:
            return [(None, self.standings)]
        if award.per is None:
            return [(None, self.across(True))]
        return [(code, [s for s in self.standings if s.division == code]) for code in divisions]


def _division_order(rules: Rules, facts: Facts) -> list[str | None]:
    """The divisions that entries belong to: those of the rule file in its order, then the others by code, then none."""
    used = {entry.division for entry in facts.entries}
    known = {entry.entry for entry in facts.entries}
    if any(appearance.entry not in known for appearance in facts.appearances):
        used.add(None)
    declared: list[str | None] = [code for code in rules.divisions if code in used]
    others: list[str | None] = [*sorted(code for code in used if code is not None and code not in rules.divisions)]
    return [*declared, *others, *([None] if None in used else [])]


def _standings(
    ranked: Sequence[Ranked],
    divisions: Sequence[str | None],
    ways: Mapping[str | None, _Way],
    source: TieSource,
) -> tuple[Standing, ...]:
    """Places within each division, division by division."""
    return tuple(
        standing
        for code in divisions
        for standing in _ranking([r for r in ranked if r.division == code], ways[code], source, len(divisions) > 1)
    )


def _ranking(
    ranked: Sequence[Ranked], way: _Way, source: TieSource, with_division: bool,
) -> tuple[Standing, ...]:
    """One ranking: by place, then running order; what is outside it comes last."""
    contenders = [Contender(r.entry, r.label, r.score, r.order) for r in ranked if r.score is not None]
    placed = places(contenders, way.ranking, way.chain, source)
    rows = []
    for r in ranked:
        found = placed.get(r.entry)
        place, mean, steps = (None, None, ()) if found is None else (found.place, found.mean, found.steps)
        rows.append((
            (place is None, place or 0, r.running, r.entry),
            Standing(
                place, r.entry, r.division if with_division else None, r.score,
                None if r.status is None else str(r.status), (*r.steps, *steps), mean,
            ),
        ))
    return tuple(standing for _, standing in sorted(rows, key=lambda row: row[0]))
