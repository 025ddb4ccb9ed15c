"""From round to round: who goes on, what is carried over, the best of several rounds, who is ranked below."""

from decimal import Decimal

import pytest

from contest.rules import (
    AppearanceFact,
    EntryFact,
    Facts,
    MarkFact,
    RuleFileError,
    compute,
    outcome_json,
    read_rules,
    story,
)
from tests.rules.making import ruling

ROUND = """
[rounds.ID]
title = "ID"
criteria = ["c"]
tie_break = [ { by = "lots" } ]
panel = { take = "mean", round = { decimals = 2, mode = "half_up" } }
"""


def rules_of(rounds: str, more: str = "", result: str | None = None):
    ids = rounds.split()
    head = 'format = 1\ntitle = "T"\n[criteria.c]\ntitle = "C"\nmax = 100\nstep = 0.01\n'
    if result is None and len(ids) > 1:
        result = f"rounds = {ids!r}"
    text = head + "".join(ROUND.replace("ID", id) for id in ids) + (f"[result]\n{result}\n" if result else "") + more
    return read_rules(text.encode())


def facts(rulings=(), divisions=None, **rounds: dict[str, str | list[str]]) -> Facts:
    """Marks by round and entry; a list is several judges', an empty one an appearance without marks."""
    entries = sorted({entry for of in rounds.values() for entry in of})
    return Facts(
        entries=tuple(EntryFact(entry, (divisions or {}).get(entry)) for entry in entries),
        appearances=tuple(AppearanceFact(id, entry, n) for id, of in rounds.items() for n, entry in enumerate(of, 1)),
        marks=tuple(
            MarkFact(id, entry, f"J{n}", "c", None, "mark", Decimal(mark))
            for id, of in rounds.items() for entry, marks in of.items()
            for n, mark in enumerate([marks] if isinstance(marks, str) else marks, 1)
        ),
        rulings=tuple(rulings),
    )


def rows(outcome, id=None):
    of = outcome.standings if id is None else outcome.rounds[id].standings
    return [(s.place, s.entry, None if s.score is None else format(s.score, "f"), s.status) for s in of]


DIVES = {"pre": {"A": "90", "B": "80", "C": "70"}, "semi": {"A": "50", "B": "70", "C": "75"},
         "final": {"A": "60", "B": "61", "C": "60"}}


def test_diving_carries_the_round_before_and_not_what_that_one_carried():
    # semi: A 50+90, B 70+80, C 75+70; final: A 60+50, B 61+70, C 60+75: the preliminary is no longer in it
    rules = rules_of("pre semi final", "[rounds.semi.carry]\npre = 1\n[rounds.final.carry]\nsemi = 1\n",
                     'rounds = ["final"]')
    outcome = compute(rules, facts(**DIVES))
    assert rows(outcome, "semi") == [(1, "B", "150.00", None), (2, "C", "145.00", None), (3, "A", "140.00", None)]
    assert rows(outcome) == [(1, "C", "135.00", None), (2, "B", "131.00", None), (3, "A", "110.00", None)]
    assert story(outcome.standings[0].steps, "zh") == (
        "1 位评委平均 60.00；最终 60.00；加上semi成绩 75.00；累计 135.00，列第 1 名"
    )
    score = outcome.rounds["final"].scores["C"]
    assert (score.own, score.score, [(c.round, c.value) for c in score.carried]) == (60, 135, [("semi", 75)])


def test_a_part_of_a_round_is_carried_over_and_rounded():
    rules = rules_of("pre final", '[rounds.final.carry]\npre = 0.333\nround = { decimals = 1, mode = "half_up" }\n',
                     'rounds = ["final"]')
    outcome = compute(rules, facts(pre={"A": "90", "B": "91"}, final={"A": "50", "B": "49.60"}))
    # A 50 + 29.97 = 79.97 → 80.0; B 49.60 + 30.303 = 79.903 → 79.9
    assert rows(outcome) == [(1, "A", "80.0", None), (2, "B", "79.9", None)]


def test_who_was_not_in_the_round_that_is_carried_over_is_outside_the_ranking():
    rules = rules_of("pre final", "[rounds.final.carry]\npre = 1\n", 'rounds = ["final"]')
    outcome = compute(rules, facts(pre={"A": "90"}, final={"A": "50", "B": "99"}))
    assert rows(outcome) == [(1, "A", "140.00", None), (None, "B", None, "missed_round")]


