"""What other rules would move, and what stored things they would not fit."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from contest import effects, fitting, queries, showing
from contest.ledger import Actor
from contest.models import Adjustment
from contest.rules import read_rules
from tests.amended import ALL_COUNT, judge_five, lowered, rules
from tests.builders import NOW, RULES, add_contest
from tests.tablets import running, sit

DESK = Actor("account:desk", "web")
DIVISIONS = """[divisions."成年组"]
title = { zh = "成年组", en = "Adults" }
[divisions."少年组"]
title = { zh = "少年组", en = "Youth" }
""".encode()


@pytest.fixture
def judged(db):
    return judge_five(db)


def test_the_effect_names_each_place_score_and_award_that_moves(db, judged):
    found = effects.effect(db, judged, read_rules(ALL_COUNT))
    assert [(m.ranking, m.round, m.entry, m.place_before, m.place, m.score_before, m.score) for m in found.moves] == [
        ("round", "final", "02", 2, 1, "85.75", "85.75"), ("round", "final", "01", 1, 2, "86.75", "83.35"),
    ]  # fmt: skip
    assert found.places == 2
    # No first prize and one second among three: it goes to whoever leads.
    assert {a.entry: ([t.zh for t in a.before], [t.zh for t in a.after]) for a in found.awards} == {
        "02": (["三等奖"], ["二等奖"]), "01": (["二等奖"], ["三等奖"]),
    }  # fmt: skip
    assert found.sealed == ()


def test_the_effect_tells_of_awards_that_change_where_no_place_moves(db, judged):
    found = effects.effect(db, judged, rules((b"share = 0.10", b"share = 0.40")))
    assert (found.moves, found.places) == ((), 0)
    assert [(a.entry, a.before[0].zh, a.after[0].zh) for a in found.awards] == [
        ("01", "二等奖", "一等奖"), ("02", "三等奖", "二等奖"),
    ]  # fmt: skip


def refusals(db, contest, new):
    old = queries.rules_of(queries.rule_version(db, contest))
    return list(fitting.misfits(db, contest, old, new))


def test_a_mark_above_the_new_maximum_is_named_with_seat_and_number(db, judged):
    found = refusals(db, judged, lowered(b"26.5"))
    assert [(e.args_["what"], e.args_["number"], e.args_["seat"]) for e in found] == [
        ("mark", "01", seat) for seat in (1, 2, 3, 4)
    ]  # fmt: skip
    first = found[0].args_
    assert (first["name"].zh, str(first["value"]), first["why"], str(first["limit"])) == (
        "内容陈述", "27.00", "above_max", "26.5",
    )  # fmt: skip


def test_a_step_that_a_stored_mark_is_off_is_refused(db, judged):
    coarse = read_rules(RULES.replace(b"step = 0.01\nband_step = 0.5", b"step = 0.5"))
    found = refusals(db, judged, coarse)
    assert {(e.args_["name"].zh, str(e.args_["value"]), e.args_["why"]) for e in found} == {
        ("随机命题", "25.25", "off_step"),
    }  # fmt: skip


def test_a_draft_that_nobody_has_submitted_counts_too(db, contest):
    sit(db, contest, 2).save(running(db, contest)[0], marks={"content": "29.00"})
    found = refusals(db, contest, lowered(b"27.5"))
    assert [(e.args_["number"], e.args_["seat"]) for e in found] == [("01", 2)]


def without_presence() -> bytes:
    gone = RULES[RULES.index(b"[criteria.presence]") : RULES.index(b"[criteria.random]")]
    return RULES.replace(gone, b"").replace(b'"presence", ', b"")


def test_a_criterion_with_marks_stays(db, judged):
    found = refusals(db, judged, read_rules(without_presence()))
    assert [(e.args_["what"], e.args_["name"].zh, e.args_["count"]) for e in found] == [("criterion", "整体形象", 15)]


def test_a_new_criterion_is_an_effect_that_leaves_everybody_unranked(db, judged):
    more = RULES.replace(
        b"[adjustments.quiz]",
        b'[criteria.extra]\ntitle = { zh = "\xe5\x8f\xa6", en = "More" }\nmax = 5\nstep = 1\n\n[adjustments.quiz]',
    ).replace(b'"random"]', b'"random", "extra"]')
    found = effects.effect(db, judged, read_rules(more))
    assert {(move.place, move.status is not None) for move in found.moves} == {(None, True)}


def test_an_adjustment_kind_with_values_stays_and_its_values_fit(db, judged):
    one = running(db, judged)[0]
    showing.adjust(db, judged, appearance=one, kind="quiz", value="-2", reason="答错", press="", by=DESK, now=NOW)
    quiz = RULES[RULES.index(b"[adjustments.quiz]") : RULES.index(b"[adjustments.time_own]")]
    gone = read_rules(RULES.replace(quiz, b"").replace(b'"quiz", ', b""))
    assert [(e.args_["what"], e.args_["name"].zh, e.args_["count"]) for e in refusals(db, judged, gone)] == [
        ("kind", "科技常识答错", 1),
    ]  # fmt: skip
    mild = rules((quiz, quiz.replace(b"min = -2", b"min = -1")))
    found = [e.args_ for e in refusals(db, judged, mild)]
    assert [(e["what"], e["number"], str(e["value"]), e["why"]) for e in found] == [("value", "01", "-2", "below_min")]
    cancelled = db.scalars(select(Adjustment)).one()
    showing.cancel_adjustment(db, judged, public_id=cancelled.public_id, by=DESK, now=NOW)
    assert refusals(db, judged, gone) == refusals(db, judged, mild) == []


def test_a_round_with_a_running_order_stays(db, judged):
    found = refusals(db, judged, rules((b"rounds.final", b"rounds.grand")))
    assert [(e.args_["what"], e.args_["round"].zh) for e in found] == [("round", "决赛")]


def test_a_division_with_entries_stays(db):
    both = RULES.replace(b"[criteria.content]", DIVISIONS + b"\n[criteria.content]")
    contest = add_contest(db, slug="divided", judges=5, rules=both)
    running(db, contest)[0].entry.division = "少年组"
    db.flush()
    without = both.replace(DIVISIONS, DIVISIONS.splitlines(keepends=True)[0] + DIVISIONS.splitlines(keepends=True)[1])
    found = refusals(db, contest, read_rules(without))
    assert [(e.args_["what"], e.args_["division"].zh, e.args_["count"]) for e in found] == [("division", "少年组", 1)]
