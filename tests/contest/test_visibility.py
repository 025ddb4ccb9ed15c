"""What no audience may see before its time: the bytes of every frame and board are searched for hidden marks."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import board, correcting, facts, queries, seating, showing
from contest.errors import ContestError
from contest.ledger import Actor
from contest.models import Appearance, Audience, Frame, Round, RoundState, Scene, Sheet, Visibility
from contest.rules import compute
from contest.visibility import POLICY, Surface, When, mask, may_see
from tests.builders import JUDGES, NOW, add_contest
from tests.tablets import MARKS, Tablet, running, sit

DESK = Actor("account:desk", "web")
ENTRIES, SEATS = 3, 5
# What happens behind the curtain: the public must not be able to tell that it happened.
HIDDEN = ("save", "submit", "adjust", "return", "revoke")
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*HIDDEN, "submit", "submit_all", "call", "release", "withdraw", "scene"]),
        st.integers(0, ENTRIES - 1), st.integers(1, SEATS),
    ),
    min_size=1, max_size=25,
)  # fmt: skip


class Evening:
    """A final that is played step by step; every sheet has marks that occur nowhere else."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.contest = add_contest(db, slug="evening", entries=ENTRIES, judges=SEATS)
        self.appearances = running(db, self.contest)
        self.made = 1100
        self.tablets: dict[int, Tablet] = {}

    def play(self, step: str, at: int, seat: int) -> None:
        appearance, contest = self.appearances[at], self.contest
        if step == "submit_all":
            for each in range(1, SEATS + 1):
                self.play("submit", at, each)
        elif step in ("save", "submit"):
            self.send(appearance, seat, step)
        elif step == "call":
            showing.call(self.db, contest, appearance=appearance, now=NOW)
        elif step == "adjust":
            showing.adjust(
                self.db, contest, appearance=appearance, kind="quiz", value="-1", reason="x", press="", by=DESK, now=NOW
            )
        elif step == "release":
            showing.release(self.db, contest, appearance=appearance, by=DESK, now=NOW)
        elif step == "withdraw":
            showing.withdraw_release(self.db, contest, appearance=appearance, note="更正", by=DESK, now=NOW)
        elif step == "return":
            seat_id = self.tablet(seat).sitting.seat.public_id
            correcting.return_sheet(
                self.db, contest, appearance=appearance, seat=seat_id, reason="x", by=DESK, now=NOW
            )
        elif step == "revoke":
            seating.revoke_card(self.db, contest, seat=self.tablet(seat).sitting.seat, by=DESK, now=NOW)
        elif step == "scene":
            showing.choose_scene(self.db, contest, scene=[*Scene, None][seat], now=NOW)

    def tablet(self, seat: int) -> Tablet:
        if seat not in self.tablets:
            self.tablets[seat] = sit(self.db, self.contest, seat)
        return self.tablets[seat]

    def send(self, appearance: Appearance, seat: int, kind: str) -> None:
        self.made += 1
        marks = MARKS | {"content": f"{self.made // 100}.{self.made % 100:02d}"}
        tablet = self.tablet(seat)
        tablet.send(tablet.message(appearance, kind, marks=marks, base=99))
        showing.follow(self.db, self.contest, appearance=appearance, now=NOW)

    def refresh(self) -> dict[Audience, Frame]:
        board.refresh(self.db, self.contest, now=NOW)
        frames = self.db.scalars(select(Frame).where(Frame.contest_id == self.contest.id))
        return {frame.audience: frame for frame in frames}

    def numbers(self, appearance: Appearance) -> tuple[set[str], set[str]]:
        """The marks and totals of an appearance's sheets, and the scores they make."""
        marks = set()
        for sheet in self.db.scalars(select(Sheet).where(Sheet.appearance_id == appearance.id)):
            given = {mark.criterion: mark.value for mark in sheet.marks}
            marks |= {format(given["content"], "f"), format(sum(given.values(), Decimal(0)), "f")}
        rules = queries.rules_of(queries.rule_version(self.db, self.contest))
        outcome = compute(rules, facts.read(self.db, self.contest, appearances={appearance.id}))
        score = outcome.rounds["final"].scores.get(appearance.entry.code)
        derived = {score.panel, score.score} if score is not None else set()
        return marks, {format(value, "f") for value in derived if value is not None}


