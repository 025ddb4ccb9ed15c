"""The facts of a contest while it runs: sorted out once by round and entry, then changed one entry at a time."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from contest.rules.facts import AdjustmentFact, AppearanceFact, EntryFact, Facts, RulingFact
from contest.rules.grouping import RoundFacts, facts_by_round, put_in_order, seat_judges
from contest.rules.shape import Rules


class LiveFacts:
    """Facts as compute() works with them. A change replaces what belongs to its entry and touches nothing else.

    Rounds are those of the rules (else KeyError); a blank one means the only round, as in Facts. What is put here is
    taken as checked. For one thread at a time.
    """

    def __init__(self, rules: Rules, facts: Facts) -> None:
        self.entries: dict[str, EntryFact] = {entry.entry: entry for entry in facts.entries}
        self.rounds: dict[str, RoundFacts] = facts_by_round(rules, facts)
        self._judges_known = bool(facts.sittings)

    def put_entry(self, entry: EntryFact) -> None:
        """A new entry, or another division for one that is here."""
        self.entries[entry.entry] = entry

    def put_appearance(self, appearance: AppearanceFact) -> None:
        """An entry appears in a round, or appears there otherwise than before."""
        of = self._round(appearance.round)
        others = [other for other in of.appearances if other.entry != appearance.entry]
        self._appear(of, [*others, appearance])

    def take_appearance(self, round: str | None, entry: str) -> None:
        """An entry no longer appears in a round; what was put for it there waits until it does again."""
        of = self._round(round)
        self._appear(of, [other for other in of.appearances if other.entry != entry])

    def put_sheet(
        self, round: str | None, entry: str, judge: str, marks: Mapping[str, Decimal], attempt: int | None = None,
    ) -> None:
        """A judge's marks of an entry by criterion instead of those before; no marks take the sheet back."""
        of = self._round(round)
        number = attempt or 1
        sheets = {other: given for other, given in of.sheets(entry, number).items() if other != judge}
        if marks:
            sheets[judge] = dict(marks)
        if number == 1:
            of.marks[entry] = sheets
        else:
            of.later[entry] = {**of.later.get(entry, {}), number: sheets}
        of.forget(entry)
        if not self._judges_known:
            seat_judges(of, None)

    def put_review(self, round: str | None, entry: str, judge: str, marks: Mapping[str, Decimal]) -> None:
        """A judge's review of an entry by criterion ("" without one) instead of that before; no marks take it back."""
        of = self._round(round)
        reviews = {other: given for other, given in of.reviews.get(entry, {}).items() if other != judge}
        of.reviews[entry] = {**reviews, judge: dict(marks)} if marks else reviews
        of.forget(entry)

    def put_adjustments(self, round: str | None, entry: str, values: Iterable[AdjustmentFact]) -> None:
        """All adjustments of an entry in a round instead of those before."""
        of = self._round(round)
        of.adjustments[entry] = list(values)
        of.forget(entry)

    def put_rulings(self, entry: str | None, rulings: Sequence[RulingFact]) -> None:
        """All rulings on an entry, in every round, instead of those before; entry None: those that name no entry."""
        for id, of in self.rounds.items():
            of.rulings[entry] = [ruling for ruling in rulings if ruling.round is None or ruling.round == id]
            of.forget(entry)

    def _round(self, id: str | None) -> RoundFacts:
        if id is None and len(self.rounds) == 1:
            return next(iter(self.rounds.values()))
        return self.rounds[id or ""]

    def _appear(self, of: RoundFacts, appearances: Iterable[AppearanceFact]) -> None:
        of.appearances[:] = appearances
        put_in_order(of)

    def rulings(self) -> list[RulingFact]:
        """Every ruling, those that name no round once."""
        blank = self.rulings_of_contest()
        return [*blank, *(
            ruling for of in self.rounds.values() for rulings in of.rulings.values() for ruling in rulings
            if ruling.round is not None
        )]

    def rulings_of_contest(self) -> list[RulingFact]:
        """The rulings that name no round: they hold in each of them and in the contest's result."""
        of = next(iter(self.rounds.values()))
        return [ruling for rulings in of.rulings.values() for ruling in rulings if ruling.round is None]
