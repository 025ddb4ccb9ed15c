"""What might happen in a contest under any rules: facts at random, as a folder could hold them."""

import random
from decimal import Decimal
from typing import Any

from contest.rules import (
    AdjustmentFact,
    AppearanceFact,
    AssignmentFact,
    EntryFact,
    Facts,
    MarkFact,
    RoundRules,
    Rules,
    RulingFact,
    SittingFact,
)
from contest.rules.shape import AdjustmentKind, Criterion
from tests.rules.any_rules import DIVISIONS, some_rules


def some_contest(seed: int) -> tuple[Rules, Facts, random.Random]:
    """Rules of a random rule file, facts that fit them, and the chance to change them further."""
    chance = random.Random(seed)
    rules = None
    while rules is None:
        rules = some_rules(chance)
    return rules, some_facts(chance, rules), chance


def some_facts(chance: random.Random, rules: Rules) -> Facts:
    """A contest of a few entries under these rules, as a folder could hold it: close marks, so that ties are common."""
    entries = [EntryFact(f"{n:02}", chance.choice([*DIVISIONS, None])) for n in range(1, chance.randint(1, 6) + 1)]
    panels = chance.choice([[None], [None], ["P", "Q"]])
    facts = Facts(entries=tuple(entries))
    for round in rules.rounds.values():
        here = [e for e in entries if chance.random() < 0.9]
        appearances = [AppearanceFact(round.id, e.entry, n, None, chance.choice(panels)) for n, e in enumerate(here, 1)]
        sittings = _sittings(chance, round, panels)
        facts = _with(facts, appearances=appearances, sittings=sittings)
        for appearance in appearances:
            own = round.for_division(next(e.division for e in here if e.entry == appearance.entry))
            facts = _with(facts, **_of_entry(chance, own, appearance, sittings))
        facts = _with(facts, rulings=_rulings(chance, round, [a.entry for a in appearances], sittings))
    return _with(facts, rulings=_overrides(chance, rules, facts))


def _overrides(chance: random.Random, rules: Rules, facts: Facts) -> list[RulingFact]:
    """Places, awards and advances that a jury has decided otherwise than the rules."""
    of_contest = None if len(rules.rounds) > 1 else next(iter(rules.rounds))
    awards = ["none", *(award.id for award in rules.awards)]
    found = []
    for entry in {appearance.entry: None for appearance in facts.appearances}:
        if chance.random() < 0.06:
            found.append(RulingFact(of_contest, entry, None, None, None, "award", chance.choice(awards)))
        if chance.random() < 0.06:
            found.append(RulingFact(of_contest, entry, None, None, None, "place", str(chance.randint(1, 5))))
        if chance.random() < 0.06:
            found.append(RulingFact(of_contest, entry, None, None, None, "advance", chance.choice(["yes", "no"])))
    said = {(ruling.round, ruling.entry, ruling.kind) for ruling in facts.rulings}
    return [ruling for ruling in found if (ruling.round, ruling.entry, ruling.kind) not in said]


def _with(facts: Facts, **more: Any) -> Facts:
    parts = {name: (*getattr(facts, name), *more.get(name, ())) for name in Facts.__slots__}
    return Facts(**parts)


def _sittings(chance: random.Random, round: RoundRules, panels: list[str | None]) -> list[SittingFact]:
    """Two to five judges on each panel; sometimes the third one comes for another in the middle of the round."""
    found = []
    for panel in panels if round.is_judged else []:
        judges = [f"J{panel or ''}{n}" for n in range(1, chance.randint(2, 5) + 1)]
        change = chance.random() < 0.2 and len(judges) > 2
        for n, judge in enumerate(judges, start=1):
            seat, first, last = str(n), None, None
            if change and n >= 2 and n <= 3:
                seat, first, last = "2", (None if n == 2 else 3), (2 if n == 2 else None)
            found.append(SittingFact(round.id, panel, judge, seat, "scoring", first, last))
        if chance.random() < 0.3:
            found.append(SittingFact(round.id, panel, f"T{panel or ''}", "T", "tiebreak"))
    return found


