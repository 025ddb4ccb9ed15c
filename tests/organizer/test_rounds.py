"""A round from draft to published through the organizer's page: each step, the wrong step, the seal of two people."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from contest import queries, sealing
from contest.models import Role, RoundState
from tests import builders
from web.db import reading, writing

ROUND = "/admin/contests/xinghe/rounds/final"
PAGE = "/admin/contests/xinghe/rounds"
SCRIPT = {"Accept": "application/json"}


def state(app: Flask) -> RoundState:
    with app.app_context(), reading() as db:
        return queries.round_of(db, queries.contest_by_slug(db, "xinghe"), "final").state


def put(app: Flask, to: RoundState) -> None:
    with app.app_context(), writing() as db:
        queries.round_of(db, queries.contest_by_slug(db, "xinghe"), "final").state = to


def move(client, to: str):
    return client.post(f"{ROUND}/state", data={"to": to}, headers=SCRIPT)


@pytest.fixture
def two(app, final):
    """The browsers of an organizer and of a chief judge."""
    return tuple(
        builders.client_of(app, builders.make_account(app, role.value, role, contest=final, name=name))
        for role, name in ((Role.ORGANIZER, "江晚"), (Role.CHIEF, "程岫"))
    )


@pytest.fixture
def judged(app, two):
    """Everything is released and the round is locked."""
    for appearance in builders.appearances(app):
        builders.give_sheets(app, appearance)
        two[1].post("/ops/xinghe/release", data={"appearance": appearance})
    move(two[0], "locked")
    assert state(app) is RoundState.LOCKED


def test_a_round_goes_step_by_step_and_twice_changes_nothing(app, two):
    put(app, RoundState.DRAFT)
    for to in ("open", "judging", "locked", "judging"):
        for _ in range(2):
            answer = two[0].post(f"{ROUND}/state", data={"to": to})
            assert (answer.status_code, answer.location) == (303, f"{PAGE}?round=final")
        assert state(app).value == to


@pytest.mark.parametrize("at, to", [
    ("draft", "judging"), ("judging", "sealed"), ("locked", "published"), ("sealed", "judging"), ("published", "open")
])  # fmt: skip
def test_a_step_that_is_not_on_the_way_is_refused(app, two, at, to):
    put(app, RoundState(at))
    refused = move(two[0], to)
    assert (refused.status_code, refused.json["error"]["code"], state(app).value) == (409, "step_not_allowed", at)


def test_an_unknown_state_or_round_changes_nothing(app, two):
    assert move(two[0], "finished").status_code == 400
    assert two[0].post("/admin/contests/xinghe/rounds/semi/state", data={"to": "locked"}).status_code == 404
    assert state(app) is RoundState.JUDGING


def test_what_stands_in_the_way_of_the_seal_is_listed_before_it_is_pressed(app, two):
    move(two[0], "locked")
    page = two[0].get(PAGE).text
    assert "第 01、02、03 号的成绩没有发布" in page
    assert f'action="{ROUND}/seal"' not in page
    refused = two[0].post(f"{ROUND}/seal", data={"act": "seal"}, headers=SCRIPT)
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "appearances_held")


def test_a_seal_takes_two_people_and_shows_both(app, two, judged):
    organizer, chief = two
    assert organizer.post(f"{ROUND}/seal", data={"act": "seal"}).status_code == 303
    assert state(app) is RoundState.LOCKED
    assert f"{ROUND}/seal/confirm" not in organizer.get(PAGE).text
    alone = organizer.post(f"{ROUND}/seal/confirm", headers=SCRIPT)
    assert (alone.status_code, alone.json["error"]["code"]) == (409, "second_person_needed")
    again = chief.post(f"{ROUND}/seal", data={"act": "seal"}, headers=SCRIPT)
    assert (again.status_code, again.json["error"]["code"]) == (409, "already_proposed")
    assert f"{ROUND}/seal/confirm" in chief.get(PAGE).text
    assert chief.post(f"{ROUND}/seal/confirm").status_code == 303
    assert state(app) is RoundState.SEALED
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", organizer.get(PAGE).text))
    assert "封存 1 等待独立复算" in page and "江晚、程岫" in page
    again = chief.post(f"{ROUND}/seal/confirm", headers=SCRIPT)
    assert (again.status_code, again.json["error"]["code"]) == (409, "nothing_proposed")


@pytest.mark.parametrize("agrees, said", [(True, "独立复算一致"), (False, "独立复算不一致")])
def test_the_recounts_verdict_stands_beside_the_seal(app, two, judged, agrees, said):
    two[0].post(f"{ROUND}/seal", data={"act": "seal"})
    two[1].post(f"{ROUND}/seal/confirm")
    with app.app_context(), writing() as db:
        round_ = queries.round_of(db, queries.contest_by_slug(db, "xinghe"), "final")
        sealing.record_recount(db, seal_id=sealing.last_seal(db, round_).id, agrees=agrees)
    assert f"{said}</span>" in two[0].get(PAGE).text


def test_a_proposal_can_be_withdrawn_once(app, two, judged):
    two[0].post(f"{ROUND}/seal", data={"act": "seal"})
    assert two[1].post(f"{ROUND}/seal/withdraw").status_code == 303
    again = two[1].post(f"{ROUND}/seal/withdraw", headers=SCRIPT)
    assert (again.status_code, again.json["error"]["code"], state(app)) == (409, "nothing_proposed", RoundState.LOCKED)


def test_a_sealed_round_is_reopened_with_a_reason_by_two_people_and_both_seals_stay(app, two, judged):
    organizer, chief = two
    organizer.post(f"{ROUND}/seal", data={"act": "seal"})
    chief.post(f"{ROUND}/seal/confirm")
    silent = organizer.post(f"{ROUND}/seal", data={"act": "reopen"}, headers=SCRIPT)
    assert (silent.status_code, silent.json["error"]["code"]) == (422, "reason_missing")
    organizer.post(f"{ROUND}/seal", data={"act": "reopen", "reason": "03 号漏记扣分"})
    assert "03 号漏记扣分" in chief.get(PAGE).text
    chief.post(f"{ROUND}/seal/confirm")
    assert state(app) is RoundState.LOCKED
    chief.post(f"{ROUND}/seal", data={"act": "seal"})
    organizer.post(f"{ROUND}/seal/confirm")
    page = organizer.get(PAGE).text
    assert ("封存 2" in page, "封存 1" in page, "已被新的封存取代" in page) == (True, True, True)
    assert move(organizer, "published").status_code == 303
    assert state(app) is RoundState.PUBLISHED


@pytest.mark.parametrize("role", [Role.SCOREKEEPER, Role.SUPERVISOR])
def test_who_may_not_lead_moves_and_seals_nothing(app, as_role, role):
    client = as_role(role)
    acts = {"state": {"to": "locked"}, "seal": {"act": "seal"}, "seal/confirm": {}, "seal/withdraw": {}}
    for path, data in acts.items():
        assert (path, client.post(f"{ROUND}/{path}", data=data).status_code) == (path, 403)
    assert state(app) is RoundState.JUDGING
