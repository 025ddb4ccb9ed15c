"""What the tables of a contest folder must agree on: names exist, rows do not repeat, judges sit where they mark."""
from __future__ import annotations

from collections.abc import Iterable, Sequence

from contest.rules.errors import FolderError
from contest.rules.facts import AppearanceFact, AssignmentFact, RulingFact, SittingFact
from contest.rules.grouping import REMOVING, running_numbers, sits_for
from contest.rules.overrides import NO_AWARD, YES_NO
from contest.rules.reading_attempts import MAX_ATTEMPTS
from contest.rules.shape import AdjustmentKind, Apply, Criterion, RoundRules, Rules

RULINGS = ("zero", *REMOVING, "withdrawn", "disqualified", "lot", "place", "award", "advance")


class Checks:
    """What has been read so far, row by row; each method refuses what does not fit it."""

    def __init__(self, rules: Rules | None) -> None:
        self.rules = rules
        self.entries: dict[str, str | None] = {}
        self.seen: dict[tuple[object, ...], int] = {}
        self.appearances: dict[tuple[str | None, str], AppearanceFact] = {}
        self.orders: dict[tuple[str | None, str | None, int], int] = {}
        self.sittings: list[SittingFact] = []
        self.judges: set[tuple[str | None, str]] = set()
        self.may_judge: dict[tuple[str | None, str], set[str]] = {}
        self.assigned: dict[tuple[str | None, str], set[str]] = {}
        self.assigned_rows: list[int] = []

    def new_entry(self, row: int, entry: str, division: str | None) -> None:
        """An entry's first and only row."""
        self.once("entries.csv", row, "entry", entry, (entry,))
        self.entries[entry] = division

    def once(self, file: str, row: int, column: str, found: str, key: tuple[object, ...]) -> None:
        """Refuse a key that an earlier row of the file had."""
        before = self.seen.setdefault((file, *key), row)
        if before != row:
            raise FolderError(file, row, column, found, "new_row", row=before)

    def entry(self, file: str, row: int, entry: str | None) -> str:
        """An entry of entries.csv."""
        if entry is None:
            raise FolderError(file, row, "entry", None, "filled")
        if entry not in self.entries:
            raise FolderError(file, row, "entry", entry, "listed", file="entries.csv")
        return entry

    def round(self, file: str, row: int, round: str | None) -> str | None:
        """A round of the rules; blank where there is only one."""
        if self.rules is None:
            return round
        known = list(self.rules.rounds)
        if round is None:
            if len(known) > 1:
                raise FolderError(file, row, "round", None, "round_named", known=known)
            return known[0]
        if round not in self.rules.rounds:
            raise FolderError(file, row, "round", round, "in_rules", known=known)
        return round

    def _rules_for(self, round: str | None, entry: str) -> RoundRules | None:
        if self.rules is None or round is None:
            return None
        return self.rules.rounds[round].for_division(self.entries.get(entry))

    def criterion(self, file: str, row: int, round: str | None, entry: str, criterion: str | None) -> Criterion | None:
        """A criterion of the round as it holds for this entry; blank where there is only one."""
        rules = self._rules_for(round, entry)
        if rules is None:
            return None
        known = [c.id for c in rules.criteria]
        if not known:
            raise FolderError(file, row, "round", round, "judged")
        if criterion is None:
            if len(known) > 1:
                raise FolderError(file, row, "criterion", None, "criterion_named", known=known)
            return rules.criteria[0]
        found = rules.criterion(criterion)
        if found is None:
            raise FolderError(file, row, "criterion", criterion, "in_rules", known=known)
        return found

    def attempt(self, file: str, row: int, round: str | None, entry: str, attempt: str | None) -> int | None:
        """The number of an attempt of the round as it holds for this entry; blank where there is only one."""
        rules = self._rules_for(round, entry)
        if rules is None:
            return None if attempt is None else attempt_number(file, row, attempt, MAX_ATTEMPTS)
        if rules.attempts is None:
            if attempt not in (None, "1"):
                raise FolderError(file, row, "attempt", attempt, "only_first")
            return None if attempt is None else 1
        if attempt is None:
            raise FolderError(file, row, "attempt", None, "whole", low=1, high=rules.attempts.count)
        return attempt_number(file, row, attempt, rules.attempts.count)

    def attempt_of_value(self, row: int, round: str | None, entry: str, kind: str, attempt: str | None) -> int | None:
        """A value's attempt; of a kind that acts on all attempts together it is blank, and 1 means the same."""
        rules = self._rules_for(round, entry)
        together = rules is not None and rules.attempts is not None and any(
            each.id == kind for each in rules.attempts.adjustments
        )
        if not together:
            return self.attempt("adjustments.csv", row, round, entry, attempt)
        if attempt not in (None, "1"):
            raise FolderError("adjustments.csv", row, "attempt", attempt, "blank")
        return None

    def attempt_of_ruling(self, row: int, round: str | None, entry: str | None, attempt: str | None) -> int | None:
        """A ruling's attempt; blank means all of them."""
        return None if attempt is None else self.attempt("rulings.csv", row, round, entry or "", attempt)

    def adjustment(
        self, row: int, round: str | None, entry: str, kind: str, attempt: int | None = None,
    ) -> AdjustmentKind | None:
        """An adjustment kind of the round as it holds for this entry; a factor is given once."""
        rules = self._rules_for(round, entry)
        if rules is None:
            return None
        found = rules.adjustment(kind)
        if found is None:
            raise FolderError("adjustments.csv", row, "kind", kind, "in_rules", known=[k.id for k in rules.adjustments])
        if found.apply is Apply.MULTIPLY:
            before = self.seen.setdefault(("adjustments.csv", round, entry, kind, attempt or 1), row)
            if before != row:
                raise FolderError("adjustments.csv", row, "kind", kind, "one_factor")
        return found

    def appear(self, row: int, fact: AppearanceFact) -> None:
        """An appearance, once per round and entry, with a running number of its own on its panel."""
        self.once("appearances.csv", row, "entry", fact.entry, (fact.round, fact.entry))
        self.appearances[fact.round, fact.entry] = fact
        if fact.order is not None:
            before = self.orders.setdefault((fact.round, fact.panel, fact.order), row)
            if before != row:
                raise FolderError("appearances.csv", row, "order", str(fact.order), "one_order", row=before)

    def appearing(self, file: str, row: int, round: str | None, entry: str) -> None:
        """Refuse an entry that does not appear in the round."""
        if (round, entry) not in self.appearances:
            raise FolderError(file, row, "entry", entry, "appears")

    def sit(self, row: int, fact: SittingFact) -> None:
        """A sitting; nobody else may be on the seat at that time."""
        if fact.first is not None and fact.last is not None and fact.last < fact.first:
            raise FolderError("judges.csv", row, "until", str(fact.last), "not_before", first=fact.first)
        chair = (fact.round, fact.panel, fact.seat)
        self.once("judges.csv", row, "judge", fact.judge, (*chair, fact.judge, fact.first, fact.last))
        if fact.seat is not None:
            for other in self.sittings:
                if (other.round, other.panel, other.seat) == chair and overlap(other, fact):
                    raise FolderError("judges.csv", row, "seat", fact.seat, "seat_free")
        self.sittings.append(fact)

    def panels(
        self,
        appearances: Sequence[AppearanceFact],
        sittings: Sequence[SittingFact],
        assignments: Iterable[AssignmentFact],
    ) -> None:
        """Work out who may mark what, and refuse assignments of people who sit nowhere."""
        rounds: dict[str | None, list[AppearanceFact]] = {}
        for appearance in appearances:
            rounds.setdefault(appearance.round, []).append(appearance)
        for round, own in rounds.items():
            running = running_numbers(own)
            here = [sitting for sitting in sittings if sitting.round in (None, round)]
            self.judges.update((round, sitting.judge) for sitting in here)
            replaced = any(sitting.first is not None or sitting.last is not None for sitting in here)
            found: dict[tuple[str | None, int], set[str]] = {}
            for appearance in own:
                number = running[appearance.entry]
                at = (appearance.panel, number if replaced else 0)
                if at not in found:
                    found[at] = {s.judge for s in here if sits_for(s, appearance, number)}
                self.may_judge[round, appearance.entry] = found[at]
        for row, assignment in zip(self.assigned_rows, assignments, strict=True):
            if (assignment.round, assignment.judge) not in self.judges:
                raise FolderError("assignments.csv", row, "judge", assignment.judge, "sits")
            self.assigned.setdefault((assignment.round, assignment.entry), set()).add(assignment.judge)

    def reviewed(self, row: int, round: str | None, entry: str) -> None:
        """Refuse a review mark where the round has no review."""
        rules = self._rules_for(round, entry)
        if rules is not None and rules.review is None:
            raise FolderError("marks.csv", row, "kind", "review", "only_mark")

    def judging(self, row: int, round: str | None, entry: str, judge: str) -> None:
        """A mark's entry appears, and its judge sits for it and is assigned to it."""
        key = (round, entry)
        if key not in self.appearances:
            self.entry("marks.csv", row, entry)
            self.appearing("marks.csv", row, round, entry)
        if judge not in self.may_judge[key]:
            raise FolderError("marks.csv", row, "judge", judge, "sitting" if (round, judge) in self.judges else "sits")
        if key in self.assigned and judge not in self.assigned[key]:
            raise FolderError("marks.csv", row, "judge", judge, "assigned")

    def ruling_round(self, row: int, round: str | None) -> str | None:
        """A ruling's round; blank means the only one, or every round."""
        return None if round is None and self.rules is not None and len(self.rules.rounds) > 1 else (
            self.round("rulings.csv", row, round))

    def ruling(self, row: int, fact: RulingFact) -> None:
        """A ruling of a known kind with exactly the cells that the kind needs."""
        file = "rulings.csv"
        if fact.kind not in RULINGS:
            raise FolderError(file, row, "kind", fact.kind, "one_of", known=list(RULINGS))
        if fact.entry is not None:
            self.entry(file, row, fact.entry)
            if fact.round is not None:
                self.appearing(file, row, fact.round, fact.entry)
        elif fact.kind not in REMOVING:
            raise FolderError(file, row, "entry", None, "filled")
        voids_attempt = fact.kind == "void" and fact.attempt is not None and fact.entry is not None
        if fact.kind in REMOVING and fact.judge is None and not voids_attempt:
            raise FolderError(file, row, "judge", None, "filled")
        if fact.judge is not None:
            self._blank_unless(fact.kind in (*REMOVING, "zero"), row, "judge", fact.judge)
            if not any(judge == fact.judge and fact.round in (None, round) for round, judge in self.judges):
                raise FolderError(file, row, "judge", fact.judge, "sits")
        if fact.criterion is not None:
            self._blank_unless(fact.kind == "zero" and fact.entry is not None, row, "criterion", fact.criterion)
            self._zero_criterion(row, fact)
        self._value(row, fact)
        which = (fact.round, fact.entry, fact.attempt, fact.judge, fact.criterion)
        self.once(file, row, "kind", fact.kind, (*which, fact.kind, ""))

    def _value(self, row: int, fact: RulingFact) -> None:
        """The value that the kind needs: a number for lots and places, an award, yes or no; else it is blank."""
        file, value = "rulings.csv", fact.value or ""
        if fact.kind in ("lot", "place"):
            if not (value.isascii() and value.isdigit() and len(value) <= 6 and int(value) > 0):
                raise FolderError(file, row, "value", fact.value, "whole", low=1, high=999999)
        elif fact.kind == "award":
            known = None if self.rules is None else [NO_AWARD, *(award.id for award in self.rules.awards)]
            if not value or (known is not None and value not in known):
                raise FolderError(file, row, "value", fact.value, "one_of", known=known or [NO_AWARD])
            # An award is one for the whole contest, whatever round the ruling names.
            self.once(file, row, "entry", fact.entry or "", (fact.entry, "award"))
        elif fact.kind == "advance":
            if value not in YES_NO:
                raise FolderError(file, row, "value", fact.value, "one_of", known=list(YES_NO))
        elif fact.value is not None:
            raise FolderError(file, row, "value", fact.value, "blank")
        if fact.kind in ("lot", "place", "advance"):
            self.once(file, row, "value", value, (fact.round, fact.entry, fact.kind))

    def _blank_unless(self, allowed: bool, row: int, column: str, found: str) -> None:
        if not allowed:
            raise FolderError("rulings.csv", row, column, found, "blank")

    def _zero_criterion(self, row: int, fact: RulingFact) -> None:
        rounds = [fact.round] if fact.round is not None or self.rules is None else list(self.rules.rounds)
        known = [self._rules_for(round, fact.entry or "") for round in rounds]
        if any(rules is not None for rules in known) and not any(
            rules is not None and rules.criterion(fact.criterion or "") is not None for rules in known
        ):
            raise FolderError("rulings.csv", row, "criterion", fact.criterion, "in_rules", known=[
                c.id for rules in known if rules is not None for c in rules.criteria
            ])


def attempt_number(file: str, row: int, attempt: str, most: int) -> int:
    """An attempt from 1 to `most`."""
    if not (attempt.isascii() and attempt.isdigit() and len(attempt) <= 3 and 1 <= int(attempt) <= most):
        raise FolderError(file, row, "attempt", attempt, "whole", low=1, high=most)
    return int(attempt)


def overlap(one: SittingFact, other: SittingFact) -> bool:
    """Whether two sittings share a running number."""
    return (one.first or 0) <= (other.last or 10**9) and (other.first or 0) <= (one.last or 10**9)
