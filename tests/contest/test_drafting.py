"""The draft of a contest's rules: it saves whole files only, keeps two editors apart, and changes nothing by itself."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from contest import drafting, queries, settling
from contest.ledger import SYSTEM, verify
from contest.models import Account, RuleDraft, RuleVersion, Sheet
from contest.refusals import DraftMoved, RoundInUse, RulesFixed
from contest.removing import remove_contest
from contest.rules import RuleFileError, read_rules
from tests.builders import NOW, RULES, later

SIX = RULES.replace(b"size = 7", b"size = 6")
FIVE = RULES.replace(b"size = 7", b"size = 5")


@pytest.fixture
def account(db):
    """An organizer who edits."""
    made = Account(username="jiang", display_name="江晚", password_hash="", created_at=NOW)
    db.add(made)
    db.flush()
    return made


def save(db, contest, source, seen, account, now=NOW):
    """A save as the page makes it."""
    return drafting.save_draft(db, contest, source=source, seen=seen, account=account, now=now)


def test_a_draft_changes_nothing_of_the_contest(db, contest, account):
    assert drafting.read_draft(db, contest) is None
    draft = save(db, contest, SIX, drafting.NOTHING, account)
    found = drafting.read_draft(db, contest)
    assert (found.source, found.version, found.account.display_name, found.changed_at) == (SIX, 1, "江晚", NOW)
    assert drafting.rules_of_draft(draft).rounds["final"].panel.size == 6
    assert queries.rule_version(db, contest).source == RULES
    assert draft.base.number == 1
    assert db.scalar(select(func.count()).select_from(RuleVersion)) == 1
    assert verify(db, contest) is None


def test_each_save_names_the_one_before_and_an_equal_one_changes_nothing(db, contest, account):
    first = save(db, contest, SIX, drafting.NOTHING, account).tag
    second = save(db, contest, FIVE, first, account, later(5)).tag
    assert first != second
    same = save(db, contest, FIVE, first, account, later(9))
    assert (same.tag, same.changed_at) == (second, later(5))


def test_a_second_editor_is_told_and_overwrites_nothing(db, contest, account):
    first = save(db, contest, SIX, drafting.NOTHING, account)
    seen = first.tag
    save(db, contest, FIVE, seen, account, later(5))
    for stale in (seen, drafting.NOTHING, "", "somebody.1"):
        with pytest.raises(DraftMoved) as refused:
            save(db, contest, RULES + b"\n# mine\n", stale, account, later(9))
        assert refused.value.args_ == {"who": "江晚", "at": later(5)}
    assert drafting.read_draft(db, contest).source == FIVE


def test_a_draft_that_was_dropped_is_not_brought_back_by_an_open_page(db, contest, account):
    seen = save(db, contest, SIX, drafting.NOTHING, account).tag
    drafting.drop_draft(db, contest, seen=seen)
    assert drafting.read_draft(db, contest) is None
    drafting.drop_draft(db, contest, seen=seen)
    with pytest.raises(DraftMoved) as refused:
        save(db, contest, FIVE, seen, account)
    assert refused.value.args_["who"] is None
    begun = save(db, contest, FIVE, drafting.NOTHING, account)
    with pytest.raises(DraftMoved):
        save(db, contest, SIX, seen, account)
    with pytest.raises(DraftMoved):
        drafting.drop_draft(db, contest, seen=seen)
    assert begun.version == 1


@pytest.mark.parametrize("source", [b"", b"format = 1", b"\xff\xfe", RULES.replace(b'"mean"', b'"meen"')])
def test_what_the_engine_cannot_read_is_not_kept(db, contest, account, source):
    kept = save(db, contest, SIX, drafting.NOTHING, account)
    with pytest.raises(RuleFileError):
        save(db, contest, source, kept.tag, account)
    assert drafting.read_draft(db, contest).source == SIX


def test_a_contest_goes_with_its_draft(db, contest, account):
    save(db, contest, SIX, drafting.NOTHING, account)
    remove_contest(db, contest)
    assert db.scalar(select(func.count()).select_from(RuleDraft)) == 0


def test_a_draft_is_put_in_force_once_as_it_was_seen(db, contest, account):
    tag = save(db, contest, SIX, drafting.NOTHING, account).tag
    with pytest.raises(DraftMoved):
        settling.put_draft_in_force(db, contest, seen="", by=SYSTEM, now=NOW)
    version = settling.put_draft_in_force(db, contest, seen=tag, by=SYSTEM, now=NOW)
    assert (version.number, version.source) == (2, SIX)
    assert drafting.read_draft(db, contest) is None
    with pytest.raises(DraftMoved):
        settling.put_draft_in_force(db, contest, seen=tag, by=SYSTEM, now=NOW)
    assert verify(db, contest) is None


def test_a_draft_equal_to_what_counts_makes_no_new_version(db, contest, account):
    tag = save(db, contest, RULES, drafting.NOTHING, account).tag
    assert settling.put_draft_in_force(db, contest, seen=tag, by=SYSTEM, now=NOW).number == 1
    assert drafting.read_draft(db, contest) is None


def test_a_round_with_a_running_order_cannot_go(db, contest, account):
    tag = save(db, contest, RULES.replace(b"rounds.final", b"rounds.last"), drafting.NOTHING, account).tag
    with pytest.raises(RoundInUse):
        settling.put_draft_in_force(db, contest, seen=tag, by=SYSTEM, now=NOW)


def test_nothing_is_put_in_force_after_the_first_mark(db, contest, account):
    appearance = queries.appearances_in_order(db, contest.rounds[0])[0]
    db.add(Sheet(
        appearance_id=appearance.id, sitting_id=queries.sittings_for(db, appearance)[0].id, version=1,
        foreign_version=1, rule_version_id=queries.rule_version(db, contest).id, updated_at=NOW,
    ))  # fmt: skip
    tag = save(db, contest, SIX, drafting.NOTHING, account).tag
    with pytest.raises(RulesFixed):
        settling.put_draft_in_force(db, contest, seen=tag, by=SYSTEM, now=NOW)
    assert drafting.read_draft(db, contest).source == SIX


def test_how_many_go_on_stays_when_only_the_rules_change(db, contest, account):
    contest.rounds[0].advances = 7
    settling.put_in_force(db, contest, rules=read_rules(SIX), by=SYSTEM, now=NOW)
    assert contest.rounds[0].advances == 7
    settling.put_in_force(db, contest, rules=read_rules(FIVE), advances={}, by=SYSTEM, now=NOW)
    assert contest.rounds[0].advances is None