def _of_entry(
    chance: random.Random, round: RoundRules, appearance: AppearanceFact, sittings: list[SittingFact],
) -> dict[str, list[Any]]:  # fmt: skip
    """Assignments, marks and adjustments of one entry in one round."""
    running = appearance.order or 0
    judges = [
        s.judge for s in sittings
        if s.panel in (None, appearance.panel) and (s.first or 0) <= running <= (s.last or 99)
    ]  # fmt: skip
    assignments = []
    if chance.random() < 0.2 and judges:
        judges = chance.sample(judges, chance.randint(1, len(judges)))
        assignments = [AssignmentFact(round.id, appearance.entry, judge) for judge in judges]
    count = None if round.attempts is None else round.attempts.count
    marks, adjustments = [], []
    for attempt in [None] if count is None else range(1, count + 1):
        for judge in judges:
            if chance.random() < 0.06:
                continue
            for criterion in round.criteria:
                if chance.random() > 0.02:
                    mark = some_mark(chance, criterion)
                    marks.append(MarkFact(round.id, appearance.entry, judge, criterion.id, attempt, "mark", mark))
        if round.review is not None and chance.random() < 0.5:
            reviewer = chance.choice([*judges, "R1"])
            criterion = chance.choice([None, round.criteria[0]])
            mark = Decimal(chance.randint(0, 20)) if criterion is None else some_mark(chance, criterion)
            id = None if criterion is None else criterion.id
            marks.append(MarkFact(round.id, appearance.entry, reviewer, id, None, "review", mark))
        for kind in round.per_attempt:
            if chance.random() < 0.5 or kind.required:
                value = some_value(chance, kind)
                adjustments.append(AdjustmentFact(round.id, appearance.entry, attempt, None, kind.id, value))
    return {"assignments": assignments, "marks": marks, "adjustments": adjustments}


def some_mark(chance: random.Random, criterion: Criterion) -> Decimal:
    """A mark that the criterion allows, one of its highest."""
    if criterion.levels:
        return chance.choice(criterion.levels).value
    steps = int((criterion.max - criterion.min) / criterion.step)
    return criterion.max - chance.randrange(min(4, steps)) * criterion.step


def some_value(chance: random.Random, kind: AdjustmentKind) -> Decimal:
    """A value that the adjustment allows."""
    low = Decimal(0) if kind.min is None else kind.min
    high = low + 4 * kind.step if kind.max is None else kind.max
    return low + chance.randint(0, min(6, int((high - low) / kind.step))) * kind.step


def _rulings(
    chance: random.Random, round: RoundRules, entries: list[str], sittings: list[SittingFact],
) -> list[RulingFact]:  # fmt: skip
    found: list[RulingFact] = []
    if not entries:
        return found
    lots = chance.sample(range(1, 20), len(entries))
    for entry, lot in zip(entries, lots, strict=True):
        if chance.random() < 0.5:
            found.append(RulingFact(round.id, entry, None, None, None, "lot", str(lot)))
        if chance.random() < 0.06:
            found.append(RulingFact(round.id, entry, None, None, None, "withdrawn", None))
        if chance.random() < 0.05:
            found.append(RulingFact(round.id, entry, None, None, None, "zero", None))
        if chance.random() < 0.05 and round.criteria:
            found.append(RulingFact(round.id, entry, None, None, round.criteria[0].id, "zero", None))
        if chance.random() < 0.05 and round.attempts is not None and not round.divisions:
            found.append(RulingFact(round.id, entry, 2, None, None, "void", None))
        if chance.random() < 0.05 and sittings:
            found.append(RulingFact(round.id, entry, None, sittings[0].judge, None, "recused", None))
        if chance.random() < 0.05:
            found.append(RulingFact(round.id, entry, None, None, None, "place", str(chance.randint(1, 5))))
        if chance.random() < 0.08:
            found.append(RulingFact(round.id, entry, None, None, None, "advance", chance.choice(["yes", "no"])))
    if chance.random() < 0.05 and sittings:
        found.append(RulingFact(round.id, None, None, sittings[-1].judge, None, "absent", None))
    return found
