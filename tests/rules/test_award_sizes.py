"""Awards by ratio, fractions, lines and limits, and ties at the cut: medals of fairs, the arithmetic beside each."""

import pytest

from contest.rules import Facts, RuleFileError, Rules, read_rules
from tests.rules.making import facts_of, ruling
from tests.rules.test_awards import given_by, rules_with, scored, told


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


@pytest.mark.parametrize(("mode", "expected"), [("half_up", [1, 2, 2]), ("down", [0, 2, 3]), ("up", [1, 2, 2])])
def test_half_of_eleven_is_five_however_the_parts_are_rounded(mode, expected):
    # cumulated 1 : 2 : 3 of 5: 0.83, 2.5, 5
    rules = rules_with(*(award.replace('"down"', f'"{mode}"') for award in man_awards()))
    assert list(counts(rules, many(11)).values()) == expected


def test_a_ratio_may_count_all_who_took_part():
    facts = scored(*[str(99 - at) for at in range(12)], rulings=[ruling("withdrawn", "12"), ruling("withdrawn", "11")])
    assert list(counts(rules_with(*man_awards()), facts).values()) == [0, 2, 3]
    of_all = rules_with(*(f'{award}\nof = "entries"' for award in man_awards()))
    assert list(counts(of_all, facts).values()) == [1, 2, 3]
    assert "全部 12 名参赛者的 50%" in told(of_all, facts)[0]


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
    ('a: ratio = 1\nrounding = "down"\nof = "free"', "awards[0].of", "known"),
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
