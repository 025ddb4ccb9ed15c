"""A live contest: whatever changes in whatever order, the recount that remembers equals the one that does not."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.rules import (
    AdjustmentFact,
    AppearanceFact,
    EntryFact,
    Facts,
    LiveFacts,
    MarkFact,
    Memory,
    Rules,
    RulingFact,
    SittingFact,
    compute,
    outcome_json,
    read_rules,
)
from tests.rules.making import facts_of, one_round, ruling
from tests.rules.test_properties import contests
from tests.rules.test_rule_files import BLOCKS

FEW = settings(deadline=None, max_examples=60)
SEVERAL_ROUNDS = read_rules(next(block for block in BLOCKS if "weights = {" in block).encode())


class Mirror:
    """The same changes made to plain Facts, so that they can be recounted from nothing."""

    def __init__(self, rules: Rules, facts: Facts) -> None:
        self.rules = rules
        self.facts = facts
        self.live = LiveFacts(rules, facts)

    def change(self, chance: random.Random) -> None:
        """One change as a live round brings it, to both."""
        round = chance.choice(list(self.rules.rounds.values()))
        entry = chance.choice([f"{n:02}" for n in range(1, 9)])
        kind = chance.choice([*["sheet"] * 3, "back", "adjust", "rule", "general", "appear", "leave", "entry"])
        facts = self.facts
        if kind in ("sheet", "back"):
            judge = f"J{chance.randint(1, 5)}"
            marks = {c.id: c.max - chance.randrange(3) * c.step for c in round.criteria} if kind == "sheet" else {}
            self.live.put_sheet(round.id, entry, judge, marks)
            kept = [m for m in facts.marks if (m.round, m.entry, m.judge) != (round.id, entry, judge)]
            new = [MarkFact(round.id, entry, judge, id, None, "mark", mark) for id, mark in marks.items()]
            self.facts = replace(facts, marks=(*kept, *new))
        elif kind == "adjust" and round.adjustments:
            of = chance.choice(round.adjustments)
            amount = Decimal(chance.choice(["-1", "-0.5"]) if of.max == 0 else "1")
            values = [AdjustmentFact(round.id, entry, None, None, of.id, amount)] * chance.randrange(3)
            self.live.put_adjustments(round.id, entry, values)
            others = [a for a in facts.adjustments if (a.round, a.entry) != (round.id, entry)]
            self.facts = replace(facts, adjustments=(*others, *values))
        elif kind in ("rule", "general"):
            who = entry if kind == "rule" else None
            kinds = ["withdrawn", "disqualified", "zero", "void", "lot"] if who else ["absent", "recused"]
            found = [
                RulingFact(
                    chance.choice([None, round.id]), who, None, "J1" if each in ("void", "absent", "recused") else None,
                    None, each, str(chance.randint(1, 99)) if each == "lot" else None,
                )
                for each in chance.sample(kinds, chance.randint(0, 2))
            ]  # fmt: skip
            self.live.put_rulings(who, found)
            self.facts = replace(facts, rulings=(*(r for r in facts.rulings if r.entry != who), *found))
        elif kind in ("appear", "leave"):
            rest = tuple(a for a in facts.appearances if (a.round, a.entry) != (round.id, entry))
            if kind == "appear":
                order = int(entry) if chance.random() < 0.8 else int(entry) + 20
                appearance = AppearanceFact(round.id, entry, order, chance.choice([None, f"N{entry}"]))
                self.live.put_appearance(appearance)
                self.facts = replace(facts, appearances=(*rest, appearance))
            elif len(rest) < len(facts.appearances):
                self.live.take_appearance(round.id, entry)
                self.facts = replace(facts, appearances=rest)
        elif kind == "entry":
            fact = EntryFact(entry, chance.choice(["A", "B", None]))
            self.live.put_entry(fact)
            self.facts = replace(facts, entries=(*(e for e in facts.entries if e.entry != entry), fact))


def two_rounds(chance: random.Random) -> Facts:
    """The first eight entries in both rounds of SEVERAL_ROUNDS, without a mark yet; judges as they come."""
    entries = [f"{n:02}" for n in range(1, 9)]
    return Facts(
        entries=tuple(EntryFact(entry) for entry in entries),
        appearances=tuple(AppearanceFact(id, e, int(e)) for id in SEVERAL_ROUNDS.rounds for e in entries),
        sittings=tuple(SittingFact(None, None, f"J{n}") for n in range(1, 4)) if chance.random() < 0.5 else (),
    )


@given(contests(), st.booleans(), st.integers(0, 10**6))
@FEW
def test_changes_in_any_order_are_recounted_as_if_from_nothing(
    contest: tuple[Rules, Facts], several: bool, seed: int,
):  # fmt: skip
    chance = random.Random(seed)
    rules, facts = (SEVERAL_ROUNDS, two_rounds(chance)) if several else contest
    mirror = Mirror(rules, facts)
    of_changes, of_facts = Memory(), Memory()
    for _ in range(8):
        mirror.change(chance)
        cold = compute(rules, mirror.facts)
        assert compute(rules, mirror.live, of_changes) == cold
        assert compute(rules, mirror.facts, of_facts) == cold
        assert outcome_json(compute(rules, mirror.live, of_changes)) == outcome_json(cold)


def test_what_has_not_changed_is_the_same_object_again():
    rules = one_round()
    facts = facts_of({"01": ["90"] * 7, "02": ["80"] * 7, "03": ["70"] * 7})
    live, memory = LiveFacts(rules, facts), Memory()
    before = {standing.entry: standing for standing in compute(rules, live, memory).standings}
    live.put_sheet("final", "03", "J1", {"lecture": Decimal(75)})
    after = {standing.entry: standing for standing in compute(rules, live, memory).standings}
    assert after["01"] is before["01"] and after["02"] is before["02"]
    assert after["03"] is not before["03"]


def test_other_rules_are_not_answered_from_what_was_counted_by_the_old_ones():
    facts, memory = facts_of({"01": ["90", "91", "92.5", "93", "94", "95", "96"]}), Memory()
    two, none = one_round(), one_round(panel='take = "mean"\nround = { decimals = 0, mode = "down" }')
    assert compute(two, facts, memory).standings[0].score == Decimal("93.10")
    assert compute(none, facts, memory).standings[0].score == Decimal(93)
    assert compute(two, facts, memory) == compute(two, facts)


def test_a_memory_holds_one_recount_and_no_more():
    rules, memory = one_round(), Memory()
    many = facts_of({f"{n:02}": ["90"] * 7 for n in range(40)})
    compute(rules, many, memory)
    for _ in range(2):
        compute(rules, facts_of({"01": ["90"] * 7}), memory)
    assert memory.size < 10


def test_an_unknown_round_is_a_key_error_as_in_facts():
    live = LiveFacts(SEVERAL_ROUNDS, Facts())
    for change in (
        lambda: live.put_sheet("finale", "01", "J1", {}),
        lambda: live.put_appearance(AppearanceFact(None, "01")),
        lambda: live.put_adjustments("", "01", ()),
    ):
        with pytest.raises(KeyError):
            change()


def test_rulings_of_one_round_hold_in_that_round_alone():
    live = LiveFacts(SEVERAL_ROUNDS, two_rounds(random.Random(1)))
    live.put_rulings("01", [ruling("withdrawn", "01", round="final"), ruling("lot", "01", value="3", round=None)])
    outcome = compute(SEVERAL_ROUNDS, live, Memory())
    status = {id: {s.entry: s.status for s in of.standings}["01"] for id, of in outcome.rounds.items()}
    assert status == {"preliminary": "waiting", "final": "withdrawn"}
    assert [r.kind for r in live.rulings_of_contest()] == ["lot"]
