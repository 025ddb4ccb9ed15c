"""Facts to standings: every entry's score in every round, the rounds' places, the contest's result."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from contest.rules.awards import give_awards
from contest.rules.chain import after_panel, missing_values
from contest.rules.facts import EntryFact, Facts, RulingFact
from contest.rules.numbers import EXACT, ZERO, Rounding, shown
from contest.rules.outcome import AppliedAdjustment, EntryScore, Outcome, RoundOutcome, Standing, Status, Step
from contest.rules.panel import panel_score
from contest.rules.ranking import Contender, places
from contest.rules.shape import RoundRules, Rules, TieBreak
from contest.rules.shape_awards import AwardRules
from contest.rules.sheets import LEAVING, RoundFacts, facts_by_round, sheets_for
from contest.rules.ties import TieSource


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entry before places are given out, in a round or in the whole contest."""

    entry: str
    label: str
    division: str | None
    running: int
    score: Decimal | None
    status: Status | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """A round with every entry scored."""

    ranked: tuple[Ranked, ...]
    scores: Mapping[str, EntryScore]
    lots: Mapping[str, int]


def compute(rules: Rules, facts: Facts) -> Outcome:
    """The standings that `rules` make of `facts`: the order of rows, judges and entries never matters.

    Facts of read_folder() have been checked; facts from elsewhere may name only rounds of the rules (else KeyError).
    Marks of entries without an appearance in the round are not looked at.
    """
    with localcontext(EXACT):
        entries = {entry.entry: entry for entry in facts.entries}
        rounds = facts_by_round(rules, facts)
        scored = {id: _score_round(rules.rounds[id], of, entries) for id, of in rounds.items()}
        scores = {id: round.scores for id, round in scored.items()}
        divisions = _division_order(rules, facts)
        outcomes = {}
        bases: dict[str | None, _Base] = {}
        for id, round in scored.items():
            base = rules.rounds[id]
            chains = {code: base.for_division(code).tie_break for code in divisions}
            source = TieSource(id, rules.rounds, scores, round.lots)
            outcomes[id] = RoundOutcome(_standings(round.ranked, divisions, chains, source), round.scores)
            bases[id] = _Base(outcomes[id].standings, round.ranked, base.tie_break, source)
        if len(rules.result.rounds) == 1:
            result = bases[rules.result.rounds[0]]
        else:
            ranked, chain = _combined(rules, scored), rules.result.tie_break
            source = TieSource(None, rules.rounds, scores, _lots([r for r in facts.rulings if r.round is None]))
            standings = _standings(ranked, divisions, dict.fromkeys(divisions, chain), source)
            result = _Base(standings, ranked, chain, source)
        bases[None] = result
        overall = result.across(len(divisions) > 1) if rules.result.overall else None
        awards = give_awards(rules.awards, lambda award: bases[award.round].rankings(award, divisions))
        return Outcome(result.standings, outcomes, overall, awards)


@dataclass(frozen=True, slots=True)
class _Base:
    """What a ranking is made of, so that one across divisions can be made of it too."""

    standings: tuple[Standing, ...]
    ranked: Sequence[Ranked]
    chain: tuple[TieBreak, ...]
    source: TieSource

    def across(self, with_division: bool) -> tuple[Standing, ...]:
        return _ranking(self.ranked, self.chain, self.source, with_division)

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


def _score_round(round: RoundRules, of: RoundFacts, entries: Mapping[str, EntryFact]) -> Scored:
    ranked: list[Ranked] = []
    scores: dict[str, EntryScore] = {}
    for appearance in of.appearances:
        entry = appearance.entry
        division = entries[entry].division if entry in entries else None
        own = round.for_division(division)
        sheets, steps = sheets_for(own, of, appearance)
        panel = panel_score(own, sheets)
        steps.extend(panel.steps)
        status, score = panel.status, None
        values = of.adjustments.get(entry, [])
        applied: tuple[AppliedAdjustment, ...] = ()
        lacking = missing_values(own, values) if panel.score is not None else []
        if lacking:
            status = Status.INCOMPLETE
            steps.append(Step("value_missing", {"kinds": [kind.title for kind in lacking]}))
        elif panel.score is not None:
            score, applied, more = after_panel(own, panel.score, values)
            score = shown(score, own.places)
            steps.extend(more)
            steps.append(Step("score", {"score": score}))
        scores[entry] = EntryScore(panel.sheets, panel.components, panel.score, applied, score)
        left = _left([*of.rulings.get(None, []), *of.rulings.get(entry, [])])
        if left is not None:
            status = left
            steps = [Step(str(left), {})]
        label = appearance.number or entry
        rank_score = score if status is None else None
        ranked.append(Ranked(entry, label, division, of.running[entry], rank_score, status, tuple(steps)))
    return Scored(tuple(ranked), scores, _lots([r for rulings in of.rulings.values() for r in rulings]))


