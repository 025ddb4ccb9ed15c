"""A round's entries scored: sheets, what the whole field does to them, the panel, what comes after it.

The stages run one after the other over all entries, because some of them need the whole field (normalisation between
judges, places on a judge's ballot, scaling to the best). A stage that a rule does not ask for costs nothing.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from contest.rules.attempts import of_attempt, put_together, score_of_attempts, voided
from contest.rules.between_judges import between_judges
from contest.rules.chain import missing_values, run_chain
from contest.rules.dances import place_by_majority
from contest.rules.facts import AppearanceFact, EntryFact, RulingFact
from contest.rules.grouping import LEAVING, RoundFacts
from contest.rules.indicators import group_scores, group_steps
from contest.rules.measures import contradictions, measured_values
from contest.rules.memory import Memory
from contest.rules.numbers import shown
from contest.rules.outcome import AppliedAdjustment, EntryScore, GroupScore, Status, Step
from contest.rules.panel import PanelScore, given_by, panel_score, raw_components
from contest.rules.reviewing import look_again
from contest.rules.scaling import Unscaled, follow, scale_field, scales
from contest.rules.shape import RoundRules, Take, TieBy
from contest.rules.sheets import Sheet, fresh, sheets_for
from contest.rules.tie_facts import tiebreak_sheets, unrounded_score


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entry before places are given out, in a round or in the whole contest.

    `order` is there where a method gives the places itself (the skating system): the lower one is ahead, whatever
    the scores are; equal ones are tied. Of several blocks, each on a scale of its own, a lower one is ranked ahead.
    """

    entry: str
    label: str
    division: str | None
    running: int
    score: Decimal | None
    status: Status | None
    steps: tuple[Step, ...]
    order: Decimal | None = None
    block: int = 0


@dataclass(frozen=True, slots=True)
class Scored:
    """A round with every entry scored."""

    ranked: tuple[Ranked, ...]
    scores: Mapping[str, EntryScore]
    lots: Mapping[str, int]


@dataclass(slots=True)
class Try:
    """One attempt of an entry on its way through a round: what each stage has found so far and said about it.

    `refused` says why there can be no score although the marks are there.
    """

    attempt: int
    sheets: list[Sheet]
    panel: PanelScore | None = None
    score: Decimal | None = None
    status: Status | None = None
    applied: tuple[AppliedAdjustment, ...] = ()
    steps: list[Step] = field(default_factory=list)
    refused: Step | None = None
    unscaled: Unscaled | None = None
    void: bool = False
    groups: tuple[GroupScore, ...] = ()
    measured: tuple[AppliedAdjustment, ...] = ()


@dataclass(slots=True)
class Tally:
    """An entry on its way through a round, with its attempts (one, unless the rules have several).

    `left` is why it is out of the ranking whatever its marks are: it withdrew or was disqualified. `order` is its
    place where a method gives places itself, see Ranked. What follows it is there only with several attempts: what
    they are together, and the numbers of those that count.
    """

    rules: RoundRules
    appearance: AppearanceFact
    division: str | None
    tries: list[Try]
    left: Status | None
    order: Decimal | None = None
    score: Decimal | None = None
    status: Status | None = None
    applied: tuple[AppliedAdjustment, ...] = ()
    steps: list[Step] = field(default_factory=list)
    counted: frozenset[int] = frozenset()
    unscaled: Unscaled | None = None


def score_round(
    round: RoundRules, of: RoundFacts, entries: Mapping[str, EntryFact], memory: Memory | None,
) -> Scored:
    """Every appearance of the round with its score, or with the status that keeps it from having one.

    With a memory, rules that look at one entry at a time are shown those alone of which something has changed.
    """
    if memory is None or looks_at_field(round):
        parts = _scored(round, of, entries, memory)
    else:
        parts = [
            memory.call((round.id, a.entry), _alone, round, of.only(a), entries.get(a.entry)) for a in of.appearances
        ]
    return Scored(
        tuple([ranked for ranked, _ in parts]),
        {ranked.entry: score for ranked, score in parts},
        lots_of([ruling for rulings in of.rulings.values() for ruling in rulings]),
    )


def looks_at_field(round: RoundRules) -> bool:
    """Whether an entry's score depends on other entries: then one mark may move them all.

    Every stage that needs the whole field must be named here, or it is shown one entry at a time.
    """
    return any(
        own.sheet is not None or own.panel.take is Take.MAJORITY or scales(own)
        for own in (round, *round.divisions.values())
    )


def _alone(round: RoundRules, of: RoundFacts, entry: EntryFact | None) -> tuple[Ranked, EntryScore]:
    """The only appearance of `of`, scored."""
    (part,) = _scored(round, of, {} if entry is None else {entry.entry: entry}, None)
    return part


def _scored(
    round: RoundRules, of: RoundFacts, entries: Mapping[str, EntryFact], memory: Memory | None,
) -> list[tuple[Ranked, EntryScore]]:
    """The stages one after the other, over every appearance of `of`. A memory knows the sheets as they came in."""
    tallies = [_tally(round, of, entries, appearance, memory) for appearance in of.appearances]
    between_judges(tallies)
    for tally in tallies:
        look_again(tally, of)
        for attempt in tally.tries:
            _score(tally, attempt, of, memory)
        if tally.rules.attempts is not None:
            put_together(tally, of.adjustments.get(tally.appearance.entry, ()))
    scale_field(tallies)
    place_by_majority(tallies)
    return [(_ranked(tally, of), _entry_score(tally, of)) for tally in tallies]


