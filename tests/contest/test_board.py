"""Frames and boards: what each audience gets, when its revision rises, how ties are placed, how small frames are."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from contest import absences, board, ordering, queries, sealing, showing
from contest.ledger import SYSTEM, Actor
from contest.models import Audience, Frame, Person, RoundState, Scene
from tests.builders import JUDGES, NOW, add_contest, later
from tests.registrations import add_reviewer
from tests.tablets import running, sit, submit_all

DESK = Actor("account:desk", "web")


@pytest.fixture
def five(db):
    """A final of three entries before five judges."""
    return add_contest(db, slug="five", judges=5)


def refresh(db, contest, now=NOW):
    return {frame.audience.value for frame in board.refresh(db, contest, now=now)}


def frame(db, contest, audience=Audience.PUBLIC):
    return json.loads(board.frame_of(db, contest, audience).frame)


def rows(db, contest, audience=Audience.PUBLIC):
    return json.loads(board.frame_of(db, contest, audience).board)["rounds"][0]["rows"]


def release(db, contest, appearance, now=NOW, **marks):
    submit_all(db, contest, appearance, **marks)
    showing.release(db, contest, appearance=appearance, by=DESK, now=now)


def test_a_first_refresh_makes_a_frame_for_every_audience_and_a_second_changes_none(db, five):
    db.query(Frame).delete()
    assert refresh(db, five) == {"public", "screen", "staff"}
    assert refresh(db, five, later(60)) == set()
    assert {f.revision for f in db.scalars(select(Frame).where(Frame.contest_id == five.id))} == {1}


def test_the_public_frame_is_as_agreed(db, five):
    one, two, _three = running(db, five)
    showing.call(db, five, appearance=one, now=NOW)
    release(db, five, one)
    refresh(db, five)
    got = frame(db, five)
    assert list(got) == [
        "revision", "v", "audience", "contest", "round", "scene", "now", "next", "dots", "release", "top", "counts",
    ]  # fmt: skip
    assert got["contest"] == {"slug": "five", "title": "第八届星河市科普讲解大赛", "rehearsal": False}
    assert got["round"] == {"code": "final", "title": {"zh": "决赛", "en": "Final"}, "state": "judging", "seal": None}
    assert got["scene"] == {"name": "score", "auto": True, "since": None, "then": {"name": "ranking", "after": 15}}
    assert (got["now"]["appearance"], got["next"]["appearance"]) == (one.public_id, two.public_id)
    assert got["now"] == {
        "appearance": one.public_id, "entry": "01", "number": "01", "name": "沈知遥", "title": "月球的土，能种菜吗？",
        "unit": "南屿区代表队", "division": None,
    }  # fmt: skip
    assert (got["dots"], got["counts"]) == ([], {"released": 1, "appearances": 3})
    out = got["release"]
    assert (out["score"], out["panel"], out["place"], out["nth"], out["note"]) == ("87.25", "87.25", 1, 1, None)
    assert [(s["seat"], s["score"]) for s in out["sheets"]] == [(seat, "87.25") for seat in range(1, 6)]
    assert sorted(filter(None, (s["dropped"] for s in out["sheets"]))) == ["high", "low"]
    assert [(row["place"], row["entry"], row["score"]) for row in got["top"]] == [(1, "01", "87.25")]


def test_the_screen_has_dots_and_the_desk_has_judges_too(db, five):
    one = running(db, five)[0]
    showing.call(db, five, appearance=one, now=NOW)
    sit(db, five, 2).submit(one)
    showing.follow(db, five, appearance=one, now=NOW)
    refresh(db, five)
    dots = [{"seat": seat, "submitted": seat == 2} for seat in range(1, 6)]
    assert [frame(db, five, a)["dots"] for a in Audience] == [[], dots, dots]
    assert [frame(db, five, a)["scene"]["name"] for a in Audience] == ["contestant", "dots", "dots"]
    staff = frame(db, five, Audience.STAFF)
    assert [(s["seat"], s["judge"], s["submitted"]) for s in staff["seats"]] == [
        (seat, JUDGES[seat - 1], seat == 2) for seat in range(1, 6)
    ]  # fmt: skip
    assert (staff["strays"], staff["ready"]) == (0, None)


def test_the_desk_sees_the_result_once_every_sheet_is_in_and_nobody_else_does(db, five):
    one = running(db, five)[0]
    showing.call(db, five, appearance=one, now=NOW)
    submit_all(db, five, one)
    refresh(db, five)
    assert frame(db, five, Audience.STAFF)["ready"] == {"score": "87.25", "panel": "87.25"}
    assert [b"87.25" in (f.frame + f.board) for f in db.scalars(
        select(Frame).where(Frame.contest_id == five.id, Frame.audience != Audience.STAFF)
    )] == [False, False]  # fmt: skip


def test_a_sheet_that_comes_in_changes_the_screen_and_the_desk_but_not_the_public(db, five):
    one = running(db, five)[0]
    showing.call(db, five, appearance=one, now=NOW)
    refresh(db, five)
    sit(db, five, 1).submit(one)
    showing.follow(db, five, appearance=one, now=later(3))
    assert refresh(db, five) == {"screen", "staff"}


def test_a_scene_that_the_desk_holds_is_everybodys(db, five):
    showing.call(db, five, appearance=running(db, five)[0], now=NOW)
    showing.choose_scene(db, five, scene=Scene.DOTS, now=NOW)
    refresh(db, five)
    assert {frame(db, five, a)["scene"]["name"] for a in Audience} == {"dots"}


def test_equal_scores_share_a_place_and_lots_are_shown_on_the_board(db, five):
    one, two, three = running(db, five)
    for appearance, mark in ((one, "20.00"), (two, "25.00"), (three, "20.00")):
        release(db, five, appearance, content=mark)
    refresh(db, five)
    assert [(row["place"], row["entry"]) for row in rows(db, five)] == [(1, "02"), (2, "01"), (2, "03")]


def test_a_withdrawn_release_leaves_the_board_and_comes_back_with_its_note(db, five):
    one, two, _three = running(db, five)
    release(db, five, one)
    release(db, five, two, now=later(1))
    showing.withdraw_release(db, five, appearance=two, note="漏计一次扣分", by=DESK, now=later(2))
    assert refresh(db, five) == {"public", "screen", "staff"}
    assert [row["entry"] for row in rows(db, five)] == ["01"]
    assert (frame(db, five)["release"]["entry"], frame(db, five)["counts"]["released"]) == ("01", 1)
    showing.adjust(
        db, five, appearance=two, kind="quiz", value="-1", reason="漏计", press="", by=DESK, now=later(3)
    )
    assert "public" not in refresh(db, five)
    showing.release(db, five, appearance=two, by=DESK, now=later(4))
    refresh(db, five)
    shown = next(row for row in rows(db, five) if row["entry"] == "02")
    assert (shown["score"], shown["panel"], shown["note"]) == ("86.25", "87.25", "漏计一次扣分")
    assert shown["adjustments"] == [{"title": {"zh": "科技常识答错", "en": "Quiz, wrong answer"}, "value": "-1.00"}]
    assert frame(db, five)["release"]["note"] == "漏计一次扣分"


def test_the_seals_number_is_on_every_frame(db, five):
    round_ = queries.round_of(db, five, "final")
    round_.state = RoundState.LOCKED
    refresh(db, five)
    assert frame(db, five)["round"]["seal"] is None
    assert sealing.last_seal(db, round_) is None


@pytest.mark.parametrize("letter, judges", [("字", 7), ("𬭎", 7), ("A", 3), ("𬭎", 15), ('"', 7)])
def test_frames_stay_within_4096_bytes_with_the_longest_names(db, letter, judges):
    contest = add_contest(db, slug="long", entries=12, judges=judges)
    contest.title = letter * 200
    for appearance in running(db, contest):
        entry = appearance.entry
        entry.name = entry.title = entry.unit = letter * 200
        entry.division, appearance.number = letter * 64, appearance.number + letter * 62
    for person in db.scalars(select(Person)):
        person.name = letter * 200
    showing.call(db, contest, appearance=running(db, contest)[1], now=NOW)
    for appearance in running(db, contest)[:11]:
        release(db, contest, appearance)
        appearance.note = letter * 3000
    refresh(db, contest)
    sizes = {a.value: len(board.frame_of(db, contest, a).frame) for a in Audience}
    assert {name: size for name, size in sizes.items() if size > 4096} == {}
    whole = json.loads(board.frame_of(db, contest, Audience.PUBLIC).board)["rounds"][0]["rows"]
    assert {row["name"] for row in whole} == {letter * 200}


def test_a_frame_that_fits_is_not_cut(db, five):
    one = running(db, five)[0]
    one.entry.title = "字" * 100
    showing.call(db, five, appearance=one, now=NOW)
    refresh(db, five)
    assert frame(db, five)["now"]["title"] == "字" * 100


def test_a_contest_without_entries_has_frames_boards_and_nobody_on(db):
    empty = add_contest(db, slug="empty", entries=0, judges=0, state=RoundState.DRAFT)
    for audience in Audience:
        got = frame(db, empty, audience)
        assert (got["now"], got["next"], got["counts"]) == (None, None, {"released": 0, "appearances": 0})


def test_whoever_withdrew_does_not_come_next(db, five):
    one, two, three = running(db, five)
    showing.call(db, five, appearance=one, now=NOW)
    absences.withdraw(db, five, round_=two.round, entry=two.entry, reason="生病", by=SYSTEM, now=NOW)
    refresh(db, five)
    assert [frame(db, five, audience)["next"]["appearance"] for audience in Audience] == [three.public_id] * 3


def test_an_order_that_is_not_published_names_nobody_to_the_public(db, five):
    one, *_rest = running(db, five)
    one.round.state = RoundState.OPEN
    ordering.place(
        db, five, appearance=one, position=3, account=add_reviewer(db), reason="", by=SYSTEM, now=NOW
    )
    refresh(db, five)
    assert [frame(db, five, audience)["next"] is None for audience in Audience] == [True, True, False]
    ordering.publish(db, five, round_=one.round, by=SYSTEM, now=NOW)
    refresh(db, five)
    assert [frame(db, five, audience)["next"]["entry"] for audience in Audience] == ["02"] * 3


def test_whoever_withdrew_before_the_order_is_published_is_named_with_it_whatever_is_on_stage(db, five):
    one, two, _three = running(db, five)
    one.round.state, showing.stage_of(db, five).round = RoundState.OPEN, None
    ordering.place(
        db, five, appearance=one, position=3, account=add_reviewer(db), reason="", by=SYSTEM, now=NOW
    )
    absences.withdraw(db, five, round_=two.round, entry=two.entry, reason="生病", by=SYSTEM, now=NOW)
    named = []
    for _time in range(2):
        refresh(db, five)
        named.append(len(json.loads(board.frame_of(db, five, Audience.PUBLIC).board)["rounds"][0]["rows"]))
        ordering.publish(db, five, round_=one.round, by=SYSTEM, now=NOW)
    assert named == [0, 1]


def test_whoever_withdrew_is_named_at_once_without_a_score_and_outside_the_counts(db, five):
    one, two, _three = running(db, five)
    release(db, five, one)
    absences.withdraw(db, five, round_=two.round, entry=two.entry, reason="生病", by=SYSTEM, now=NOW)
    refresh(db, five)
    for audience in Audience:
        shown = json.loads(board.frame_of(db, five, audience).board)["rounds"][0]
        rows = [(row["entry"], row["place"], row["score"], row["status"]) for row in shown["rows"]]
        assert rows == [("01", 1, "87.25", None), ("02", None, None, "withdrawn")]
        assert (shown["released"], frame(db, five, audience)["counts"]["released"]) == (1, 1)
