"""What holds for every contest: input order never matters, a higher mark never hurts, a folder recounts the same."""

import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from contest.rules import (
    AdjustmentFact,
    AppearanceFact,
    AssignmentFact,
    EntryFact,
    Facts,
    MarkFact,
    MemberFact,
    Rules,
    RulingFact,
    SittingFact,
    compute,
    outcome_json,
    read_folder,
    read_rules,
    write_folder,
)
from contest.rules.csvfiles import guarded, unguarded
from tests.rules.making import LECTURE_TIES, PANEL, PROJECT, one_round

RULES = {
    "sheets": one_round(panel=PANEL + '\nmissing = "leave_out"', ties=LECTURE_TIES[:-1] + ', { by = "penalties" } ]'),
    "criteria": read_rules((PROJECT / "examples" / "skating" / "men-free-skating.toml").read_bytes()),
    "waits": one_round(ties='[ { by = "criterion", criterion = "lecture", of = "all" } ]'),
}
FEW = settings(deadline=None, max_examples=60)


@st.composite
def contests(draw: st.DrawFn, few: bool = True) -> tuple[Rules, Facts]:
    """A contest with close marks (so that ties are common), some missing, some rulings, two divisions."""
    name = draw(st.sampled_from(sorted(RULES)))
    rules = RULES[name]
    (round,) = rules.rounds.values()
    entries = [f"{n:02}" for n in range(1, draw(st.integers(1, 7)) + 1)]
    judges = [f"J{n}" for n in range(1, draw(st.integers(1, 8)) + 1)]
    chance = random.Random(draw(st.integers(0, 10**6)))
    marks = tuple(
        MarkFact(
            round.id,
            entry,
            judge,
            criterion.id,
            None,
            "mark",
            criterion.max - chance.randrange(3 if few else 9) * criterion.step,
        )
        for entry in entries
        for judge in judges
        for criterion in round.criteria
        if chance.random() > (0.04 if name != "waits" else 0)
    )
    kinds = (
        {"quiz": "-1", "late": "-1.5", "bonus": "1"} if name != "criteria" else {"technical": "50", "deduction": "-1"}
    )
    adjustments = tuple(
        AdjustmentFact(round.id, entry, None, None, kind, Decimal(value))
        for entry in entries
        for kind, value in kinds.items()
        if kind == "technical" or chance.random() > 0.7
    )
    rulings = tuple(
        RulingFact(round.id, entry, None, None, None, kind, value)
        for entry in entries
        for kind, value in [("lot", str(entries.index(entry) + 1)), ("withdrawn", None)]
        if chance.random() > (0.5 if kind == "lot" else 0.9)
    )
    return rules, Facts(
        entries=tuple(EntryFact(entry, chance.choice(["A", "B"])) for entry in entries),
        appearances=tuple(AppearanceFact(round.id, entry, order) for order, entry in enumerate(entries, start=1)),
        sittings=tuple(SittingFact(round.id, None, judge) for judge in judges),
        marks=marks,
        adjustments=adjustments,
        rulings=rulings,
    )