@pytest.mark.parametrize(("more", "key", "found"), [
    ("[rounds.a.carry]\nb = 1\n[rounds.b.carry]\nc = 1\n[rounds.c.carry]\na = 1\n", "rounds.a.carry",
     "a → b → c → a"),
    ("[rounds.a.carry]\na = 1\n", "rounds.a.carry", "a → a"),
    ("[rounds.a.advance]\nto = 'b'\ntop = 1\n[rounds.b.advance]\nto = 'a'\ntop = 1\n", "rounds.a.advance",
     "a → b → a"),
    ("[rounds.a.advance]\nto = 'a'\ntop = 1\n", "rounds.a.advance", "a → a"),
])  # fmt: skip
def test_rounds_that_wait_for_each_other_are_refused_with_the_circle_by_name(more, key, found):
    with pytest.raises(RuleFileError) as error:
        rules_of("a b c", more)
    assert (error.value.key, error.value.found, error.value.wanted) == (key, found, "no_round_circle")


def test_two_hundred_rounds_that_carry_all_before_them_are_read_at_once():
    ids = [f"r{n}" for n in range(60)]
    more = "".join(f"[rounds.{id}.carry]\n" + "".join(f"{other} = 1\n" for other in ids[:n])
                   for n, id in enumerate(ids) if n)
    assert len(rules_of(" ".join(ids), more, "rounds = ['r59']").rounds["r59"].carry.weights) == 59


THREE = {"a": {"A": "90", "B": "70", "C": "80"}, "b": {"A": "60", "B": "85", "C": "80"}, "c": {"A": "80", "B": "84"}}


@pytest.mark.parametrize(("result", "expected"), [
    ("", {"A": "230.00", "B": "239.00", "C": "missed_round"}),
    ('missing = "zero"', {"A": "230.00", "B": "239.00", "C": "160.00"}),
    ('missing = "leave_out"\ntake = "mean"\nround = { decimals = 1, mode = "half_up" }',
     {"A": "76.7", "B": "79.7", "C": "80.0"}),
    ('missing = "leave_out"\nbest = 2', {"A": "170.00", "B": "169.00", "C": "160.00"}),
    ('missing = "leave_out"\ntake = "best"', {"A": "90.00", "B": "85.00", "C": "80.00"}),
    ('missing = "leave_out"\ntake = "last"', {"A": "80.00", "B": "84.00", "C": "80.00"}),
    ('missing = "leave_out"\nbest = 2\nranking = { better = "lower" }',
     {"A": "140.00", "B": "154.00", "C": "160.00"}),
    ('missing = "zero"\nafter = [ { floor = 170 }, { ceiling = 235 } ]',
     {"A": "230.00", "B": "235.00", "C": "170.00"}),
    ('missing = "zero"\ntake = "mean"\nweights = { a = 2, b = 1, c = 1 }\nround = { decimals = 2, mode = "down" }',
     {"A": "80.00", "B": "77.25", "C": "60.00"}),
])  # fmt: skip
def test_what_is_made_of_three_rounds_one_of_which_c_missed(result, expected):
    outcome = compute(rules_of("a b c", result=f"rounds = ['a', 'b', 'c']\n{result}"), facts(**THREE))
    assert {s.entry: s.status or format(s.score, "f") for s in outcome.standings} == expected


def test_a_round_that_does_not_count_is_said():
    outcome = compute(rules_of("a b c", result='rounds = ["a", "b", "c"]\nbest = 2'), facts(**THREE))
    assert "a 90.00；b 60.00 不计入；c 80.00；总成绩 170.00" in story(
        next(s for s in outcome.standings if s.entry == "A").steps, "zh")


def test_a_withdrawal_from_one_round_misses_it_and_a_disqualification_ends_everything():
    rules = rules_of("a b", result='rounds = ["a", "b"]\nmissing = "leave_out"\nbest = 1')
    both = {"a": {"A": "90", "B": "80"}, "b": {"A": "70", "B": "75"}}
    gone = [ruling("withdrawn", "A", round="a"), ruling("disqualified", "B", round="b")]
    assert rows(compute(rules, facts(gone, **both))) == [(1, "A", "70.00", None), (None, "B", None, "disqualified")]


def test_the_place_in_a_round_breaks_a_tie_of_the_result():
    result = 'rounds = ["a", "b"]\ntie_break = [ { by = "round_rank", round = "b" } ]'
    outcome = compute(rules_of("a b", result=result), facts(a={"A": "90", "B": "80"}, b={"A": "70", "B": "80"}))
    assert rows(outcome) == [(1, "B", "160.00", None), (2, "A", "160.00", None)]
    assert story(outcome.standings[0].steps, "zh").endswith("与 A 号同分，比较b名次 1 < 2，列第 1 名")