def _tally(
    round: RoundRules, of: RoundFacts, entries: Mapping[str, EntryFact], appearance: AppearanceFact,
    memory: Memory | None,
) -> Tally:
    entry = entries.get(appearance.entry)
    division = None if entry is None else entry.division
    own = round.for_division(division)
    left = _left([*of.rulings.get(None, []), *of.rulings.get(appearance.entry, [])])
    tries = []
    void = set() if own.attempts is None else voided(of.rulings.get(appearance.entry, ()))
    for attempt in range(1, 2 if own.attempts is None else own.attempts.count + 1):
        if attempt in void:
            tries.append(Try(attempt, [], void=True))
        elif memory is None:
            sheets, steps = sheets_for(own, of, appearance, attempt)
            tries.append(Try(attempt, sheets, steps=steps))
        else:
            at = (round.id, appearance.entry, attempt)
            sheets, steps = memory.call(at, sheets_for, own, of.only(appearance), appearance, attempt)
            tries.append(Try(attempt, fresh(sheets), steps=[*steps]))
    return Tally(own, appearance, division, tries, left)


def _score(tally: Tally, attempt: Try, of: RoundFacts, memory: Memory | None) -> None:
    """From the sheets of an attempt to its score."""
    raw = None
    if memory is not None and tally.rules.is_judged:
        at = (tally.rules.id, tally.appearance.entry, attempt.attempt)
        raw = memory.call(at, raw_components, tally.rules, given_by(attempt.sheets))
    panel = panel_score(tally.rules, attempt.sheets, raw)
    attempt.panel, attempt.status = panel, panel.status
    if attempt.refused is not None and panel.score is not None:
        attempt.panel, attempt.status = replace(panel, score=None), Status.INCOMPLETE
        attempt.steps.append(attempt.refused)
        return
    attempt.steps.extend(panel.steps)
    values = of_attempt(tally.rules, of.adjustments.get(tally.appearance.entry, ()), attempt.attempt)
    expected = tally.rules.per_attempt
    if not tally.rules.is_judged and not any(value.kind == kind.id for kind in expected for value in values):
        attempt.status = Status.WAITING
        attempt.steps.append(Step("waiting_values", {}))
        return
    attempt.measured = measured_values(tally.rules, values)
    if panel.score is None:
        return
    lacking = missing_values(expected, values)
    if lacking:
        attempt.status = Status.INCOMPLETE
        attempt.steps.append(Step("value_missing", {"kinds": [kind.title for kind in lacking]}))
        return
    wrong = contradictions(tally.rules, attempt.sheets, values)
    if wrong:
        attempt.status = Status.INCOMPLETE
        attempt.steps.extend(wrong)
        return
    attempt.groups = group_scores(tally.rules, panel)
    attempt.steps.extend(group_steps(tally.rules, attempt.groups))
    rule = tally.rules.attempts
    if rule is None:
        follow(tally, attempt, panel.score, tally.rules.after, values)
        return
    score, attempt.applied, said = run_chain(tally.rules, tally.rules.after, panel.score, values, rule.places)
    attempt.score = shown(score, rule.places)
    attempt.steps.extend(said)
    attempt.steps.append(Step("attempt_score", {"score": attempt.score}))


def _entry_score(tally: Tally, of: RoundFacts) -> EntryScore:
    if tally.rules.attempts is not None:
        score = score_of_attempts(tally)
        return score if not tally.rules.asks else _for_ties(tally, of, score)
    (only,) = tally.tries
    if only.panel is None:
        return EntryScore((), (), None, (), None)
    score = EntryScore(
        only.panel.sheets, only.panel.components, only.panel.score, only.applied, only.score, (), only.groups,
        only.measured,
    )
    return score if not tally.rules.asks else _for_ties(tally, of, score)


def _for_ties(tally: Tally, of: RoundFacts, score: EntryScore) -> EntryScore:
    """The entry with what a tie-break of the rules looks at and nothing else does."""
    rules, appearance = tally.rules, tally.appearance
    if TieBy.TIEBREAK_JUDGE in rules.asks:
        score = replace(score, tiebreak=tiebreak_sheets(rules, of, appearance))
    if TieBy.UNROUNDED in rules.asks and score.score is not None:
        values = of.adjustments.get(appearance.entry, ())
        score = replace(score, unrounded=unrounded_score(rules, tally.tries[0].sheets, values))
    return score


def _ranked(tally: Tally, of: RoundFacts) -> Ranked:
    appearance = tally.appearance
    only: Try | Tally = tally if tally.rules.attempts is not None else tally.tries[0]
    status = only.status if tally.left is None else tally.left
    steps = tuple(only.steps) if tally.left is None else (Step(str(tally.left), {}),)
    return Ranked(
        appearance.entry, appearance.number or appearance.entry, tally.division, of.running[appearance.entry],
        only.score if status is None else None, status, steps, tally.order,
    )


def _left(rulings: Sequence[RulingFact]) -> Status | None:
    if not rulings:
        return None
    kinds = {ruling.kind for ruling in rulings}
    return next((Status(kind) for kind in LEAVING if kind in kinds), None)


def lots_of(rulings: Sequence[RulingFact]) -> dict[str, int]:
    """The recorded lots: each entry's place in the order that was drawn. A round's own go before the contest's."""
    drawn = sorted((r.round is not None, int(r.value or 0), r.entry or "") for r in rulings if r.kind == "lot")
    return {entry: place for _, place, entry in drawn if entry and place}
