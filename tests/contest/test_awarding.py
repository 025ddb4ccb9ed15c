"""Awards of a sealed round: given by its rules, once, anew on a newer seal; published and taken back by a switch."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from contest import awarding, entering, queries, sealing, showing
from contest.errors import StepNotAllowed, TextRefused
from contest.ledger import SYSTEM
from contest.models import (
    Account,
    Act,
    Award,
    Certificate,
    CertificateKind,
    LedgerRow,
    RoundState,
    Ruling,
    RulingKind,
)
from contest.refusals import AwardsFixed, AwardsMissing, DateRefused, StandingsMoved
from contest.rules import read_rules
from tests.builders import NOW, RULES, add_contest, later
from tests.tablets import actions, running, submit_all

NO_AWARDS = RULES[: RULES.index(b"# Awards")]


def by_two(db, contest, round_, act, reason=""):
    """Seal or reopen the round: one proposes, another confirms."""
    people = db.scalars(select(Account).order_by(Account.id)).all()
    sealing.propose(db, contest, round_=round_, act=act, account=people[0], reason=reason, by=SYSTEM, now=NOW)
    sealing.confirm(db, contest, round_=round_, account=people[1], by=SYSTEM, now=NOW)


@pytest.fixture
def contest(db):
    """A lecture final of three entries and seven judges."""
    db.add_all([Account(username=name, display_name=name, password_hash="", created_at=NOW) for name in ("p1", "p2")])
    return add_contest(db, slug="awards", judges=7)


@pytest.fixture
def sealed(db, contest):
    """The final with scores in the running order's reverse, sealed."""
    for appearance, content in zip(running(db, contest), ("25.00", "26.00", "27.00"), strict=True):
        submit_all(db, contest, appearance, content=content)
        showing.release(db, contest, appearance=appearance, by=SYSTEM, now=NOW)
    round_ = queries.round_of(db, contest, "final")
    sealing.move(db, contest, round_=round_, to=RoundState.LOCKED, by=SYSTEM, now=NOW)
    by_two(db, contest, round_, Act.SEAL)
    return round_


def give(db, contest, round_):
    return awarding.give(db, contest, round_=round_, by=SYSTEM, now=NOW)


def told(awards):
    return [(award.rank, award.title, award.title_en, award.entry.code, award.place) for award in awards]


GIVEN = [
    (2, "二等奖", "Second prize", "03", 1),
    (3, "三等奖", "Third prize", "02", 2),
    (3, "三等奖", "Third prize", "01", 3),
]


def test_awards_are_given_by_the_rule_file_and_the_ledger_says_to_whom(db, contest, sealed):
    assert told(give(db, contest, sealed)) == GIVEN
    row = db.scalars(select(LedgerRow).order_by(LedgerRow.seq.desc()).limit(1)).one()
    payload = json.loads(row.payload)
    entry = db.scalars(select(Award).order_by(Award.place)).first().entry
    assert (row.action.value, payload["awards"][0]) == ("awards_given", ["second", entry.public_id, 1])
    assert "沈知遥" not in row.payload
    assert contest.awards_published_at is None


def test_giving_twice_changes_nothing(db, contest, sealed):
    first = [award.public_id for award in give(db, contest, sealed)]
    rows = len(actions(db, contest))
    assert [award.public_id for award in give(db, contest, sealed)] == first
    assert len(actions(db, contest)) == rows


def test_before_the_seal_no_award_is_given(db, contest):
    with pytest.raises(StepNotAllowed):
        give(db, contest, queries.round_of(db, contest, "final"))


def test_a_rule_file_without_awards_gives_none(db, contest, sealed):
    entering.adopt_rules(db, contest, rules=read_rules(NO_AWARDS), by=SYSTEM, now=NOW)
    with pytest.raises(AwardsMissing) as refused:
        give(db, contest, sealed)
    assert refused.value.args_ == {"why": "rules"}


def test_awards_may_be_written_after_the_seal_as_long_as_the_ranking_is_the_same(db, contest, sealed):
    fewer = RULES.replace(b"share = 0.30", b"share = 0.90")
    entering.adopt_rules(db, contest, rules=read_rules(fewer), by=SYSTEM, now=NOW)
    assert [(award.code, award.entry.code) for award in give(db, contest, sealed)] == [
        ("second", "03"), ("second", "02"), ("second", "01"),
    ]  # fmt: skip
    other = RULES.replace(b"drop_high = 1", b"drop_high = 0")
    entering.adopt_rules(db, contest, rules=read_rules(other), by=SYSTEM, now=NOW)
    assert told(give(db, contest, sealed)) == GIVEN