def check(evening: Evening, frames: dict[Audience, Frame]) -> None:
    """Nothing hidden is in any bytes, and what is shown is what the rules compute from what is released."""
    hidden: dict[str, tuple[set[str], set[str]]] = {}
    shown: set[str] = set()
    for appearance in evening.appearances:
        marks, derived = evening.numbers(appearance)
        if appearance.is_released:
            shown |= marks | derived
        else:
            hidden[appearance.public_id] = (marks, derived)
    for audience, row in frames.items():
        text = (row.frame + row.board).decode()
        assert len(row.frame) <= 4096
        stage = json.loads(row.frame)["now"]
        for public_id, (marks, derived) in hidden.items():
            ready = audience is Audience.STAFF and stage is not None and stage["appearance"] == public_id
            secret = (marks if ready else marks | derived) - shown
            if ready:
                secret -= derived
            assert [each for each in sorted(secret) if each in text] == []
        if audience is not Audience.STAFF:
            assert [name for name in JUDGES if name in text] == []
    released = {each.id for each in evening.appearances if each.is_released}
    rules = queries.rules_of(queries.rule_version(evening.db, evening.contest))
    outcome = compute(rules, facts.read(evening.db, evening.contest, appearances=released)).rounds["final"]
    wanted = [(s.place, s.entry, s.score and format(s.score, "f")) for s in outcome.standings]
    for row in frames.values():
        rows = json.loads(row.board)["rounds"][0]["rows"]
        assert [(each["place"], each["entry"], each["score"]) for each in rows] == wanted


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_no_audience_sees_a_hidden_mark_and_the_public_never_hears_of_it(engine, steps):
    with Session(engine) as db:
        evening = Evening(db)
        before = evening.refresh()[Audience.PUBLIC].revision
        for step, at, seat in steps:
            try:
                with db.begin_nested():
                    evening.play(step, at, seat)
            except ContestError:
                pass
            frames = evening.refresh()
            after = frames[Audience.PUBLIC].revision
            if step in HIDDEN or step == "submit_all":
                assert after == before
            before = after
            check(evening, frames)


def test_the_policy_answers_for_every_surface_and_audience():
    assert set(POLICY) == {(surface, audience) for surface in Surface for audience in Audience}


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("surface", Surface)
@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize("complete", [False, True])
@pytest.mark.parametrize("state", RoundState)
def test_the_policy_is_as_its_table_says(audience, surface, visibility, complete, state):
    when, out = POLICY[surface, audience], visibility is Visibility.RELEASED
    may = {
        When.NEVER: False, When.ALWAYS: True, When.RELEASED: out, When.COMPLETE: out or complete,
        When.PUBLISHED: out and state is RoundState.PUBLISHED,
    }[when]  # fmt: skip
    appearance = Appearance(visibility=visibility, round=Round(state=state))
    assert may_see(surface, audience, appearance, complete=complete) is may


@pytest.mark.parametrize("surface", [Surface.SCORE, Surface.MARKS])
@pytest.mark.parametrize("visibility", [Visibility.HELD, Visibility.WITHDRAWN])
def test_the_public_and_the_screen_see_no_score_that_is_not_out_even_when_it_is_complete(surface, visibility):
    for audience in (Audience.PUBLIC, Audience.SCREEN):
        assert not may_see(surface, audience, Appearance(visibility=visibility), complete=True)


@pytest.mark.parametrize("names, masked", [
    ("张小明", "张*"), ("张小明、阿依努尔·艾山", "张*、阿*"), ("𠅤某", "𠅤*"), ("Li Ming", "L*"), ("李", "李*"),
])  # fmt: skip
def test_a_masked_name_is_its_first_character_and_tells_no_length(names, masked):
    assert mask(names) == masked


def test_a_minors_name_is_whole_for_the_hall_and_the_staff_and_masked_for_the_public(db, contest):
    first = running(db, contest)[0]
    first.entry.masked = True
    showing.call(db, contest, appearance=first, now=NOW)
    board.refresh(db, contest, now=NOW)
    frames = {frame.audience: json.loads(frame.frame) for frame in db.scalars(
        select(Frame).where(Frame.contest_id == contest.id)
    )}  # fmt: skip
    names = {audience: frame["now"]["name"] for audience, frame in frames.items()}
    whole = first.entry.name
    assert names == {Audience.PUBLIC: f"{whole[0]}*", Audience.SCREEN: whole, Audience.STAFF: whole}
    public = db.scalars(select(Frame).where(Frame.contest_id == contest.id, Frame.audience == Audience.PUBLIC)).one()
    assert whole.encode() not in public.frame + public.board
