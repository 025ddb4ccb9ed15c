"""Awards of a rule file: counts, shares, places, ties at the cut, vacancies, divisions, and what always holds."""

import itertools
import json
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.rules import Facts, Rules, compute, outcome_json, read_rules, story
from contest.rules.comparing import first_difference
from tests.rules.making import ONE_ROUND, facts_of, ruling
from tests.rules.test_command import recount

PANEL = 'take = "mean"\nround = { decimals = 2, mode = "half_up" }'
TITLES = {"a": "一等奖", "b": "二等奖", "c": "三等奖"}


def rules_with(*awards: str, ties: str = "[]", more: str = "") -> Rules:
    """One round, one judge, and these awards: "a: count = 2"."""
    text = ONE_ROUND.replace("PANEL", PANEL).replace("TIES", ties).replace("AFTER", "[]") + more
    for award in awards:
        id, keys = award.split(": ", 1)
        title = f'{{ zh = "{TITLES.get(id, id)}", en = "Prize {id.upper()}" }}'
        text += f'\n[[awards]]\nid = "{id}"\ntitle = {title}\n{keys}\n'
    return read_rules(text.encode())


def scored(*scores: str, **more) -> Facts:
    """Entries 01, 02, … with these scores of one judge."""
    return facts_of({f"{n:02}": [score] for n, score in enumerate(scores, start=1)}, judges=1, **more)


def given_by(rules: Rules, facts: Facts) -> dict[str, list[tuple[str, int]]]:
    """Who gets what: (entry, place) by award, with its division where it has one."""
    return {f"{g.award}{g.division or ''}": list(g.entries) for g in compute(rules, facts).awards}


def told(rules: Rules, facts: Facts, lang: str = "zh") -> list[str]:
    """Every award in words."""
    return [story(g.steps, lang) for g in compute(rules, facts).awards]


def test_awards_are_filled_from_the_first_to_the_last():
    rules = rules_with("a: count = 1", "b: count = 2", "c: rest = true")
    facts = scored("90", "95", "80", "85", "70")
    assert given_by(rules, facts) == {"a": [("02", 1)], "b": [("01", 2), ("04", 3)], "c": [("03", 4), ("05", 5)]}
    assert told(rules, facts) == ["一等奖 1 名：第 1 名", "二等奖 2 名：第 2–3 名", "三等奖授予其余 2 名：第 4–5 名"]


def test_a_file_without_awards_gives_none_and_says_nothing_of_them():
    outcome = compute(rules_with(), scored("90"))
    assert outcome.awards == ()
    assert "awards" not in outcome_json(outcome)


def test_all_who_share_the_last_place_get_the_award_and_the_next_keeps_its_number():
    rules = rules_with('a: count = 2\nties = "extend"', "b: count = 1")
    facts = scored("90", "88", "88", "80", "70")
    assert given_by(rules, facts) == {"a": [("01", 1), ("02", 2), ("03", 2)], "b": [("04", 4)]}
    assert told(rules, facts)[0] == "一等奖 2 名：第 1–2 名；第 2 名有并列，一并授予，共 3 名"
    assert told(rules, facts, "en")[0] == (
        "Prize A, 2: places 1–2; place 2 is shared, all who share it get the award, 3 in all"
    )


def test_none_who_share_the_last_place_get_the_award_where_the_file_says_so():
    rules = rules_with('a: count = 2\nties = "shrink"', "b: count = 2")
    facts = scored("90", "88", "88", "80")
    assert given_by(rules, facts) == {"a": [("01", 1)], "b": [("02", 2), ("03", 2)]}
    assert told(rules, facts)[0] == "一等奖 2 名：第 1 名；第 2 名有 2 名并列，名额不够，都不授予，共 1 名"


def test_an_award_that_a_tie_empties_stays_vacant():
    rules = rules_with('a: count = 1\nties = "shrink"')
    assert given_by(rules, scored("90", "90")) == {"a": []}
    assert told(rules, scored("90", "90")) == ["一等奖 1 名：空缺；第 1 名有 2 名并列，名额不够，都不授予，共 0 名"]


def test_equal_scores_that_a_tie_break_parted_are_no_tie():
    rules = rules_with("a: count = 1", ties='[ { by = "lots" } ]')
    facts = scored("90", "90", rulings=[ruling("lot", "02", value="1"), ruling("lot", "01", value="2")])
    assert given_by(rules, facts) == {"a": [("02", 1)]}


@pytest.mark.parametrize(
    ("mode", "got"), [("up", 3), ("down", 2), ("half_up", 3), ("half_even", 2)], ids=lambda value: str(value)
)
def test_a_share_is_rounded_as_the_file_says(mode, got):
    facts = scored(*[str(90 - n) for n in range(10)])
    rules = rules_with(f'a: share = 0.25\nrounding = "{mode}"')
    assert len(given_by(rules, facts)["a"]) == got


def test_a_share_counts_those_ranked_and_nobody_else():
    rules = rules_with('a: share = 0.5\nrounding = "down"')
    facts = scored("90", "80", "70", "60", "50", rulings=[ruling("withdrawn", "01")])
    assert given_by(rules, facts) == {"a": [("02", 1), ("03", 2)]}
    assert told(rules, facts) == ["一等奖 2 名（有名次的 4 名的 50%，向下取整）：第 1–2 名"]