def test_across_divisions_the_place_in_a_round_is_that_across_divisions():
    result = 'rounds = ["a", "b"]\noverall = true\ntie_break = [ { by = "round_rank", round = "b" } ]'
    outcome = compute(rules_of("a b", result=result), facts(
        divisions={"A": "J", "B": "P"}, a={"A": "90", "B": "80"}, b={"A": "70", "B": "80"}))
    assert [(s.place, s.entry) for s in outcome.overall] == [(1, "B"), (2, "A")]


EXPERTS = {"one": {"A": ["50", "52"], "B": ["60", "58"], "C": ["70", "40"], "D": ["49", "47"]},
           "two": {"A": ["40", "41"], "B": ["30", "30"]}}


def test_who_did_not_go_on_is_ranked_below_all_who_did_and_never_compared():
    # A and B: 51 + 40.5 and 59 + 30; C 55 is more than A's 51 in the first round, and yet below
    rules = rules_of("one two", result='rounds = ["one", "two"]\nnot_advanced = "one"\nbelow = { take = "sheet_sum" }')
    outcome = compute(rules, facts(**EXPERTS))
    assert rows(outcome) == [
        (1, "A", "91.50", None), (2, "B", "89.00", None), (3, "C", "110.00", None), (4, "D", "96.00", None),
    ]  # fmt: skip
    assert [s.block for s in outcome.standings] == [0, 0, 1, 1]
    assert [row.get("block") for row in outcome_json(outcome)["standings"]] == [None, None, 1, 1]
    assert story(outcome.standings[2].steps, "zh").endswith(
        "未进入后续轮次，列于全部进入者之后，按one排名；计入的评委分合计 110.00，列第 3 名")


def test_a_minimum_score_of_an_award_is_never_reached_from_the_lower_block():
    awards = '[[awards]]\nid = "x"\ntitle = "X"\nline = 90\n'
    result = 'rounds = ["one", "two"]\nnot_advanced = "one"\nbelow = { take = "sheet_sum" }'
    outcome = compute(rules_of("one two", awards, result), facts(**EXPERTS))
    assert [list(given.entries) for given in outcome.awards] == [[("A", 1)]]


def test_a_final_that_decides_alone_keeps_the_others_below_it():
    outcome = compute(rules_of("one two", result='rounds = ["two"]\nnot_advanced = "one"'), facts(**EXPERTS))
    assert rows(outcome) == [
        (1, "A", "40.50", None), (2, "B", "30.00", None), (3, "C", "55.00", None), (4, "D", "48.00", None),
    ]  # fmt: skip
    gone = facts([ruling("withdrawn", "B", round="two")], **EXPERTS)
    assert rows(compute(rules_of("one two", result='rounds = ["two"]\nnot_advanced = "one"'), gone))[-1] == (
        None, "B", None, "withdrawn")


FIELD = {f"{n:02}": f"{100 - n}" for n in range(1, 11)}


def lists(more, rulings=(), field=FIELD, divisions=None):
    rules = rules_of("one two", more, 'rounds = ["two"]')
    return compute(rules, facts(rulings, divisions, one=field, two={})).rounds["one"].advancing


def names(rows):
    return [entry for entry, _ in rows]


def test_the_first_of_a_round_go_on_and_the_next_are_in_reserve():
    (found,) = lists("[rounds.one.advance]\nto = 'two'\ntop = 4\nreserve = 2\n")
    assert (names(found.entries), names(found.reserve), found.to, found.quota) == (
        ["01", "02", "03", "04"], ["05", "06"], "two", 4)
    assert story(found.steps, "zh") == "前 4 名进入two：第 1–4 名；候补：05 号、06 号"
    assert story(found.steps, "en") == "the first 4 go on to two: places 1–4; reserve: no. 05, no. 06"


@pytest.mark.parametrize(("keys", "expected"), [
    ("share = 0.25\nrounding = 'up'", ["01", "02", "03"]),
    ("share = '1/4'\nrounding = 'down'", ["01", "02"]),
    ("min_score = 97", ["01", "02", "03"]),
    ("top = 5\nmin_score = 98", ["01", "02"]),
    ("top = 99", [f"{n:02}" for n in range(1, 11)]),
])  # fmt: skip
def test_a_share_a_line_or_both(keys, expected):
    (found,) = lists(f"[rounds.one.advance]\nto = 'two'\n{keys}\n")
    assert names(found.entries) == expected


TIED = {"01": "90", "02": "80", "03": "80", "04": "80", "05": "70"}


