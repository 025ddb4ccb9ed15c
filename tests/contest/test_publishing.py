"""Whatever happened in a contest, the bundle of its published rounds recounts to what was sealed."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import anonymity, facts, publishing, queries, sealing
from contest.errors import NotFound
from contest.ledger import SYSTEM
from contest.models import (
    Account,
    Act,
    Appearance,
    Contest,
    Entry,
    Round,
    RoundState,
    Ruling,
    RulingKind,
    Visibility,
)
from contest.rules import (
    AdjustmentFact,
    AppearanceFact,
    EntryFact,
    Facts,
    MarkFact,
    RulingFact,
    SittingFact,
    compute,
    outcome_json,
)
from contest.rules.comparing import covering, explained_otherwise, first_difference, other_file, read_standings
from contest.rules.folder import read_source
from contest.rules.reading import read_rules
from contest.rules.sources import Zip, zip_bytes
from tests.builders import JUDGES, NOW, add_contest, later
from tests.rules.making import ONE_ROUND

TIES = '[ { by = "marks", from = 2 }, { by = "lots" } ]'
PANEL = 'drop_high = 1\ndrop_low = 1\ntake = "mean"\nround = { decimals = 2, mode = "half_up" }\nmissing = "leave_out"'
FINAL = ONE_ROUND.replace("PANEL", PANEL).replace("TIES", TIES).replace("AFTER", '[ { adjust = ["quiz"] } ]')
SEMI = FINAL[FINAL.index("[rounds.final]"):].replace("rounds.final", "rounds.semi").replace('"Final"', '"Semi"')
RULES = (
    FINAL.replace("[rounds.final]", f"{SEMI}[rounds.final]", 1) + '[result]\nrounds = ["semi", "final"]\n'
    '[[awards]]\nid = "first"\ntitle = "First prize"\ncount = 1\n'
).encode()
ENTRIES = ("01", "02", "03", "04")
ROUNDS = ("semi", "final")
PEOPLE = (*JUDGES[:5], "白露")  # the sixth takes over the fifth seat in the middle of a round


@st.composite
def contests(draw) -> Facts:
    """Two rounds of four entries before five seats, with a substitute, missing marks, rulings, penalties and lots."""
    change = draw(st.integers(2, 4))
    sittings, marks = [], []
    for round_ in ROUNDS:
        for seat, person in enumerate(PEOPLE, start=1):
            first, last = {5: (None, change - 1), 6: (change, None)}.get(seat, (None, None))
            sittings.append(SittingFact(round_, "甲组", person, str(min(seat, 5)), first=first, last=last))
        for order, entry in enumerate(ENTRIES, start=1):
            for person in (*PEOPLE[:4], PEOPLE[4 if order < change else 5]):
                mark = draw(st.none() | st.sampled_from(["80", "80.5", "91.25", "95"]))
                if mark is not None:
                    marks.append(MarkFact(round_, entry, person, "lecture", 1, "mark", Decimal(mark)))
    one = st.sampled_from
    rulings = draw(st.lists(st.one_of(
        st.builds(RulingFact, one(ROUNDS), one(ENTRIES), st.none(), one(PEOPLE[:4]), st.none(),
                  one(["void", "recused", "zero"]), st.none()),
        st.builds(RulingFact, one(ROUNDS) | st.none(), one(ENTRIES), st.none(), st.none(), st.none(),
                  one(["withdrawn", "disqualified"]), st.none()),
    ), max_size=4, unique=True))  # fmt: skip
    drawn = draw(one(ROUNDS))
    lots = [RulingFact(drawn, entry, None, None, None, "lot", str(at)) for at, entry in enumerate(ENTRIES, 1)]
    penalties = draw(st.lists(st.tuples(one(ROUNDS), one(ENTRIES), one(["-1", "-0.5"])), max_size=3))
    return Facts(
        entries=tuple(EntryFact(entry, None, "南屿区", "沈知遥", "月球的土") for entry in ENTRIES),
        appearances=tuple(
            AppearanceFact(round_, entry, order, entry, "甲组")
            for round_ in ROUNDS for order, entry in enumerate(ENTRIES, start=1)
        ),
        sittings=tuple(sittings), marks=tuple(marks), rulings=(*rulings, *draw(st.just(lots) | st.just([]))),
        adjustments=tuple(AdjustmentFact(r, e, None, None, "quiz", Decimal(v)) for r, e, v in penalties),
    )  # fmt: skip


def judged(db: Session, given: Facts) -> Contest:
    """A contest of these facts, every score out, both rounds locked."""
    contest = add_contest(db, slug="recount", facts=given, rules=RULES, with_judging=True, state=RoundState.LOCKED)
    contest.one_person = True
    for appearance in db.scalars(select(Appearance).join(Appearance.round).where(Round.contest_id == contest.id)):
        appearance.visibility, appearance.released_at = Visibility.RELEASED, NOW
    db.flush()
    return contest


def seal(db: Session, contest: Contest, code: str) -> None:
    """One person alone seals a round."""
    account = Account(username=f"one-{code}", display_name="负责人", password_hash="", created_at=NOW)
    db.add(account)
    db.flush()
    round_ = queries.round_of(db, contest, code)
    at = later(1 + ROUNDS.index(code))
    sealing.propose(db, contest, round_=round_, act=Act.SEAL, account=account, reason="", by=SYSTEM, now=at)


def publish(db: Session, contest: Contest, code: str) -> None:
    round_ = queries.round_of(db, contest, code)
    sealing.move(db, contest, round_=round_, to=RoundState.PUBLISHED, by=SYSTEM, now=NOW)


def recount(data: bytes):
    """The bundle read as the command reads it: what was recorded, what it gives, and its source."""
    source = Zip(data, "bundle.zip")
    rules = read_rules(source.read("rules.toml"))
    recorded = read_standings(source.read("standings.json"))
    outcome = outcome_json(compute(rules, read_source(source, rules)))
    return recorded, covering(outcome, rules, recorded.get("covers")), source


def files_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given=contests(), pick=st.integers(0, 10_000))
def test_a_bundle_recounts_to_the_live_standings_and_an_altered_mark_is_found(engine, given, pick):
    with Session(engine, expire_on_commit=False) as db:
        contest = judged(db, given)
        rules = queries.rules_of(queries.rule_version(db, contest))
        live = outcome_json(compute(rules, anonymity.labelled(facts.read(db, contest))))
        for code in ROUNDS:
            seal(db, contest, code)
        publish(db, contest, "semi")
        alone = publishing.bundle_of(db, contest, "semi")
        recorded, again, source = recount(alone.data)
        assert (again, recorded["rounds"]) == ({"rounds": {"semi": live["rounds"]["semi"]}}, again["rounds"])
        assert alone.covers == ("semi",)
        assert b"final," not in (source.read("marks.csv") or b"") + source.read("judges.csv")
        with pytest.raises(NotFound):
            publishing.bundle_of(db, contest, "final")

        publish(db, contest, "final")
        both = publishing.bundle_of(db, contest, "final")
        recorded, again, source = recount(both.data)
        assert again == live
        assert (first_difference(recorded, again), other_file(recorded, source)) == (None, None)
        assert explained_otherwise(recorded, again) is None and "awards" not in recorded
        whole = b"\0".join(files_of(both.data).values()).decode()
        assert [word for word in (*PEOPLE, "沈知遥", "甲组", "南屿", "月球") if word in whole] == []

        rows = list(csv.reader(io.StringIO(files_of(both.data).get("marks.csv", b"\n").decode())))
        if len(rows) > 1:
            row = rows[1 + pick % (len(rows) - 1)]
            row[-1] = "12.34"
            altered = files_of(both.data) | {"marks.csv": ("\n".join(",".join(each) for each in rows) + "\n").encode()}
            recorded, again, source = recount(zip_bytes(altered))
            assert (first_difference(recorded, again) or other_file(recorded, source)) is not None


def test_a_ruling_that_was_written_twice_is_in_the_bundle_once(db):
    twice = [RulingFact("semi", "01", None, "J1", None, "void", None)] * 2
    lots = [RulingFact("semi", "02", None, None, None, "lot", value) for value in ("2", "1")]
    contest = judged(db, replace(plain(), rulings=(*twice, *lots)))
    seal(db, contest, "semi")
    publish(db, contest, "semi")
    rulings = files_of(publishing.bundle_of(db, contest, "semi").data)["rulings.csv"].decode().splitlines()[1:]
    assert rulings == ["semi,01,,J1,,void,", "semi,02,,,,lot,1"]


def test_what_comes_after_the_seal_does_not_change_the_bundle(db):
    contest = judged(db, plain())
    for code in ROUNDS:
        seal(db, contest, code)
        publish(db, contest, code)
    before = publishing.bundle_of(db, contest, "final")
    assert publishing.bundle_of(db, contest, "semi") == before
    entry = db.scalars(select(Entry).where(Entry.contest_id == contest.id)).first()
    db.add(Ruling(contest_id=contest.id, round_id=None, entry=entry, kind=RulingKind.WITHDRAWN, created_at=NOW))
    db.flush()
    publishing._known.clear()
    assert publishing.bundle_of(db, contest, "final").data == before.data


def test_a_seal_of_an_older_version_is_recounted_from_what_is_there_or_not_offered(db):
    contest = judged(db, plain())
    seal(db, contest, "semi")
    publish(db, contest, "semi")
    [last] = queries.round_of(db, contest, "semi").seals
    last.facts = None
    db.flush()
    publishing._known.clear()
    assert publishing.bundle_of(db, contest, "semi").covers == ("semi",)
    sealed = json.loads(last.standings)
    sealed["standings"][0]["score"] = "1.00"
    last.standings = json.dumps(sealed)
    db.flush()
    publishing._known.clear()
    with pytest.raises(NotFound):
        publishing.bundle_of(db, contest, "semi")
    [result] = publishing.published(db, contest).rounds
    assert (result.rows[0]["score"], result.rows[0]["steps"], result.rows[0]["story"]["zh"]) == ("1.00", [], "")


def plain() -> Facts:
    """Everybody marked by everybody."""
    return Facts(
        entries=tuple(EntryFact(entry) for entry in ENTRIES),
        appearances=tuple(AppearanceFact(r, e, at, e, "A") for r in ROUNDS for at, e in enumerate(ENTRIES, 1)),
        sittings=tuple(SittingFact(r, "A", f"J{seat}", str(seat)) for r in ROUNDS for seat in range(1, 5)),
        marks=tuple(
            MarkFact(r, e, f"J{seat}", "lecture", 1, "mark", Decimal(80 + at * 2 + seat))
            for r in ROUNDS for at, e in enumerate(ENTRIES) for seat in range(1, 5)
        ),
    )  # fmt: skip
