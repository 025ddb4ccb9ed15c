"""Who goes on to the next round: the cut, ties at it, a second thought, somebody who gives the place up."""

from __future__ import annotations

import pytest

from contest import advancing, drawing, facts, ordering, queries, sealing
from contest.errors import Malformed, NotFound, ReasonMissing
from contest.ledger import Actor
from contest.models import Account, Act, RoundState
from contest.refusals import NobodyLeft, NotRanked, OrderFixed
from tests.builders import NOW
from tests.registrations import add_reviewer
from tests.rounds import two_rounds
from tests.tablets import actions, running

DESK = Actor("account:desk", "web")


@pytest.fixture
def contest(db):
    return two_rounds(db)


@pytest.fixture
def final(db, contest):
    return queries.round_of(db, contest, "final")


def advance(db, contest, final, most, ties="all"):
    made = advancing.advance(db, contest, round_=final, most=most, ties=ties, by=DESK, now=NOW)
    return [ruling.entry.code for ruling in made]


def move_up(db, contest, final, code, reason="家中有事"):
    entry = next(each for each in ordering.taking_part(db, contest, final) if each.code == code)
    return advancing.move_up(db, contest, round_=final, entry=entry, reason=reason, by=DESK, now=NOW).code


def on(db, final):
    return [ruling.entry.code for ruling in advancing.sent_on(db, final)]


@pytest.mark.parametrize("most, ties, expected", [
    (1, "all", ["01"]), (2, "all", ["01", "02", "03"]), (2, "fewer", ["01"]), (3, "all", ["01", "02", "03"]),
    (3, "fewer", ["01", "02", "03"]), (50, "all", ["01", "02", "03", "04"]),
])  # fmt: skip
def test_the_best_go_on_and_a_tie_at_the_cut_is_decided_as_chosen(db, contest, final, most, ties, expected):
    rows = advancing.ranking(db, contest, queries.round_of(db, contest, "semi"))
    assert advancing.tied_at(rows, most=most) is (most == 2)
    assert advance(db, contest, final, most, ties) == expected
    assert [entry.code for entry in ordering.taking_part(db, contest, final)] == expected
    assert actions(db, contest)[-1] == "entries_advanced"


def test_nobody_appears_in_the_final_before_the_draw_and_the_standings_are_untouched(db, contest, final):
    before = facts.read(db, contest)
    advance(db, contest, final, 2)
    assert (running(db, contest), facts.read(db, contest)) == ([], before)


def test_the_cut_is_decided_anew_before_the_draw_and_not_after(db, contest, final):
    advance(db, contest, final, 4)
    advance(db, contest, final, 1)
    assert on(db, final) == ["01"]
    account = add_reviewer(db)
    drawing.prepare(db, contest, round_=final, seed="s", account=account, reason="", by=DESK, now=NOW)
    panel = running(db, contest, "semi")[0].panel
    drawing.draw(db, contest, round_=final, panel=panel, by_division=False, account=account, by=DESK, now=NOW)
    assert [(each.number, each.entry.code) for each in running(db, contest)] == [("01", "01")]
    for act in (lambda: advance(db, contest, final, 2), lambda: move_up(db, contest, final, "01")):
        with pytest.raises(OrderFixed):
            act()


def test_who_gives_the_place_up_is_followed_by_the_next_in_the_ranking_and_never_comes_back(db, contest, final):
    advance(db, contest, final, 1)
    with pytest.raises(ReasonMissing):
        move_up(db, contest, final, "01", " ")
    assert move_up(db, contest, final, "01") == "02"
    assert move_up(db, contest, final, "02") == "03"
    assert move_up(db, contest, final, "03") == "04"
    with pytest.raises(NobodyLeft):
        move_up(db, contest, final, "04")
    assert on(db, final) == ["04"]


def test_a_sealed_round_sends_on_whom_its_seal_names(db, contest, final):
    people = [add_reviewer(db, f"p{n}") for n in (1, 2)]
    semi = queries.round_of(db, contest, "semi")
    sealing.propose(db, contest, round_=semi, act=Act.SEAL, account=people[0], reason="", by=DESK, now=NOW)
    sealing.confirm(db, contest, round_=semi, account=people[1], by=DESK, now=NOW)
    assert isinstance(people[0], Account)
    assert advance(db, contest, final, 2) == ["01", "02", "03"]


@pytest.mark.parametrize("state", [RoundState.DRAFT, RoundState.OPEN, RoundState.JUDGING])
def test_a_round_that_is_not_over_sends_nobody_on(db, contest, final, state):
    queries.round_of(db, contest, "semi").state = state
    with pytest.raises(NotRanked):
        advance(db, contest, final, 2)


@pytest.mark.parametrize("most, ties", [(0, "all"), (2, "some"), (10_000, "all")])
def test_a_cut_that_makes_no_sense_is_refused(db, contest, final, most, ties):
    with pytest.raises(Malformed):
        advance(db, contest, final, most, ties)


def test_the_first_round_has_nobody_before_it(db, contest):
    with pytest.raises(NotFound):
        advance(db, contest, queries.round_of(db, contest, "semi"), 2)


RULE = b'\n[rounds.semi.advance]\nto = "final"\ntop = 2\nreserve = 1\nties = "shrink"\n'


def test_the_rule_file_says_who_goes_on_and_who_is_in_reserve(db):
    contest = two_rounds(db, RULE)
    final, semi = (queries.round_of(db, contest, code) for code in ("final", "semi"))
    (found,) = advancing.by_rule(db, contest, semi, final)
    assert [code for code, _ in found.entries] == ["01"]
    assert [code for code, _ in found.reserve] == ["02", "03"]
    assert advance(db, contest, final, 9, ties="rule") == ["01"]
    assert advance(db, contest, final, 2, ties="all") == ["01", "02", "03"]


def test_without_a_rule_nobody_goes_on_by_it(db, contest, final):
    assert advancing.by_rule(db, contest, queries.round_of(db, contest, "semi"), final) == ()
    with pytest.raises(NotRanked):
        advance(db, contest, final, 2, ties="rule")
