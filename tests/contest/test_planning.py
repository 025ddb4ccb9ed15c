"""Tasks with dates read from words, the timeline, delegations, notes on divisions, files for everybody."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest import duewords, planning
from contest.errors import Malformed, NameTaken, NotFound, TextRefused
from contest.models import StoredFile
from tests.builders import NOW, add_contest, later

ZONE = "Asia/Shanghai"
# 22 April 2026 is a Wednesday; 01:00 UTC is 09:00 in Shanghai.
WEDNESDAY = datetime(2026, 4, 22, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("words, day", [
    ("今天 17:00", "2026-04-22 17:00"), ("今天", "2026-04-22 23:59"), ("明天9：30", "2026-04-23 09:30"),
    ("后天", "2026-04-24 23:59"), ("17:30", "2026-04-22 17:30"), ("2026-05-14", "2026-05-14 23:59"),
    ("2026年5月14日 8:05", "2026-05-14 08:05"), ("5月底", "2026-05-31 23:59"), ("5月中旬", "2026-05-20 23:59"),
    ("6月初", "2026-06-05 23:59"), ("月底", "2026-04-30 23:59"),
    ("本月底", "2026-04-30 23:59"), ("下月底", "2026-05-31 23:59"),
    ("5月14日前", "2026-05-14 23:59"), ("5/14", "2026-05-14 23:59"), ("周五", "2026-04-24 23:59"),
    ("周一", "2026-04-27 23:59"), ("下周五", "2026-05-01 23:59"), ("本周一", "2026-04-20 23:59"),
    ("friday", "2026-04-24 23:59"), ("Today 17:00", "2026-04-22 17:00"), ("end of May", "2026-05-31 23:59"),
    ("14 May", "2026-05-14 23:59"), ("1月5日", "2026-01-05 23:59"), ("2月30日", None), ("13月底", None),
    ("尽快", None), ("", None), ("2026-02-30", None),
])  # fmt: skip
def test_words_become_the_day_that_a_person_means(words, day):
    found = duewords.due_at(words, now=WEDNESDAY, zone=ZONE)
    assert (found and found.astimezone(ZoneInfo(ZONE)).strftime("%Y-%m-%d %H:%M")) == day


def test_a_day_long_past_means_the_next_year():
    autumn = datetime(2026, 11, 28, tzinfo=UTC)
    assert duewords.due_at("2月底", now=autumn, zone=ZONE).date().isoformat() == "2027-02-28"


@given(st.text(max_size=64))
def test_no_words_break_the_reading(words):
    found = duewords.due_at(words, now=WEDNESDAY, zone=ZONE)
    assert found is None or found.tzinfo is not None


def test_a_task_keeps_its_words_and_can_be_ticked_opened_again_and_deleted(db, contest):
    task = planning.add_task(db, contest, title=" 发通知 ", owner="江晚", due="5月底", now=NOW)
    assert (task.title, task.due, task.due_at.date().isoformat()) == ("发通知", "5月底", "2026-05-31")
    planning.tick_task(db, contest, public_id=task.public_id, done=True, now=NOW)
    planning.tick_task(db, contest, public_id=task.public_id, done=True, now=later(60))
    assert task.done_at == NOW
    planning.tick_task(db, contest, public_id=task.public_id, done=False, now=NOW)
    assert task.done_at is None
    planning.remove_task(db, contest, public_id=task.public_id)
    with pytest.raises(NotFound):
        planning.remove_task(db, contest, public_id=task.public_id)


def test_nothing_of_another_contest_can_be_changed(db, contest):
    other = add_contest(db, slug="other", organization="别的协会")
    task = planning.add_task(db, other, title="不是这里的", owner="", due="", now=NOW)
    dated = planning.set_milestone(db, other, public_id=None, title="抽签", title_en="", at=NOW, ends_at=None)
    team = planning.set_delegation(db, other, public_id=None, name="南屿区", quota=3)
    for act in (
        lambda: planning.tick_task(db, contest, public_id=task.public_id, done=True, now=NOW),
        lambda: planning.remove_milestone(db, contest, public_id=dated.public_id),
        lambda: planning.remove_delegation(db, contest, public_id=team.public_id),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_milestone_does_not_end_before_it_begins(db, contest):
    with pytest.raises(Malformed):
        planning.set_milestone(
            db, contest, public_id=None, title="公示", title_en="", at=later(60), ends_at=NOW
        )
    with pytest.raises(TextRefused):
        planning.set_milestone(db, contest, public_id=None, title=" ", title_en="", at=NOW, ends_at=None)


def test_a_delegations_name_is_there_once_and_its_quota_may_change(db, contest):
    team = planning.set_delegation(db, contest, public_id=None, name="南屿区", quota=3)
    planning.set_delegation(db, contest, public_id=team.public_id, name="南屿区", quota=None)
    assert team.quota is None
    with pytest.raises(NameTaken):
        planning.set_delegation(db, contest, public_id=None, name=" 南屿区 ", quota=1)
    second = planning.set_delegation(db, contest, public_id=None, name="青禾区", quota=0)
    assert second.position == team.position + 1
    with pytest.raises(NameTaken):
        planning.set_delegation(db, contest, public_id=second.public_id, name="南屿区", quota=1)
    with pytest.raises(Malformed):
        planning.set_delegation(db, contest, public_id=None, name="云岭县", quota=-1)


def test_files_move_up_and_stay_in_order(db, contest):
    kept = StoredFile(
        contest_id=contest.id, sha256="0" * 64, name="通知.pdf", media_type="application/pdf", size=1, stored_at=NOW
    )
    db.add(kept)
    db.flush()
    first = planning.attach(db, contest, file=kept, title="")
    second = planning.attach(db, contest, file=kept, title="评分办法")
    planning.move_attachment_up(db, contest, public_id=second.public_id)
    planning.move_attachment_up(db, contest, public_id=second.public_id)
    assert (first.title, second.position < first.position) == ("通知.pdf", True)
