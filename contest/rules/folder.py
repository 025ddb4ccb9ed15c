"""A contest folder read into Facts. Everything wrong is one FolderError: file, row, column, found, expected."""
from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import NoReturn

from contest.rules.csvfiles import Row, table_rows
from contest.rules.errors import FolderError, MarkError
from contest.rules.facts import (
    AdjustmentFact,
    AppearanceFact,
    AssignmentFact,
    EntryFact,
    Facts,
    MarkFact,
    MemberFact,
    RulingFact,
    SittingFact,
)
from contest.rules.folder_checks import Checks
from contest.rules.grouping import SCORING, TIEBREAK
from contest.rules.numbers import plain_number
from contest.rules.reading import MAX_BYTES, read_rules
from contest.rules.shape import Rules
from contest.rules.sources import Source, open_source

MAX_NUMBER = 1_000_000


def read_folder(path: str | Path, rules: Rules | None = None) -> Facts:
    """The facts of the folder or .zip at `path`, checked against `rules` (without them: its own rules.toml, if any).

    Rows keep their order. What a folder may leave out is filled in: the only round or criterion, an appearance for
    every entry where there is no appearances.csv, the judges of marks.csv where there is no judges.csv.
    Raises FolderError, and RuleFileError for the folder's own rules.toml.
    """
    return read_source(open_source(path), rules)


def read_source(source: Source, rules: Rules | None = None) -> Facts:
    """The facts of a folder or .zip that is open already; as read_folder()."""
    if rules is None:
        data = source.read("rules.toml", MAX_BYTES)
        rules = None if data is None else read_rules(data)
    return _Reading(source, rules).facts()