def test_a_result_that_moved_under_its_seal_gives_no_awards(db, contest, sealed):
    entry = running(db, contest)[0].entry
    db.add(Ruling(
        contest_id=contest.id, round_id=sealed.id, entry_id=entry.id, kind=RulingKind.WITHDRAWN, reason="弃权",
        created_at=NOW,
    ))  # fmt: skip
    db.flush()
    with pytest.raises(StandingsMoved):
        give(db, contest, sealed)


def test_a_newer_seal_gives_anew_and_says_what_changed(db, contest, sealed):
    give(db, contest, sealed)
    before = sealing.last_seal(db, sealed)
    assert awarding.changes(db, before) == []
    by_two(db, contest, sealed, Act.REOPEN, "复核")
    with pytest.raises(StepNotAllowed):
        give(db, contest, sealed)
    assert told(awarding.standing_awards(db, contest)) == GIVEN
    raise_the_first(db, contest)
    by_two(db, contest, sealed, Act.SEAL)
    after = give(db, contest, sealed)
    assert [(award.code, award.entry.code) for award in after] == [("second", "01"), ("third", "03"), ("third", "02")]
    assert [award.seal.number for award in awarding.standing_awards(db, contest)] == [2, 2, 2]
    assert len(awarding.given_on(db, before)) == 3
    assert sorted(
        (change.entry.code, change.before.code, change.after.code)
        for change in awarding.changes(db, sealing.last_seal(db, sealed))
    ) == [("01", "third", "second"), ("03", "second", "third")]


def raise_the_first(db, contest):
    """Set the first one's marks above all others, as corrections of every sheet would."""
    for sheet in queries.sheets_of(db, running(db, contest)[0]).values():
        for mark in sheet.marks:
            if mark.criterion == "content":
                mark.value += 4
    db.flush()


def other_awards(db, contest):
    changed = RULES.replace(b"share = 0.30", b"share = 0.90")
    entering.adopt_rules(db, contest, rules=read_rules(changed), by=SYSTEM, now=NOW)


def test_other_awards_on_the_same_seal_replace_the_first_ones_until_they_are_public_or_certified(db, contest, sealed):
    first = give(db, contest, sealed)
    other_awards(db, contest)
    awarding.publish(db, contest, by=SYSTEM, now=NOW)
    with pytest.raises(AwardsFixed) as refused:
        give(db, contest, sealed)
    assert refused.value.args_ == {"why": "published"}
    awarding.hide(db, contest, by=SYSTEM, now=NOW)
    certificate = Certificate(
        contest_id=contest.id, award_id=first[0].id, kind=CertificateKind.AUTHOR, number="KP-1"
    )  # fmt: skip
    db.add(certificate)
    db.flush()
    with pytest.raises(AwardsFixed) as refused:
        give(db, contest, sealed)
    assert refused.value.args_ == {"why": "certified"}
    db.delete(certificate)
    db.flush()
    assert [award.code for award in give(db, contest, sealed)] == ["second", "second", "second"]


def test_publishing_needs_awards_and_sets_the_end_of_the_notice_once(db, contest, sealed):
    with pytest.raises(AwardsMissing) as refused:
        awarding.publish(db, contest, by=SYSTEM, now=NOW)
    assert refused.value.args_ == {"why": "given"}
    give(db, contest, sealed)
    awarding.publish(db, contest, by=SYSTEM, now=NOW)
    awarding.publish(db, contest, by=SYSTEM, now=later(60))
    assert contest.awards_published_at == NOW
    # 16 May 2026 is a Saturday: five working days after it end on Friday the 22nd, 18:00 in Shanghai.
    assert contest.notice_closes_at == datetime(2026, 5, 22, 10, 0, tzinfo=UTC)
    assert actions(db, contest)[-1] == "awards_published"
    awarding.hide(db, contest, by=SYSTEM, now=later(60))
    awarding.hide(db, contest, by=SYSTEM, now=later(60))
    assert contest.awards_published_at is None
    assert actions(db, contest)[-2:] == ["awards_published", "awards_hidden"]


def test_the_notice_ends_when_the_organizer_says_but_never_in_the_past(db, contest, sealed):
    ends = NOW + timedelta(days=7)
    awarding.set_notice(db, contest, closes_at=ends, objection="  联系 江晚  \n", now=NOW)
    assert (contest.notice_closes_at, contest.objection) == (ends, "联系 江晚")
    give(db, contest, sealed)
    awarding.publish(db, contest, by=SYSTEM, now=NOW)
    assert contest.notice_closes_at == ends
    with pytest.raises(DateRefused):
        awarding.set_notice(db, contest, closes_at=NOW - timedelta(days=1), objection="", now=NOW)
    with pytest.raises(TextRefused):
        awarding.set_notice(db, contest, closes_at=None, objection="长" * 1001, now=NOW)
