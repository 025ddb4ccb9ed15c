"""The results page with other rule files: divisions, several rounds, marks dropped per criterion, sums, no awards."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from decimal import Decimal

from contest.models import Role
from contest.rules import (
    AdjustmentFact,
    AdjustmentKind,
    AppearanceFact,
    Criterion,
    Facts,
    MarkFact,
    Rules,
    RulingFact,
    SittingFact,
    compute,
    read_rules,
)  # fmt: skip
from organizer import result_plots, result_rows
from settings import HERE
from tests import builders
from tests.builders import final_facts
from tests.judged import RULES, judged, make, page, rows
from web.db import writing

TWO_DIVISIONS = '[divisions.junior]\ntitle = { zh = "少年组", en = "Juniors" }\n[criteria.lecture]'


def in_divisions() -> Facts:
    """The final with 01 to 03 among the juniors."""
    facts = judged()
    return replace(facts, entries=tuple(
        replace(entry, division="junior" if entry.entry < "04" else "senior") for entry in facts.entries
    ))  # fmt: skip


def test_awards_per_division_make_a_table_for_each(app):
    rules = RULES.replace("[criteria.lecture]", TWO_DIVISIONS, 1).replace(
        'ties = "extend"', 'ties = "extend"\nper = "division"')
    found = page(make(app, in_divisions(), rules))
    assert found.count("data-lines=") == 2 and "少年组" in found and "senior" in found
    assert found.count("一等奖 1 人 · 33%") == 2


def test_awards_across_divisions_are_cut_out_of_one_ranking(app):
    rules = RULES.replace("[criteria.lecture]", TWO_DIVISIONS, 1)
    found = page(make(app, in_divisions(), rules))
    assert found.count("data-lines=") == 1 and "全部组别" in found
    assert [row.split()[:2] for row in rows(found)[1:4]] == [["1", "01"], ["一等奖", "1"], ["2", "02"]]
    assert page(make_other(app, in_divisions(), rules), "?without=final|A|1")


def make_other(app, facts: Facts, rules: str):
    """The organizer of the contest that is there already."""
    return builders.client_of(app, builders.make_account(app, "again", Role.ORGANIZER, contest="xinghe"))


SEMI = """
[rounds.semi]
title = { zh = "半决赛", en = "Semi" }
criteria = ["lecture"]
[rounds.semi.panel]
take = "mean"
round = { decimals = 2, mode = "half_up" }
[rounds.final]
"""
SEVERAL = RULES.replace("[rounds.final]", SEMI, 1).replace(
    "[[awards]]", '[result]\nrounds = ["semi", "final"]\n[[awards]]', 1)


def in_two_rounds() -> Facts:
    """The same marks in a semi-final and a final."""
    facts = judged()
    return replace(
        facts,
        appearances=(*(AppearanceFact("semi", a.entry, a.order, a.number, "A") for a in facts.appearances),
                     *facts.appearances),
        sittings=(*(SittingFact("semi", "A", s.judge, s.seat) for s in facts.sittings), *facts.sittings),
        marks=(*(replace(mark, round="semi") for mark in facts.marks), *facts.marks),
    )  # fmt: skip


def test_the_result_out_of_several_rounds_has_the_awards(app):
    client = make(app, in_two_rounds(), SEVERAL)
    one = page(client, "?round=semi")
    assert "成绩 · 半决赛" in one and "本轮没有自己的奖项" in one and "scope=whole" in one
    whole = page(client, "?scope=whole")
    assert "成绩 · 总成绩" in whole and "一等奖 1 人" in whole and "177.40" in whole
    for view in ("ways", "judges", "spread"):
        assert "成绩 · 总成绩" in page(client, f"?scope=whole&view={view}")
    moved = page(client, "?scope=whole&without=semi|A|1")
    assert "若半决赛 · 第1席停评" in moved


def test_those_who_did_not_go_on_are_not_compared_with_those_who_did(app):
    facts = in_two_rounds()
    out = {"04", "05", "06"}
    facts = replace(
        facts, marks=tuple(m for m in facts.marks if m.round == "semi" or m.entry not in out),
        adjustments=(), appearances=tuple(a for a in facts.appearances if a.round == "semi" or a.entry not in out),
    )  # fmt: skip
    rules = SEVERAL.replace('rounds = ["semi", "final"]', 'rounds = ["semi", "final"]\nnot_advanced = "semi"', 1)
    found = page(make(app, facts, rules), "?scope=whole")
    edges = re.findall(r'data-edge="([^"]*)" data-kind="([^"]*)"', found)
    assert [kind for _text, kind in edges] == ["gap", "gap", "block", "gap", "gap", ""]
    assert edges[2][0] == "以下没有进入下一轮，分数另有尺度，不和上面相比"


def test_a_place_that_was_ruled_says_what_the_rules_alone_make_of_it(app):
    ruling = RulingFact("final", "06", None, None, None, "place", "1")
    found = page(make(app, replace(judged(), rulings=(ruling,))))
    assert "名次由裁定给出；按规则是第 6 名" in found
    assert page(make_other(app, judged(), RULES), "?without=final|A|1")


def test_marks_dropped_per_criterion_are_looked_at_criterion_by_criterion(app):
    rules = (HERE / "examples/skating/pairs-free-skating.toml").read_bytes()
    criteria = re.findall(rb"^\[criteria\.([\w-]+)\]", rules, re.MULTILINE)
    kinds = re.findall(rb"^\[adjustments\.(\w+)\]", rules, re.MULTILINE)
    code = re.search(rb"^\[rounds\.(\w+)\]", rules, re.MULTILINE)[1].decode()
    facts = final_facts(3, 5)
    facts = replace(
        facts, appearances=tuple(replace(each, round=code) for each in facts.appearances),
        sittings=tuple(replace(each, round=code) for each in facts.sittings),
        marks=tuple(
            MarkFact(code, entry.entry, f"J{seat}", criterion.decode(), None, "mark", Decimal(4 + seat))
            for entry in facts.entries for seat in range(1, 6) for criterion in criteria
        ),
        adjustments=tuple(
            AdjustmentFact(code, entry.entry, None, None, kinds[0].decode(), Decimal(20 + at))
            for at, entry in enumerate(facts.entries)
        ),
    )  # fmt: skip
    client = make(app, facts, rules)
    for query in ("", f"?of={criteria[-1].decode()}", "?view=ways", "?view=judges", "?view=spread"):
        found = page(client, query)
        assert "3 / 3 已评完" in found
    assert 'aria-label="第1席 5.00（去掉）、第2席 6.00' in page(client) and "每席总分" not in page(client)
    assert "标准分</th>" not in page(client, "?view=ways") and "中位数" in page(client, "?view=ways")


def test_a_sum_is_not_put_beside_means(app):
    rules = RULES.replace('take = "mean"\nround = { decimals = 2, mode = "half_up" }', 'take = "sum"')
    assert "排在一起没有意义" in page(make(app, judged(), rules), "?view=ways")


def test_without_awards_there_are_no_lines_and_the_page_says_so(app):
    found = page(make(app, judged(), RULES[: RULES.index("[[awards]]")]))
    assert "data-cut" not in found and "规则文件没有写奖项" in found

EXAMPLES = [
    block for block in re.findall(r"```toml\n(.*?)```", (HERE / "docs/rules.md").read_text(encoding="utf-8"), re.DOTALL)
    if block.startswith("format = 1")
]  # fmt: skip


def any_facts(rules: Rules, entries: int = 6, judges: int = 5, *, attempts: bool = False) -> Facts:
    """A contest of these rules with every mark and value that they ask for, each inside its limits.

    Without `attempts` only the first one of several is there.
    """
    bare = final_facts(entries, judges)
    codes = list(rules.rounds)
    marks, values = [], []
    for code, round_ in rules.rounds.items():
        for at, entry in enumerate(bare.entries):
            own = round_.for_division(entry.division)
            for attempt in range(1, own.attempts.count + 1 if own.attempts and attempts else 2):
                number = None if own.attempts is None else attempt
                for seat, criterion in itertools.product(range(1, judges + 1), own.criteria):
                    mark = any_mark(criterion, at, seat, entries, attempt)
                    marks.append(MarkFact(code, entry.entry, f"J{seat}", criterion.id, number, "mark", mark))
                values += [
                    AdjustmentFact(code, entry.entry, number, None, kind.id, any_value(kind, at))
                    for kind in own.per_attempt or own.adjustments if kind.required
                ]  # fmt: skip
    return replace(
        bare, marks=tuple(marks), adjustments=tuple(values),
        appearances=tuple(replace(each, round=code) for code in codes for each in bare.appearances),
        sittings=tuple(replace(each, round=code) for code in codes for each in bare.sittings),
    )  # fmt: skip


def any_mark(criterion: Criterion, at: int, seat: int, entries: int, attempt: int) -> Decimal:
    """A mark the criterion allows; where places are handed in, each judge gives each place once."""
    if str(criterion.kind) == "rank":
        return Decimal(1 + (at + seat) % entries)
    if criterion.levels:
        return criterion.levels[(at + seat) % len(criterion.levels)].value
    steps = int((criterion.max - criterion.min) / criterion.step)
    return criterion.min + criterion.step * min(steps, steps // 2 + (at * 7 + seat * 3 + attempt) % (steps // 2 + 1))


def any_value(kind: AdjustmentKind, at: int) -> Decimal:
    """A recorded value the kind allows."""
    if kind.choices:
        return kind.choices[at % len(kind.choices)]
    low = kind.min if kind.min is not None else min(Decimal(0), kind.max if kind.max is not None else Decimal(0))
    value = low + kind.step * (at + 1)
    return value if kind.max is None or value <= kind.max else kind.max


def test_every_rule_file_of_the_handbook_can_be_looked_at(app):
    assert len(EXAMPLES) > 10
    account = builders.make_account(app, "organizer")
    client = builders.client_of(app, account)
    for at, source in enumerate(EXAMPLES):
        slug, rules = f"rules-{at}", read_rules(source.encode())
        with app.app_context(), writing() as db:
            builders.add_contest(db, slug=slug, rules=source.encode(), facts=any_facts(rules), with_judging=True)
        builders.add_duty(app, account, slug, Role.ORGANIZER)
        scopes = [*(f"round={code}" for code in rules.rounds), "scope=whole"]
        for scope, view in itertools.product(scopes, ("ranking", "ways", "judges", "spread")):
            answer = client.get(f"/admin/contests/{slug}/results?{scope}&view={view}&without={scope[6:]}|A|1")
            assert answer.status_code == 200, (source[:200], scope, view)


def test_attempts_and_recorded_values_stand_in_place_of_a_panels_number():
    attempts = next(read_rules(source.encode()) for source in EXAMPLES if "attempts = { count = 5" in source)
    (code,) = attempts.rounds
    scores = compute(attempts, any_facts(attempts, judges=7, attempts=True)).rounds[code].scores
    told = result_rows.details(attempts.rounds[code], scores["01"], "en")
    assert len(told) == 5 and all(counts for _text, counts in told)
    measured = read_rules(MEASURED)
    facts = replace(
        any_facts(measured), adjustments=(AdjustmentFact("run", "01", None, None, "points", Decimal("12.5")),)
    )  # fmt: skip
    score = compute(measured, facts).rounds["run"].scores["01"]
    assert result_rows.details(measured.rounds["run"], score, "en") == [("Points 12.5", True)]


def test_a_measured_round_shows_what_was_recorded_and_no_dots(app):
    facts = any_facts(read_rules(MEASURED))
    values = tuple(
        AdjustmentFact("run", f"{at:02d}", None, None, "points", Decimal(20 - at)) for at in range(1, 7)
    )  # fmt: skip
    client = make(app, replace(facts, adjustments=values, sittings=()), MEASURED)
    found = page(client)
    assert "录入的数值" in found and "得分 19" in found and "成绩来自录入的数值" in found
    assert '<svg class="dots"' not in found
    assert "6 / 6 已评完" in found
    for view in ("ways", "judges", "spread"):
        page(client, f"?view={view}")


def test_dots_lie_between_the_whole_points_around_all_marks():
    marks = [Decimal("-3.5"), Decimal("95.5")]
    span = result_plots.span_of(marks)
    assert (span.low, span.high) == (Decimal(-4), Decimal(96))
    assert [span.at(mark) for mark in (Decimal(-4), Decimal(46), Decimal(96))] == ["6.0", "70.0", "134.0"]
    assert result_plots.span_of([Decimal(7)]).high == Decimal(8) and result_plots.span_of([]) is None


MEASURED = """
format = 1
title = "机器人"
[adjustments.points]
title = { zh = "得分", en = "Points" }
min = 0
step = 0.5
[rounds.run]
title = { zh = "任务赛", en = "Run" }
after = [ { adjust = ["points"] } ]
""".encode()


def test_places_that_judges_hand_in_are_not_drawn_as_points(app):
    source = next(each for each in EXAMPLES if 'kind = "rank"' in each)
    found = page(make(app, any_facts(read_rules(source.encode())), source))
    assert "不是可以平均的分数" in found and '<svg class="dots"' not in found


def test_beside_standard_scores_the_plain_marks_are_compared(app):
    rules = RULES.replace("[[awards]]", NORMALISED, 1).replace('after = [ { adjust = ["quiz"] } ]\n', "")
    found = page(make(app, replace(judged(), adjustments=()), rules), "?view=ways")
    told = {row.split()[1]: row for row in rows(found)[1:]}
    # 01 has 95 89 90 88 80: the mean of all is 88.40 whatever the rule makes of it.
    assert "88.40 第 1 名" in told["01"] and "标准分" in found


NORMALISED = """
[rounds.final.sheet.normalise]
by = "standard"
mean = 50
sd = 10
round = { decimals = 2, mode = "half_up" }
[[awards]]"""