class _Reading:
    """One pass over a folder: the tables in the order in which they refer to each other."""

    def __init__(self, source: Source, rules: Rules | None) -> None:
        self.source = source
        self.rules = rules
        self.checks = Checks(rules)

    def facts(self) -> Facts:
        entries = self._entries()
        appearances = self._appearances(entries)
        members = tuple(self._member(row) for row in self._rows("members.csv"))
        assignments = tuple(self._assignment(row) for row in self._rows("assignments.csv"))
        judged = self._table("judges.csv")
        sittings = [] if judged is None else [self._sitting(row) for row in judged]
        mark_rows = self._rows("marks.csv")
        if judged is None:
            sittings = self._judges_of_marks(mark_rows)
        self.checks.panels(appearances, sittings, assignments)
        return Facts(
            entries,
            members,
            appearances,
            tuple(sittings),
            assignments,
            tuple(self._mark(row) for row in mark_rows),
            tuple(self._adjustment(row) for row in self._rows("adjustments.csv")),
            tuple(self._ruling(row) for row in self._rows("rulings.csv")),
        )

    def _rows(self, name: str) -> list[Row]:
        return self._table(name) or []

    def _table(self, name: str) -> list[Row] | None:
        data = self.source.read(name)
        return None if data is None else table_rows(data, name)

    def _entries(self) -> tuple[EntryFact, ...]:
        rows = self._table("entries.csv")
        if rows is None:
            raise FolderError("entries.csv", None, None, None, "file")
        return tuple(self._entry(row) for row in rows)

    def _entry(self, row: Row) -> EntryFact:
        number, (entry, division, unit, name, title) = row
        code = needed("entries.csv", number, "entry", entry)
        self.checks.new_entry(number, code, division)
        return EntryFact(code, division, unit, name, title)

    def _appearances(self, entries: tuple[EntryFact, ...]) -> tuple[AppearanceFact, ...]:
        rows = self._table("appearances.csv")
        if rows is not None:
            return tuple(self._appearance(row) for row in rows)
        rounds = [None] if self.rules is None else list(self.rules.rounds)
        found = tuple(
            AppearanceFact(round, entry.entry, order)
            for round in rounds
            for order, entry in enumerate(entries, start=1)
        )
        self.checks.appearances.update({(appearance.round, appearance.entry): appearance for appearance in found})
        return found

    def _appearance(self, row: Row) -> AppearanceFact:
        name = "appearances.csv"
        number, (round, entry, order, people_call_it, panel) = row
        fact = AppearanceFact(
            self.checks.round(name, number, round),
            self.checks.entry(name, number, entry),
            whole(name, number, "order", order),
            people_call_it,
            panel,
        )
        self.checks.appear(number, fact)
        return fact

    def _member(self, row: Row) -> MemberFact:
        name = "members.csv"
        number, (entry, order, person, role) = row
        if role not in (None, "author", "teacher"):
            raise FolderError(name, number, "role", role, "one_of", known=["author", "teacher"])
        return MemberFact(self.checks.entry(name, number, entry), whole(name, number, "order", order), person, role)

    def _assignment(self, row: Row) -> AssignmentFact:
        name = "assignments.csv"
        number, (round, entry, judge) = row
        fact = AssignmentFact(
            self.checks.round(name, number, round),
            self.checks.entry(name, number, entry),
            needed(name, number, "judge", judge),
        )
        self.checks.once(name, number, "judge", fact.judge, (fact.round, fact.entry, fact.judge))
        self.checks.appearing(name, number, fact.round, fact.entry)
        self.checks.assigned_rows.append(number)
        return fact

    def _sitting(self, row: Row) -> SittingFact:
        name = "judges.csv"
        number, (round, panel, judge, seat, role, first, last) = row
        if role not in (None, SCORING, TIEBREAK):
            raise FolderError(name, number, "role", role, "one_of", known=[SCORING, TIEBREAK])
        fact = SittingFact(
            None if round is None else self.checks.round(name, number, round),
            panel,
            needed(name, number, "judge", judge),
            seat,
            role or SCORING,
            whole(name, number, "from", first),
            whole(name, number, "until", last),
        )
        self.checks.sit(number, fact)
        return fact

    def _judges_of_marks(self, rows: list[Row]) -> list[SittingFact]:
        found: dict[tuple[str | None, str], SittingFact] = {}
        for number, (round, _, judge, _, _, kind, _) in rows:
            if kind == "review":
                continue
            key = (self.checks.round("marks.csv", number, round), needed("marks.csv", number, "judge", judge))
            found.setdefault(key, SittingFact(key[0], None, key[1]))
        return list(found.values())

    def _mark(self, row: Row) -> MarkFact:
        name = "marks.csv"
        number, (round, entry, judge, criterion, attempt, kind, mark) = row
        if kind not in (None, "mark", "review"):
            raise FolderError(name, number, "kind", kind, "one_of", known=["mark", "review"])
        if kind == "review":
            return self._review(row)
        entry_code, judge_code = needed(name, number, "entry", entry), needed(name, number, "judge", judge)
        round_id = self.checks.round(name, number, round)
        found = self.checks.criterion(name, number, round_id, entry_code, criterion)
        self.checks.judging(number, round_id, entry_code, judge_code)
        id = criterion if found is None else found.id
        text = needed(name, number, "mark", mark)
        try_number = self.checks.attempt(name, number, round_id, entry_code, attempt)
        self.checks.once(name, number, "mark", text, (round_id, entry_code, judge_code, id, try_number or 1))
        try:
            value = found.check(text) if found is not None else any_number(text)
        except MarkError as error:
            refuse(name, number, "mark", error)
        return MarkFact(round_id, entry_code, judge_code, id, try_number, "mark", value)

    def _review(self, row: Row) -> MarkFact:
        """A mark of somebody who looked again: one of the judges or another, of a criterion or of the whole."""
        name = "marks.csv"
        number, (round, entry, judge, criterion, attempt, _, mark) = row
        round_id = self.checks.round(name, number, round)
        code, judge_code = self.checks.entry(name, number, entry), needed(name, number, "judge", judge)
        self.checks.appearing(name, number, round_id, code)
        self.checks.reviewed(number, round_id, code)
        if attempt not in (None, "1"):
            raise FolderError(name, number, "attempt", attempt, "blank")
        found = None if criterion is None else self.checks.criterion(name, number, round_id, code, criterion)
        text = needed(name, number, "mark", mark)
        self.checks.once(name, number, "mark", text, (round_id, code, judge_code, criterion, "review"))
        try:
            value = found.check(text) if found is not None else any_number(text)
        except MarkError as error:
            refuse(name, number, "mark", error)
        return MarkFact(round_id, code, judge_code, criterion, None, "review", value)

    def _adjustment(self, row: Row) -> AdjustmentFact:
        name = "adjustments.csv"
        number, (round, entry, attempt, judge, kind, value) = row
        if judge is not None:
            raise FolderError(name, number, "judge", judge, "no_judge")
        round_id = self.checks.round(name, number, round)
        code = self.checks.entry(name, number, entry)
        self.checks.appearing(name, number, round_id, code)
        kind_id = needed(name, number, "kind", kind)
        try_number = self.checks.attempt_of_value(number, round_id, code, kind_id, attempt)
        found = self.checks.adjustment(number, round_id, code, kind_id, try_number)
        text = needed(name, number, "value", value)
        try:
            amount = found.check(text) if found is not None else any_number(text)
        except MarkError as error:
            refuse(name, number, "value", error)
        return AdjustmentFact(round_id, code, try_number, None, kind_id, amount)

    def _ruling(self, row: Row) -> RulingFact:
        number, (round, entry, attempt, judge, criterion, kind, value) = row
        round_id = self.checks.ruling_round(number, round)
        fact = RulingFact(
            round_id, entry, self.checks.attempt_of_ruling(number, round_id, entry, attempt), judge,
            criterion, needed("rulings.csv", number, "kind", kind), value,
        )
        self.checks.ruling(number, fact)
        return fact


def needed(name: str, row: int, column: str, cell: str | None) -> str:
    """The cell, which must not be blank."""
    if cell is None:
        raise FolderError(name, row, column, None, "filled")
    return cell


def whole(name: str, row: int, column: str, cell: str | None) -> int | None:
    """A whole number from 1, or None for a blank cell."""
    if cell is None:
        return None
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 7 and 1 <= int(cell) <= MAX_NUMBER):
        raise FolderError(name, row, column, cell, "whole", low=1, high=MAX_NUMBER)
    return int(cell)


def any_number(text: str) -> Decimal:
    """A number where no rule says more about it. Raises MarkError."""
    value = plain_number(text)
    if value is None:
        raise MarkError("not_a_number", found=text)
    return value


def refuse(name: str, row: int, column: str, error: MarkError) -> NoReturn:
    """A mark's error, said with its place in the folder."""
    args = {key: value for key, value in error.wanted_args.items() if key != "found"}
    raise FolderError(name, row, column, error.wanted_args.get("found"), error.code, **args) from None
