"""The big screen: a prepared scene is not shown, a take rests on what was seen, a score must be out."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from contest import showing, switching
from contest.errors import SceneNotReady, StageMoved, TextRefused
from contest.ledger import Actor
from contest.models import Account, ReleaseMode, Scene, Stage
from tests.builders import NOW, later
from tests.tablets import running, stage_of, submit_all

DESK = Actor("account:desk", "web")


def take(db, contest, scene, *, seen=None, seconds=5, **more):
    return switching.take(db, contest, scene=scene, seen=seen, now=later(seconds), **more)


def stage(db, contest):
    return db.scalars(select(Stage).where(Stage.contest_id == contest.id)).one()


def test_preparing_changes_nothing_on_the_screen(db, contest):
    before = switching.version(stage(db, contest))
    switching.prepare(db, contest, scene=Scene.RANKING)
    assert (stage_of(db, contest)[0], stage(db, contest).preview) == ("waiting", Scene.RANKING)
    assert switching.version(stage(db, contest)) == before


def test_a_taken_scene_holds_and_automatic_lets_it_go(db, contest):
    take(db, contest, Scene.PAUSE)
    showing.call(db, contest, appearance=running(db, contest)[0], now=NOW)
    assert (stage_of(db, contest)[0], stage(db, contest).automatic) == ("pause", False)
    take(db, contest, None)
    assert (stage_of(db, contest)[0], stage(db, contest).automatic) == ("contestant", True)


def test_a_take_that_rests_on_an_older_picture_is_refused_and_says_what_changed(db, contest):
    account = Account(username="qiao", display_name="乔木", password_hash="", created_at=NOW)
    db.add(account)
    db.flush()
    seen = switching.version(stage(db, contest))
    take(db, contest, Scene.RANKING, seen=seen, account_id=account.id)
    with pytest.raises(StageMoved) as refused:
        take(db, contest, Scene.PAUSE, seen=seen, seconds=6)
    assert refused.value.args_ == {"scene": "ranking", "who": "乔木"}
    take(db, contest, Scene.BLACK, seconds=7)
    assert stage_of(db, contest)[0] == "black"


def test_the_score_scene_waits_for_the_release_of_who_is_on_stage(db, contest):
    one, two, _three = running(db, contest)
    with pytest.raises(SceneNotReady) as refused:
        take(db, contest, Scene.SCORE)
    assert refused.value.args_ == {"number": ""}
    for each in (one, two):
        showing.call(db, contest, appearance=each, now=NOW)
        submit_all(db, contest, each)
    showing.release(db, contest, appearance=one, by=DESK, now=NOW)
    with pytest.raises(SceneNotReady) as refused:
        take(db, contest, Scene.SCORE)
    assert refused.value.args_ == {"number": "02"}
    contest.release_mode = ReleaseMode.LAG_1
    take(db, contest, Scene.SCORE)
    assert stage_of(db, contest) == ("score", "02")


def test_a_message_is_read_by_the_hall_only_once_it_is_taken(db, contest):
    with pytest.raises(TextRefused):
        take(db, contest, Scene.MESSAGE)
    switching.write_message(db, contest, text="  休息十分钟 ")
    assert (stage(db, contest).message, stage(db, contest).preview) == ("", Scene.MESSAGE)
    take(db, contest, Scene.MESSAGE)
    switching.write_message(db, contest, text="请回到座位")
    assert stage(db, contest).message == "休息十分钟"
    take(db, contest, Scene.MESSAGE)
    assert stage(db, contest).message == "请回到座位"
    for text in (" ", "字" * 201):
        with pytest.raises(TextRefused):
            switching.write_message(db, contest, text=text)
