"""Awards of a rule file: counts, shares, places, ties at the cut, vacancies, divisions, and what always holds."""

import itertools
import json
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.rules import Facts, RuleFileError, Rules, compute, outcome_json, read_rules, story
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


def many(n: int) -> Facts:
    """n entries with n different scores, the first the best."""
    return scored(*(f"{100 - at * 0.25:.2f}" for at in range(n)))


def counts(rules: Rules, facts: Facts) -> dict[str, int]:
    return {award: len(rows) for award, rows in given_by(rules, facts).items()}


def test_medals_by_shares_of_a_category_never_split_equal_scores():
    # SFIAB: 5/10/15/20 % of 40 = 2, 4, 6, 8; entries 2 and 3 are equal, so both get gold and silver keeps its four
    medals = [f'{id}: share = {share}\nrounding = "half_up"' for id, share in
              (("gold", "0.05"), ("silver", "0.10"), ("bronze", "0.15"), ("hm", "0.20"))]
    assert counts(rules_with(*medals), many(40)) == {"gold": 2, "silver": 4, "bronze": 6, "hm": 8}
    scores = [f"{100 - at * 0.25:.2f}" for at in range(40)]
    scores[2] = scores[1]
    assert counts(rules_with(*medals), scored(*scores)) == {"gold": 3, "silver": 4, "bronze": 6, "hm": 8}


def man_awards(pool: str = "0.5") -> list[str]:
    return [f'{id}: ratio = {ratio}\npool = {pool}\nrounding = "down"\nmin_score = {least}' for id, ratio, least in
            (("first", 1, 85), ("second", 2, 80), ("third", 3, 75))]


@pytest.mark.parametrize(("ranked", "expected"), [
    (24, [2, 4, 6]),  # half is 12 = 2 + 4 + 6
    (26, [2, 4, 7]),  # half is 13: a sixth 2.17, a half of it 6.5, cut to 2 and 6
    (5, [0, 1, 1]),   # half is 2
    (1, [0, 0, 0]),
])  # fmt: skip
def test_awards_in_a_ratio_share_a_number_that_they_never_exceed(ranked, expected):
    found = counts(rules_with(*man_awards()), many(ranked))
    assert list(found.values()) == expected
    assert sum(expected) <= ranked / 2


def test_awards_in_a_ratio_keep_their_absolute_minimum():
    # 12 ranked: 6 = 1 + 2 + 3; 86 first; 84 and 79 (below 80) second; then 78, 76, 74 (below 75)
    facts = scored("86", "84", "79", "78", "76", "74", *["60"] * 6)
    rules = rules_with(*man_awards())
    assert counts(rules, facts) == {"first": 1, "second": 1, "third": 3}
    assert told(rules, facts)[1] == (
        "second 2 名（有名次的 12 名的 50% 按比例分，占 2 份，向下取整）：第 2 名；得分须达到 80，空缺 1 名"
    )


def test_a_fraction_that_decimals_cannot_write_is_exact():
    # a twelfth of 30 is 2.5: up to 3 by half_up, and 2.5 is met exactly only by the fraction itself
    rules = rules_with('a: share = "1/12"\nrounding = "half_up"')
    assert counts(rules, many(30)) == {"a": 3}
    assert told(rules, many(30))[0].startswith("一等奖 3 名（有名次的 30 名的 1/12，四舍五入）")
    assert counts(rules_with('a: share = "1/3"\nrounding = "down"'), many(30)) == {"a": 10}


def test_the_first_ten_then_a_share_of_those_who_have_none_yet():
    rules = rules_with("a: count = 10", 'b: share = 0.25\nof = "free"\nrounding = "down"')
    assert counts(rules, many(30)) == {"a": 10, "b": 5}
    assert "尚未获奖的 20 名的 25%" in told(rules, many(30))[1]


def test_a_share_of_all_who_took_part_counts_those_outside_the_ranking():
    facts = scored(*[str(90 - at) for at in range(8)], rulings=[ruling("withdrawn", "08"), ruling("withdrawn", "07")])
    assert counts(rules_with('a: share = 0.5\nof = "entries"\nrounding = "down"'), facts) == {"a": 4}
    assert counts(rules_with('a: share = 0.5\nrounding = "down"'), facts) == {"a": 3}


