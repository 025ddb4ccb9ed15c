"""Facts without people: labels by seat, the same in every table, and nothing of what is not public."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest import anonymity, keeping
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
)
from tests.builders import JUDGES
from tests.rules.making import facts_of, one_round

PEOPLE = dict(zip(("J1", "J2", "J3", "J3b"), JUDGES, strict=False))
NAMED = Facts(
    entries=(EntryFact("01", "少年组", "南屿区", "沈知遥", "月球的土"), EntryFact("02"), EntryFact("03")),
    members=(MemberFact("01", 1, "沈知遥", "author"),),
    appearances=(
        AppearanceFact("semi", "01", 1, "1", "甲组"), AppearanceFact("semi", "02", 2, "2", "甲组"),
        AppearanceFact("final", "01", 1, "1", "甲组"), AppearanceFact("final", "03", 2, "3", "甲组"),
    ),
    sittings=tuple(
        SittingFact(round_, "甲组", PEOPLE[label], label[1], first=first, last=last)
        for round_ in ("semi", "final")
        for label, first, last in (("J1", None, None), ("J2", None, None), ("J3", None, 1), ("J3b", 2, None))
    ),
    assignments=(AssignmentFact("semi", "02", PEOPLE["J3b"]), AssignmentFact("final", "03", PEOPLE["J1"])),
    marks=tuple(
        MarkFact(round_, entry, PEOPLE["J1"], "lecture", 1, "mark", Decimal("80.50"))
        for round_, entry in (("semi", "01"), ("semi", "02"), ("final", "03"))
    ),
    adjustments=(AdjustmentFact("semi", "01", None, PEOPLE["J2"], "quiz", Decimal("-1")),),
    rulings=(
        RulingFact("semi", "02", None, PEOPLE["J3b"], None, "recused", "是他的学生"),
        RulingFact(None, "01", None, None, None, "lot", "2"), RulingFact("final", "03", None, None, None, "zero", None),
    ),
)  # fmt: skip


def test_a_judge_is_called_by_the_seat_and_a_substitute_by_a_letter():
    assert anonymity.judge_labels(NAMED) == {person: label for label, person in PEOPLE.items()}


def test_seats_of_several_panels_are_counted_through_and_somebody_on_two_seats_keeps_the_first_label():
    facts = Facts(sittings=tuple(
        SittingFact("semi", panel, judge, seat)
        for panel, judge, seat in (("A", "x", "2"), ("A", "y", "10"), ("A", "z", "1"), ("B", "u", "1"), ("B", "x", "2"))
    ))  # fmt: skip
    assert anonymity.judge_labels(facts) == {"z": "J1", "x": "J2", "y": "J3", "u": "J4"}


def test_a_judge_without_a_seat_is_no_name_either():
    facts = replace(NAMED, sittings=NAMED.sittings[:1])
    assert set(anonymity.judge_labels(facts).values()) == {"J1", "J2", "J3"}


def test_what_is_labelled_already_stays_the_same_object():
    facts = facts_of({"01": ["90"] * 7})
    assert anonymity.labelled(facts) is facts


def test_the_public_facts_hold_the_published_rounds_alone_and_no_person():
    facts = anonymity.public(NAMED, rounds={"semi"}, shown={("semi", "01")})
    assert facts.entries == (EntryFact("01", "少年组"), EntryFact("02"))
    assert (facts.members, {one.round for one in facts.sittings}) == ((), {"semi"})
    assert facts.appearances == (AppearanceFact("semi", "01", 1, "1", None), AppearanceFact("semi", "02", 2, "2", None))
    assert facts.assignments == (AssignmentFact("semi", "02", "J3b"),)
    assert facts.marks == (MarkFact("semi", "01", "J1", "lecture", 1, "mark", Decimal("80.50")),)
    assert facts.adjustments == (AdjustmentFact("semi", "01", None, "J2", "quiz", Decimal("-1")),)
    assert facts.rulings == (
        RulingFact("semi", "02", None, "J3b", None, "recused", None),
        RulingFact(None, "01", None, None, None, "lot", "2"),
    )  # fmt: skip
    said = repr(facts)
    assert [name for name in (*JUDGES, "沈知遥", "甲组", "南屿", "月球", "他的学生") if name in said] == []


@given(st.permutations(list(JUDGES)), st.data())
def test_under_labels_every_place_score_and_step_stays(names, data):
    entries = {f"{n:02d}": data.draw(st.lists(st.sampled_from(["80", "81.5", "90"]), min_size=7, max_size=7))
               for n in range(1, 5)}
    plain = facts_of(entries, rulings=[RulingFact("final", "02", None, "J3", None, "void", None)])
    called = dict(zip((f"J{seat}" for seat in range(1, 8)), names, strict=True))
    person = {
        table: tuple(replace(one, judge=called[one.judge]) for one in getattr(plain, table))
        for table in ("sittings", "marks", "rulings")
    }
    rules = one_round()
    named = replace(plain, **person)
    assert outcome_json(compute(rules, anonymity.labelled(named))) == outcome_json(compute(rules, plain))


@pytest.mark.parametrize("facts", [NAMED, Facts()])
def test_what_is_kept_with_a_seal_comes_back_without_people(facts):
    kept = keeping.pack(facts)
    assert keeping.unpack(kept) == anonymity.nameless(facts)
    text = zlib.decompress(kept).decode()
    assert "沈知遥" not in text and "月球" not in text and set(json.loads(text)) == set(Facts.__dataclass_fields__)
