"""The next edition of a contest: what comes along, what stays behind, and where the dates go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from contest import cloning, ledger, planning, queries
from contest.errors import Malformed, NameTaken
from contest.ledger import SYSTEM
from contest.models import (
    Attachment,
    CertificateLayout,
    Contest,
    Delegation,
    Duty,
    Entry,
    Milestone,
    Panel,
    ReleaseMode,
    Seat,
    Sitting,
    StoredFile,
    Task,
)  # fmt: skip
from tests.builders import NOW, RULES, add_substitute

YEAR = timedelta(days=364)


@pytest.fixture
def full(db, contest):
    """The final with dates, plans, a file, a layout and a done task."""
    contest.starts_at, contest.registration_closes_at = NOW, NOW - timedelta(days=16)
    contest.quota, contest.release_mode, contest.one_person = 320, ReleaseMode.HELD, True
    planning.set_milestone(db, contest, public_id=None, title="抽签", title_en="", at=NOW, ends_at=NOW + timedelta(1))
    planning.set_delegation(db, contest, public_id=None, name="南屿区", quota=45)
    task = planning.add_task(db, contest, title="发通知", owner="江晚", due="5月底", now=NOW)
    planning.tick_task(db, contest, public_id=task.public_id, done=True, now=NOW)
    planning.add_task(db, contest, title="联系场地", owner="", due="尽快", now=NOW)
    file = StoredFile(
        contest_id=contest.id, sha256="a" * 64, name="通知.pdf", media_type="application/pdf", size=9, stored_at=NOW
    )
    db.add(file)
    db.flush()
    planning.attach(db, contest, file=file, title="通知")
    db.add(CertificateLayout(
        contest_id=contest.id, title="荣誉证书", body="{names}", closing="以资鼓励", issuers="协会", prefix="XH-2026",
    ))  # fmt: skip
    db.flush()
    return contest


def cloned(db, source, **changed):
    values = {"slug": "next", "title": "第九届", "edition": "第九届", "shift": YEAR, "with_judges": True, **changed}
    return cloning.clone(db, source, by=SYSTEM, now=NOW, **values)


def own(db, kind, contest):
    return db.scalars(select(kind).where(kind.contest_id == contest.id).order_by(kind.id)).all()


def test_settings_and_rules_come_along_and_dates_move(db, full):
    made = cloned(db, full)
    assert (made.quota, made.release_mode, made.starts_at) == (320, ReleaseMode.HELD, NOW + YEAR)
    assert made.registration_closes_at == NOW + YEAR - timedelta(days=16)
    assert queries.rule_version(db, made).source == RULES
    assert [(round_.code, round_.state.value) for round_ in made.rounds] == [("final", "draft")]
    dated = own(db, Milestone, made)[0]
    assert (dated.at, dated.ends_at) == (NOW + YEAR, NOW + YEAR + timedelta(1))


def test_it_is_a_draft_of_two_people_with_a_ledger_of_its_own(db, full):
    full.published_at = NOW
    made = cloned(db, full)
    assert (made.published_at, made.one_person, made.awards_published_at) == (None, False, None)
    assert ledger.verify(db, made) is None
    assert made.public_id != full.public_id


def test_nobody_who_takes_part_comes_along(db, full):
    made = cloned(db, full)
    assert [own(db, kind, made) for kind in (Entry, Duty)] == [[], []]
    assert len(own(db, Entry, full)) == 3


def test_plans_come_along_and_tasks_are_open_again_with_a_day_that_moved(db, full):
    made = cloned(db, full)
    assert [(team.name, team.quota) for team in own(db, Delegation, made)] == [("南屿区", 45)]
    tasks = own(db, Task, made)
    assert [(task.title, task.due, task.done_at) for task in tasks] == [
        ("发通知", "2027-05-30", None), ("联系场地", "尽快", None)
    ]  # fmt: skip


def test_files_are_the_new_contests_own_and_certificates_get_other_numbers(db, full):
    made = cloned(db, full)
    attached = own(db, Attachment, made)[0]
    assert (attached.file.contest_id, attached.file.sha256) == (made.id, "a" * 64)
    assert own(db, CertificateLayout, made)[0].prefix == "XH-2027"


@pytest.mark.parametrize("with_judges, seats", [(True, 3), (False, 0)])
def test_judges_come_along_where_wanted(db, full, with_judges, seats):
    made = cloned(db, full, with_judges=with_judges)
    count = select(func.count(Sitting.id)).join(Sitting.seat).join(Seat.panel).where(Panel.contest_id == made.id)
    assert db.scalar(count) == seats


def test_a_substitute_who_stayed_is_the_judge_of_the_next_edition(db, full):
    add_substitute(db, full, seat=2, name="陶望之", first=2)
    made = cloned(db, full)
    panel = own(db, Panel, made)[0]
    assert [seat.sittings[0].person.name for seat in panel.seats][1] == "陶望之"
    assert [len(seat.sittings) for seat in panel.seats] == [1, 1, 1]


@pytest.mark.parametrize("slug, error", [("xinghe", NameTaken), ("No good", Malformed)])
def test_a_bad_or_taken_address_is_refused(db, full, slug, error):
    with pytest.raises(error):
        cloned(db, full, slug=slug)
    assert db.scalar(select(func.count(Contest.id))) == 1