@pytest.mark.parametrize(("ties", "entries", "reserve"), [
    ("ties = 'extend'", ["01", "02", "03", "04"], ["05"]),
    ("ties = 'shrink'", ["01"], ["02", "03", "04"]),
    ("ties = 'break'\ntie_break = [ { by = 'lots' } ]", ["01"], ["02", "03", "04"]),
])  # fmt: skip
def test_a_tie_at_the_cut_extends_shrinks_or_waits_for_lots(ties, entries, reserve):
    (found,) = lists(f"[rounds.one.advance]\nto = 'two'\ntop = 2\nreserve = 1\n{ties}\n", field=TIED)
    assert (names(found.entries), names(found.reserve)) == (entries, reserve)


def test_each_division_has_a_list_of_its_own_where_the_rule_says_so():
    divisions = {entry: "J" if entry in ("01", "03", "05") else "P" for entry in TIED}
    more = "[rounds.one.advance]\nto = 'two'\ntop = 1\nper = 'division'\n"
    assert [(f.division, names(f.entries)) for f in lists(more, field=TIED, divisions=divisions)] == [
        ("J", ["01"]), ("P", ["02", "04"])]
    (across,) = lists(more.replace("per = 'division'\n", ""), field=TIED, divisions=divisions)
    assert (across.division, names(across.entries)) == (None, ["01"])


def test_rulings_send_one_on_and_keep_another_back_beside_the_computed_list():
    rulings = [ruling("advance", "03", value="yes", round="one"), ruling("advance", "01", value="no", round="one"),
               ruling("advance", "02", value="yes", round="one")]
    rules = rules_of("one two", "[rounds.one.advance]\nto = 'two'\ntop = 2\nreserve = 1\n", 'rounds = ["two"]')
    outcome = compute(rules, facts(rulings, one=FIELD, two={}))
    (found,) = outcome.rounds["one"].advancing
    assert (names(found.entries), names(found.reserve), dict(found.ruled)) == (
        ["02", "03"], ["04"], {"01": True, "03": False})
    assert story(found.steps, "zh") == (
        "前 2 名进入two：第 1–2 名；裁定 01 号不进入（计算进入）；裁定 03 号进入（计算未进入）；候补：04 号")
    (row,) = outcome_json(outcome)["rounds"]["one"]["advancing"]
    assert row["entries"] == [{"entry": "02", "place": 2}, {"entry": "03", "place": 3, "computed": False}]


@pytest.mark.parametrize(("more", "result", "key", "wanted"), [
    ("[rounds.one.advance]\nto = 'two'\n", None, "rounds.one.advance", "one_size"),
    ("[rounds.one.advance]\nto = 'two'\ntop = 1\nshare = 0.5\nrounding = 'up'\n", None, "rounds.one.advance",
     "one_size"),
    ("[rounds.one.advance]\nto = 'three'\ntop = 1\n", None, "rounds.one.advance.to", "known"),
    ("[rounds.one.advance]\nto = 'two'\ntop = 1\nrounding = 'up'\n", None, "rounds.one.advance.rounding",
     "only_with_share"),
    ("[rounds.two.carry]\none = 0.5\n", None, "rounds.two.carry.round", "rounding_needed"),
    ("[rounds.two.carry]\nthree = 1\n", None, "rounds.two.carry.three", "known"),
    ("[rounds.two.carry]\n", None, "rounds.two.carry", "list_of"),
    ("", "rounds = ['one', 'two']\ntotal = 150", "result.total", "sum_of_maxima"),
    ("", "rounds = ['one', 'two']\nbest = 3", "result.best", "integer"),
    ("", "rounds = ['one', 'two']\ntake = 'best'\nbest = 1", "result.best", "only_of_sums"),
    ("", "rounds = ['one', 'two']\ntake = 'mean'", "result.round", "rounding_needed"),
    ("", "rounds = ['two']\nmissing = 'zero'", "result.missing", "only_for_several"),
    ("", "rounds = ['one', 'two']\nnot_advanced = 'two'", "result.not_advanced", "known"),
    ("", "rounds = ['one', 'two']\nbelow = { take = 'score' }", "result.below", "not_advanced_needed"),
    ("", "rounds = ['one', 'two']\nafter = [ { plus = 1 } ]", "result.after[0].plus", "known"),
])  # fmt: skip
def test_what_leads_from_round_to_round_is_refused_with_its_key(more, result, key, wanted):
    with pytest.raises(RuleFileError) as error:
        rules_of("one two", more, result)
    assert (error.value.key, error.value.wanted) == (key, wanted)


def test_a_promised_total_is_what_the_rounds_can_give_with_their_weights():
    result = "rounds = ['one', 'two']\nweights = { one = 0.4, two = 0.6 }\nround = { decimals = 2, mode = 'half_up' }"
    assert rules_of("one two", result=f"{result}\ntotal = 100").result.weights is not None