def test_everyone_from_a_line_on_but_not_more_than_the_limit():
    facts = scored("90", "85", "85", "84.99", "70")
    assert counts(rules_with("a: line = 85"), facts) == {"a": 3}
    assert told(rules_with("a: line = 85"), facts) == ["一等奖授予 85 分及以上的 3 名：第 1–2 名"]
    assert counts(rules_with("a: line = 84\nlimit = 2\nties = 'shrink'"), facts) == {"a": 1}
    assert counts(rules_with("a: line = 95"), facts) == {"a": 0}


def test_a_tie_at_the_cut_is_broken_by_a_chain_of_the_award():
    facts = facts_of({"A": ["90"] * 3, "B": ["95", "80", "80"], "C": ["90", "85", "80"]}, judges=3)
    rules = rules_with('a: count = 2\nties = "break"\ntie_break = [ { by = "marks" } ]', "b: rest = true")
    assert given_by(rules, facts) == {"a": [("A", 1), ("B", 2)], "b": [("C", 2)]}
    assert told(rules, facts)[0] == (
        "一等奖 2 名：第 1–2 名；第 2 名有 2 名并列，名额 1 个，继续比较；"
        "B 号：与 C 号同分，比较评委第一高分 95.00 > 90.00；C 号：与 B 号同分，比较评委第一高分 90.00 < 95.00"
    )


def test_what_the_chain_of_the_award_cannot_part_waits_for_lots():
    rules = rules_with('a: count = 1\nties = "break"\ntie_break = [ { by = "marks" }, { by = "lots" } ]')
    assert given_by(rules, scored("90", "90")) == {"a": []}
    assert "第 1 名仍有 2 名并列，名额 1 个，需抽签，暂不授予" in told(rules, scored("90", "90"))[0]
    drawn = [ruling("lot", "01", value="2"), ruling("lot", "02", value="1")]
    assert given_by(rules, scored("90", "90", rulings=drawn)) == {"a": [("02", 1)]}


def test_where_the_lower_score_wins_a_minimum_is_a_maximum():
    text = rules_with("a: count = 3\nmin_score = 80").data.decode()
    rules = read_rules(text.replace("[rounds.final]\n", "[rounds.final]\nranking = { better = 'lower' }\n").encode())
    assert given_by(rules, scored("90", "80", "70")) == {"a": [("03", 1), ("02", 2)]}


@pytest.mark.parametrize(("award", "key", "wanted"), [
    ('a: share = "1/0"\nrounding = "down"', "awards[0].share", "share"),
    ('a: share = "13/12"\nrounding = "down"', "awards[0].share", "share"),
    ('a: share = "0.5"\nrounding = "down"', "awards[0].share", "share"),
    ("a: ratio = 1", "awards[0].rounding", "known"),
    ('a: ratio = 0\nrounding = "down"', "awards[0].ratio", "integer"),
    ("a: count = 1\npool = 0.5", "awards[0].pool", "not_with"),
    ("a: line = 80\nmin_score = 80", "awards[0].min_score", "not_with"),
    ('a: count = 1\nof = "free"', "awards[0].of", "not_with"),
    ('a: count = 1\nties = "break"', "awards[0].tie_break", "break_chain"),
    ('a: count = 1\ntie_break = [ { by = "lots" } ]', "awards[0].tie_break", "break_chain"),
    ('a: count = 1\nties = "break"\ntie_break = [ { by = "adjustment", kind = "quiz" } ]',
     "awards[0].tie_break[0].kind", "known"),
    ("a: count = 1\nlimit = 0", "awards[0].limit", "integer"),
])  # fmt: skip
def test_a_wrong_award_is_refused_with_its_key(award, key, wanted):
    with pytest.raises(RuleFileError) as error:
        rules_with(award)
    assert (error.value.key, error.value.wanted) == (key, wanted)


def test_the_parts_of_one_ratio_say_the_same_pool():
    with pytest.raises(RuleFileError) as error:
        rules_with('a: ratio = 1\npool = 0.5\nrounding = "down"', 'b: ratio = 2\nrounding = "down"')
    assert (error.value.key, error.value.wanted) == ("awards[1].pool", "one_pool")
