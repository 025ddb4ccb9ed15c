"""The contest folder into the database and out of it: what survives the round trip, and what is refused whole."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest import facts, folders, ledger
from contest.entering import organization_named
from contest.errors import ContestError, Malformed, NameTaken
from contest.ledger import SYSTEM
from contest.models import Base, Contest, RoundState, Visibility
from contest.rules import (
    AdjustmentFact,
    AppearanceFact,
    AssignmentFact,
    EntryFact,
    Facts,
    MarkFact,
    MemberFact,
    RulingFact,
    SittingFact,
    compute,
    outcome_json,
    read_folder,
    read_rules,
)
from tests.builders import NOW, RULES, final_facts
from tests.rules.making import FIXTURES, PROJECT, one_round
from tests.tablets import actions, running, sheets

SKATING = sorted((FIXTURES / "skating").glob("isu-*"))
SEMI = RULES[: RULES.index(b"[[awards]]")].replace(b"[rounds.final", b"[rounds.semi")
FINAL = RULES[RULES.index(b"[rounds.final]"):]
TWO = read_rules(SEMI + b"\n" + FINAL + b'\n[result]\nrounds = ["semi", "final"]\n')
ONE = one_round('size = 3\ntake = "mean"\nround = { decimals = 2, mode = "half_up" }\nmissing = "leave_out"')


def bring(db: Session, given: Facts, rules, slug: str = "brought") -> Contest:
    """Import facts as a new contest."""
    return folders.import_facts(
        db, facts=given, rules=rules, slug=slug, title="x", organization=organization_named(db, "星河市科协"),
        by=SYSTEM, now=NOW,
    )  # fmt: skip


def around(db: Session, given: Facts, rules, folder: Path) -> tuple[Facts, Facts]:
    """The facts after import, and after export and a second import."""
    first = bring(db, given, rules)
    folders.export(db, first, folder)
    second = bring(db, read_folder(folder), rules, "again")
    assert [ledger.verify(db, each) for each in (first, second)] == [None, None]
    return facts.read(db, first), facts.read(db, second)


def mark(round_: str, entry: str, judge: str, value: str, criterion: str = "lecture") -> MarkFact:
    return MarkFact(round_, entry, judge, criterion, 1, "mark", Decimal(value))


@pytest.mark.parametrize("folder", SKATING, ids=lambda path: path.name[:40])
def test_a_real_segment_survives_and_its_standings_stay(db, tmp_path, folder):
    segment = json.loads((folder / "facts.json").read_text(encoding="utf-8"))["segment"]
    rules = read_rules((PROJECT / "examples/skating" / f"{segment.lower().replace(' ', '-')}.toml").read_bytes())
    given = read_folder(folder, rules)
    first, second = around(db, given, rules, tmp_path / "out")
    assert first == second
    assert sorted(first.marks, key=repr) == sorted((replace(m, attempt=1) for m in given.marks), key=repr)
    assert outcome_json(compute(rules, second)) == outcome_json(compute(rules, given))


def test_panels_spans_assignments_and_two_rounds_survive(db, tmp_path):
    given = Facts(
        entries=(
            EntryFact("08", None, "南屿区", "沈知遥", "月球的土"), EntryFact("8", None, None, None, None),
            EntryFact("09"),
        ),
        members=(MemberFact("08", 2, "李老师", "teacher"), MemberFact("08", 1, "沈知遥", "author")),
        appearances=(
            AppearanceFact("semi", "08", 3, "3", "A"), AppearanceFact("semi", "8", 1, "1", "A"),
            AppearanceFact("semi", "09", 1, "9", "B"), AppearanceFact("final", "08", 1, None, "A"),
        ),
        sittings=(
            SittingFact("semi", "A", "J1", "1"), SittingFact("final", "A", "J1", "1"),
            SittingFact("semi", "A", "J2", "2", last=1), SittingFact("semi", "A", "J2b", "2", first=2),
            SittingFact("final", "A", "J2b", "2"), SittingFact(None, "B", "K1", "1"),
        ),
        assignments=(AssignmentFact("semi", "08", "J2b"),),
        marks=tuple(
            MarkFact("semi", entry, judge, criterion, None, "mark", Decimal("7.50"))
            for entry, judge in (("08", "J2b"), ("8", "J1"), ("8", "J2"), ("09", "K1"))
            for criterion in ("content", "delivery", "presence", "random")
        ),
        adjustments=(
            AdjustmentFact("semi", "08", None, None, "quiz", Decimal("-1")),
            AdjustmentFact("semi", "08", None, None, "quiz", Decimal("-1")),
        ),
        rulings=(
            RulingFact("semi", "8", None, None, None, "withdrawn", None),
            RulingFact("semi", "09", None, "K1", None, "recused", None),
            RulingFact(None, "08", None, None, None, "lot", "2"),
        ),
    )  # fmt: skip
    first, second = around(db, given, TWO, tmp_path / "out")
    assert first == second
    assert (first.entries, first.assignments, first.rulings) == (given.entries, given.assignments, given.rulings)
    assert first.members == tuple(sorted(given.members, key=lambda each: each.order))
    assert {(m.round, m.entry, m.judge, m.criterion, m.mark) for m in first.marks} == {
        (m.round, m.entry, m.judge, m.criterion, m.mark) for m in given.marks
    }  # fmt: skip
    assert [(a.kind, a.value) for a in first.adjustments] == [("quiz", Decimal("-1"))] * 2
    assert set(first.sittings) == {s for s in given.sittings if s.round} | {SittingFact("semi", "B", "K1", "1")}
    assert outcome_json(compute(TWO, second)) == outcome_json(compute(TWO, given))


def test_imported_sheets_are_submitted_in_the_ledger_and_held(db):
    given = replace(final_facts(1, 3), marks=tuple(
        MarkFact("final", "01", "J1", criterion, None, "mark", Decimal("7"))
        for criterion in ("content", "delivery", "presence", "random")
    ))  # fmt: skip
    contest = bring(db, given, read_rules(RULES))
    assert sheets(db, running(db, contest)[0])["J1"][:2] == ("submitted", 1)
    assert running(db, contest)[0].visibility is Visibility.HELD
    assert actions(db, contest)[:3] == ["rules_adopted", "contest_imported", "sheet_submitted"]
    assert [each.state for each in contest.rounds] == [RoundState.JUDGING]


def test_panels_may_be_named_by_the_judges_only(db, tmp_path):
    given = Facts(
        entries=(EntryFact("01"),), appearances=(AppearanceFact("final", "01", 1),),
        sittings=(SittingFact("final", "P", "J1", "1"),), marks=(mark("final", "01", "J1", "80"),),
    )  # fmt: skip
    first, second = around(db, given, ONE, tmp_path / "out")
    assert first == second
    assert [each.panel for each in first.appearances] == ["P"]


def test_a_judge_who_changes_seats_keeps_the_marks_of_each(db, tmp_path):
    given = Facts(
        entries=(EntryFact("01"), EntryFact("02")),
        appearances=(AppearanceFact("final", "01", 1), AppearanceFact("final", "02", 2)),
        sittings=(
            SittingFact("final", None, "J1", "1", last=1), SittingFact("final", None, "J1", "2", first=2),
            SittingFact("final", None, "J2", "2", last=1), SittingFact("final", None, "J2", "1", first=2),
        ),
        marks=tuple(mark("final", e, j, v) for e, j, v in (("01", "J1", "80"), ("02", "J1", "70"), ("01", "J2", "60"))),
    )  # fmt: skip
    first, second = around(db, given, ONE, tmp_path / "out")
    assert first == second
    assert outcome_json(compute(ONE, second)) == outcome_json(compute(ONE, given))


@pytest.mark.parametrize("change, what", [
    ({"appearances": (AppearanceFact("final", "01", 1, "7"), AppearanceFact("final", "02", 2, "7"))},
     "appearances.csv number 7"),
    ({"sittings": (SittingFact("final", "A", "J1", "头席"),)}, "judges.csv seat 头席"),
    ({"sittings": (SittingFact("final", "A", "J1", "1", last=1), SittingFact("final", "A", "J1", "1", first=2))},
     "judges.csv J1, twice on a seat in final"),
    ({"sittings": (SittingFact("final", "A", "J1", "1"), SittingFact("final", "B", "J2", "1")),
      "appearances": (AppearanceFact("final", "01", 1), AppearanceFact("final", "02", 2))},
     "appearances.csv panel, final"),
    ({"entries": (EntryFact("01", None, None, "字" * 201, None), EntryFact("02"))}, f"entries.csv {'字' * 20}…"),
    ({"entries": (EntryFact("01"), EntryFact("02"), EntryFact("x" * 65))}, f"entries.csv {'x' * 20}…"),
    ({"members": (MemberFact("01", 1, "y" * 201, "author"),)}, f"members.csv name {'y' * 20}…"),
    ({"marks": (mark("final", "01", "J9", "1", "content"),)}, "judges.csv J9"),
])  # fmt: skip
def test_a_folder_that_the_tables_cannot_hold_is_refused_whole(db, change, what):
    with pytest.raises(Malformed) as refused, db.begin_nested():
        bring(db, replace(final_facts(2, 1), **change), read_rules(RULES))
    assert refused.value.args_ == {"what": what}
    assert db.scalar(select(func.count()).select_from(Contest)) == 1


@pytest.mark.parametrize("slug", ["", "X", "a b", "-a", "a-", "a" * 65, "名", "a/b", "../x"])
def test_a_slug_that_cannot_be_an_address_is_refused(db, slug):
    with pytest.raises(Malformed):
        bring(db, final_facts(1, 1), read_rules(RULES), slug)


def test_a_slug_is_taken_once(db):
    with pytest.raises(NameTaken):
        bring(db, final_facts(1, 1), read_rules(RULES), "xinghe")


@st.composite
def made(draw: st.DrawFn) -> Facts:
    """A contest of one round with panels, spans and any marks that the panels may give."""
    count, panels = draw(st.integers(1, 4)), draw(st.integers(1, 2))
    codes = [f"E{at}" for at in range(count)]
    numbers, panel_codes = [draw(st.sampled_from([None, f"n{code}"])) for code in codes], st.sampled_from("AB"[:panels])
    placed = tuple(
        AppearanceFact("final", code, at, numbers[at - 1], draw(panel_codes)) for at, code in enumerate(codes, start=1)
    )
    sittings = []
    for panel in "AB"[:panels]:
        for seat in range(1, draw(st.integers(1, 3)) + 1):
            change = draw(st.sampled_from([None, 2, 3]))
            sittings.append(SittingFact("final", panel, f"{panel}{seat}", str(seat), last=change and change - 1))
            if change:
                sittings.append(SittingFact("final", panel, f"{panel}{seat}b", str(seat), first=change))
    may = [(a.entry, s.judge) for a in placed for s in sittings if s.panel == a.panel
           and (s.first or 0) <= (a.order or 0) <= (s.last or 99)]  # fmt: skip
    given = draw(st.lists(st.sampled_from(may), unique=True)) if may else []
    values = st.integers(0, 10000).map(lambda hundredths: Decimal(hundredths) / 100)
    names = st.text(st.characters(exclude_categories=("C", "Z")), max_size=10).map(lambda text: text or None)
    return Facts(
        entries=tuple(EntryFact(code, None, draw(names), draw(names), draw(names)) for code in codes),
        appearances=placed, sittings=tuple(sittings),
        marks=tuple(MarkFact("final", e, j, "lecture", None, "mark", draw(values)) for e, j in given),
        adjustments=tuple(
            AdjustmentFact("final", code, None, None, "quiz", Decimal(-draw(st.integers(0, 2))))
            for code in draw(st.lists(st.sampled_from(codes), max_size=3))
        ),
        rulings=tuple(
            RulingFact("final", code, None, None, None, "withdrawn", None)
            for code in draw(st.lists(st.sampled_from(codes), max_size=1))
        ),
    )  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_=made())
def test_any_folder_comes_back_with_equal_facts_and_standings(engine, tmp_path_factory, given_):
    with Session(engine) as db:
        first, second = around(db, given_, ONE, tmp_path_factory.mktemp("folder") / "out")
        assert first == second
        assert outcome_json(compute(ONE, first)) == outcome_json(compute(ONE, given_))


def test_a_refused_import_leaves_no_row_in_any_table(db):
    before = {table.name: db.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables}
    with pytest.raises(ContestError), db.begin_nested():
        bring(db, replace(final_facts(2, 2), marks=(mark("final", "01", "J9", "1"),)), read_rules(RULES))
    after = {table.name: db.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables}
    assert after == before


@pytest.mark.parametrize("name", ["diving", "robot-missions", "fair-levels", "venue-appraisal"])
def test_attempts_levels_and_measures_survive_and_their_standings_stay(db, tmp_path, name):
    folder = PROJECT / "examples" / name
    rules = read_rules((folder / "rules.toml").read_bytes())
    given = read_folder(folder, rules)
    first, second = around(db, given, rules, tmp_path / "out")
    assert first == second
    assert {(m.entry, m.judge, m.criterion, m.attempt or 1, m.mark) for m in first.marks} == {
        (m.entry, m.judge, m.criterion, m.attempt or 1, m.mark) for m in given.marks
    }
    assert outcome_json(compute(rules, second)) == outcome_json(compute(rules, given))