@given(contests(), st.randoms(use_true_random=False))
@FEW
def test_the_order_of_rows_never_matters(contest: tuple[Rules, Facts], chance: random.Random):
    rules, facts = contest

    def shuffled(rows: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(chance.sample(rows, len(rows)))

    mixed = Facts(*(shuffled(getattr(facts, name)) for name in Facts.__slots__))
    assert compute(rules, mixed).standings == compute(rules, facts).standings


@given(contests(), st.randoms(use_true_random=False))
@FEW
def test_the_names_of_judges_never_matter(contest: tuple[Rules, Facts], chance: random.Random):
    rules, facts = contest
    names = [sitting.judge for sitting in facts.sittings]
    other = dict(zip(names, chance.sample(names, len(names)), strict=True))
    renamed = replace(facts, marks=tuple(replace(mark, judge=other[mark.judge]) for mark in facts.marks))
    first, second = compute(rules, facts), compute(rules, renamed)
    assert [(s.place, s.entry, s.score) for s in first.standings] == [
        (s.place, s.entry, s.score) for s in second.standings
    ]


@given(contests(few=False), st.integers(0, 10**6))
@FEW
def test_a_higher_mark_never_lowers_a_score(contest: tuple[Rules, Facts], pick: int):
    rules, facts = contest
    if not facts.marks:
        return
    (round,) = rules.rounds.values()
    chosen = facts.marks[pick % len(facts.marks)]
    criterion = round.criterion(chosen.criterion or "")
    assert criterion is not None
    raised = replace(chosen, mark=criterion.max)
    after = compute(rules, replace(facts, marks=tuple(raised if mark is chosen else mark for mark in facts.marks)))
    before = compute(rules, facts)
    old, new = before.rounds[round.id].scores, after.rounds[round.id].scores
    for entry in old:
        was, now = old[entry].score, new[entry].score
        assert (was is None and now is None) or (was is not None and now is not None and now >= was)
        assert entry == chosen.entry or was == now


@given(contests())
@FEW
def test_places_are_shared_only_by_equal_scores_and_skip_who_they_pass(contest: tuple[Rules, Facts]):
    outcome = compute(*contest)
    for division in {standing.division for standing in outcome.standings}:
        ranked = [s for s in outcome.standings if s.division == division and s.place is not None]
        for standing in ranked:
            assert standing.place == 1 + sum((other.place or 0) < (standing.place or 0) for other in ranked)
            assert standing.score is not None
            better = sum(other.score > standing.score for other in ranked if other.score is not None)
            assert standing.place >= 1 + better


@given(contests())
@FEW
def test_a_trimmed_mean_lies_within_its_marks(contest: tuple[Rules, Facts]):
    rules, facts = contest
    for round in compute(rules, facts).rounds.values():
        for score in round.scores.values():
            totals = [sheet.total for sheet in score.sheets if sheet.total is not None]
            if score.panel is not None and totals:
                assert min(totals) <= score.panel <= max(totals)
            for component in score.components:
                if component.mean is not None:
                    assert (
                        min(m for _, m, _ in component.marks) <= component.mean <= max(m for _, m, _ in component.marks)
                    )


@given(contests())
@FEW
def test_a_written_folder_recounts_the_same(contest: tuple[Rules, Facts]):
    rules, facts = contest
    with TemporaryDirectory() as place:
        result = outcome_json(compute(rules, facts))
        write_folder(place, facts, rules.data, result)
        again = read_folder(place)
        assert again == facts
        assert outcome_json(compute(rules, again)) == result


CODES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=6)
TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)


@given(
    st.lists(st.tuples(CODES, TEXTS, TEXTS, TEXTS), unique_by=lambda row: row[0], max_size=6), st.integers(-999, 999)
)
@FEW
def test_any_text_survives_a_folder(rows: list[tuple[str, str | None, str | None, str | None]], cents: int):
    entries = tuple(EntryFact(code, None, unit, name, title) for code, unit, name, title in rows)
    value = Decimal(cents).scaleb(-2)
    facts = Facts(
        entries=entries,
        members=tuple(MemberFact(e.entry, 1, e.name, "author") for e in entries),
        appearances=tuple(AppearanceFact(None, e.entry, n, e.entry) for n, e in enumerate(entries, start=1)),
        sittings=(SittingFact(None, None, "J1"),),
        assignments=tuple(AssignmentFact(None, e.entry, "J1") for e in entries),
        marks=tuple(MarkFact(None, e.entry, "J1", None, None, "mark", value) for e in entries),
        adjustments=tuple(AdjustmentFact(None, e.entry, None, None, "quiz", value) for e in entries),
    )
    with TemporaryDirectory() as place:
        write_folder(place, facts, b"", None)
        (Path(place) / "rules.toml").unlink()
        assert read_folder(place) == facts


@given(st.text(alphabet="=+-@\t\r'a1", min_size=1))
def test_guarding_a_text_is_lossless_and_leaves_no_formula(text: str):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))