def _left(rulings: Sequence[RulingFact]) -> Status | None:
    kinds = {ruling.kind for ruling in rulings}
    return next((Status(kind) for kind in LEAVING if kind in kinds), None)


def _lots(rulings: Sequence[RulingFact]) -> dict[str, int]:
    return {r.entry: int(r.value) for r in rulings if r.kind == "lot" and r.entry is not None and r.value is not None}


def _combined(rules: Rules, scored: Mapping[str, Scored]) -> tuple[Ranked, ...]:
    """The contest's result out of several rounds: an entry that lacks one of them is outside the ranking."""
    found: dict[str, dict[str, Ranked]] = {}
    for id in rules.result.rounds:
        for ranked in scored[id].ranked:
            found.setdefault(ranked.entry, {})[id] = ranked
    return tuple(_combine(rules, parts) for parts in found.values())


def _combine(rules: Rules, parts: Mapping[str, Ranked]) -> Ranked:
    result = rules.result
    latest = [parts[id] for id in result.rounds if id in parts][-1]
    steps: list[Step] = []
    for id, part in parts.items():
        steps.append(Step("in_round", {"round": rules.rounds[id].title}))
        steps.extend(part.steps)
    statuses = [part.status for part in parts.values() if part.status is not None]
    missed = [rules.rounds[id].title for id in result.rounds if id not in parts]
    if missed:
        statuses.append(Status.MISSED_ROUND)
        steps.append(Step("missed_round", {"rounds": missed}))
    status = next((status for status in Status if status in statuses), None)
    score = None
    if status is None:
        score, said = _sum_of_rounds(rules, parts)
        steps.extend(said)
    return Ranked(latest.entry, latest.label, latest.division, latest.running, score, status, tuple(steps))


def _sum_of_rounds(rules: Rules, parts: Mapping[str, Ranked]) -> tuple[Decimal, list[Step]]:
    result = rules.result
    score = ZERO
    steps: list[Step] = []
    for id in result.rounds:
        own = parts[id].score or ZERO
        args = {"round": rules.rounds[id].title, "score": own}
        if result.weights is None:
            score = EXACT.add(score, own)
            steps.append(Step("round_score", args))
        else:
            weighted = EXACT.multiply(own, result.weights[id])
            score = EXACT.add(score, weighted)
            steps.append(Step("round_weighted", {
                **args, "weight": shown(result.weights[id], 0), "value": shown(weighted, 0),
            }))
    if result.rounding is not None:
        score = result.rounding.apply(score)
    score = shown(score, _result_places(rules, result.rounding))
    return score, [*steps, Step("result_score", {"score": score})]


def _result_places(rules: Rules, rounding: Rounding | None) -> int:
    return rounding.decimals if rounding is not None else max(rules.rounds[id].places for id in rules.result.rounds)


def _standings(
    ranked: Sequence[Ranked],
    divisions: Sequence[str | None],
    chains: Mapping[str | None, tuple[TieBreak, ...]],
    source: TieSource,
) -> tuple[Standing, ...]:
    """Places within each division, division by division."""
    return tuple(
        standing
        for code in divisions
        for standing in _ranking([r for r in ranked if r.division == code], chains[code], source, len(divisions) > 1)
    )


def _ranking(
    ranked: Sequence[Ranked], chain: tuple[TieBreak, ...], source: TieSource, with_division: bool,
) -> tuple[Standing, ...]:
    """One ranking: by place, then running order; what is outside it comes last."""
    contenders = [Contender(r.entry, r.label, r.score) for r in ranked if r.score is not None]
    placed = places(contenders, chain, source)
    rows = []
    for r in ranked:
        place, steps = placed.get(r.entry, (None, ()))
        rows.append((
            (place is None, place or 0, r.running, r.entry),
            Standing(
                place, r.entry, r.division if with_division else None, r.score,
                None if r.status is None else str(r.status), (*r.steps, *steps),
            ),
        ))
    return tuple(standing for _, standing in sorted(rows, key=lambda row: row[0]))