def test_places_are_given_down_to_the_last_one_named():
    rules = rules_with("a: top = 1", "b: top = 3")
    assert given_by(rules, scored("90", "80", "80", "80", "70")) == {
        "a": [("01", 1)], "b": [("02", 2), ("03", 2), ("04", 2)]
    }  # fmt: skip
    assert given_by(rules_with('b: top = 3\nties = "shrink"'), scored("90", "80", "80", "80")) == {"b": [("01", 1)]}


def test_below_the_minimum_score_an_award_stays_vacant():
    rules = rules_with("a: count = 2\nmin_score = 85", "b: rest = true\nmin_score = 60")
    facts = scored("90", "84", "59")
    assert given_by(rules, facts) == {"a": [("01", 1)], "b": [("02", 2)]}
    assert told(rules, facts) == [
        "一等奖 2 名：第 1 名；得分须达到 85，空缺 1 名",
        "二等奖授予其余 2 名：第 2 名；得分须达到 60",
    ]  # fmt: skip


def test_fewer_entries_than_awards_leave_some_vacant():
    assert told(rules_with("a: count = 3"), scored("90")) == ["一等奖 3 名：第 1 名；人数不足，空缺 2 名"]


def test_each_division_has_its_own_number_where_the_file_says_so():
    divisions = {"01": "J", "02": "J", "03": "P", "04": "P"}
    facts = scored("90", "80", "70", "60", divisions=divisions)
    assert given_by(rules_with('a: count = 1\nper = "division"'), facts) == {"aJ": [("01", 1)], "aP": [("03", 1)]}
    assert given_by(rules_with("a: count = 2"), facts) == {"a": [("01", 1), ("02", 2)]}


def test_an_award_may_follow_another_round_and_each_entry_gets_one():
    pre = '[rounds.pre]\ntitle = "Pre"\ncriteria = ["lecture"]\npanel = { take = "median" }'
    more = f'{pre}\n[result]\nrounds = ["final"]'
    rules = rules_with("a: count = 1", 'b: rest = true\nround = "pre"', more=more)
    facts = scored("90", "80")
    again = replace(
        facts,
        appearances=(*facts.appearances, *(replace(a, round="pre") for a in facts.appearances)),
        sittings=(*facts.sittings, *(replace(s, round="pre") for s in facts.sittings)),
        marks=(*facts.marks, *(replace(m, round="pre") for m in facts.marks)),
    )
    assert given_by(rules, again) == {"a": [("01", 1)], "b": [("02", 2)]}


def test_the_recount_prints_the_awards_and_compares_them_with_a_record(tmp_path):
    rules = rules_with("a: count = 1")
    folder = tmp_path / "contest"
    folder.mkdir()
    (folder / "rules.toml").write_bytes(rules.data)
    (folder / "entries.csv").write_text("entry\n01\n02\n", encoding="utf-8")
    (folder / "marks.csv").write_text("entry,judge,mark\n01,J1,90\n02,J1,80\n", encoding="utf-8")
    assert recount(str(folder))[1].endswith("—— 奖项 ——\n一等奖 1 名：第 1 名\n    第 1 名　01 号\n")
    result = json.loads(recount(str(folder), "--json")[1])
    assert first_difference(result, result) is None
    without = {key: value for key, value in result.items() if key != "awards"}
    assert first_difference(without, result) is None
    result["awards"][0]["entries"] = [{"entry": "02", "place": 2}]
    (folder / "standings.json").write_text(json.dumps(result), encoding="utf-8")
    code, _, err = recount(str(folder))
    assert code == 2
    assert "awards, a, 02" in err


SIZES = ["count = 1", "count = 3", 'share = 0.3\nrounding = "up"', 'share = 0.2\nrounding = "down"', "top = 2"]
AWARDS = st.lists(
    st.tuples(
        st.sampled_from(SIZES),
        st.sampled_from(["extend", "shrink"]),
        st.sampled_from(["", "\nmin_score = 88"]),
    ),
    max_size=3,
)  # fmt: skip


@settings(deadline=None, max_examples=120)
@given(st.lists(st.integers(85, 92), min_size=1, max_size=9), AWARDS, st.booleans(), st.randoms(use_true_random=False))
def test_a_higher_place_never_gets_a_lower_award_and_order_never_matters(
    scores: list[int], awards: list[tuple[str, str, str]], rest: bool, chance: random.Random
):
    written = [f'w{n}: {size}{least}\nties = "{ties}"' for n, (size, ties, least) in enumerate(awards)]
    rules = rules_with(*written, *(["rest: rest = true"] if rest else []))
    facts = scored(*map(str, scores))
    outcome = compute(rules, facts)
    places = {s.entry: s.place for s in outcome.standings if s.place is not None}
    rank = {entry: rank for rank, award in enumerate(outcome.awards) for entry, _ in award.entries}
    assert sum(len(award.entries) for award in outcome.awards) == len(rank)
    for award in outcome.awards:
        assert all(places[entry] == place for entry, place in award.entries)
    last = len(outcome.awards)
    by_place = sorted(places, key=lambda entry: places[entry])
    if not any(least for _, _, least in awards):
        for higher, lower in itertools.pairwise(by_place):
            assert rank.get(higher, last) <= rank.get(lower, last)
    for entry, place in places.items():
        assert {rank.get(other) for other, its in places.items() if its == place} == {rank.get(entry)}
    mixed = [list(facts.appearances), list(facts.marks), list(facts.entries)]
    for rows in mixed:
        chance.shuffle(rows)
    again = replace(facts, appearances=tuple(mixed[0]), marks=tuple(mixed[1]), entries=tuple(mixed[2]))
    assert compute(rules, again).awards == outcome.awards
