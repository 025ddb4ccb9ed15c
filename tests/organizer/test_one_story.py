"""One ranking, one story: board, screen, results page, JSON, spreadsheet and paper show the engine's own sentence."""

from __future__ import annotations

import json
import re
import subprocess

import pytest
from sqlalchemy import select

from contest import anonymity, board, facts, queries, sealing
from contest.ledger import SYSTEM
from contest.models import Audience, Entry, Role, RoundState, Ruling, RulingKind, Sitting
from contest.rules import compute, say_panel, story
from tests import builders
from tests.builders import JUDGES, NOW
from tests.fixtures_sealed import judge, seal
from tests.organizer.test_spreadsheets import cells
from web.db import reading, writing

ROOM = "/admin/contests/xinghe"


@pytest.fixture
def told(app, change) -> dict[str, str]:
    """What the engine says of each entry of a published final whose judges came in by name, one of them recused."""
    slug = builders.make_contest(app, entries=6, judges=7)
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, slug)
        for sitting in db.scalars(select(Sitting)):
            sitting.code = sitting.person.name
        db.add(Ruling(
            contest_id=contest.id, round_id=queries.round_of(db, contest, "final").id, kind=RulingKind.RECUSED,
            entry=db.scalars(select(Entry).where(Entry.code == "02")).one(), created_at=NOW,
            sitting=db.scalars(select(Sitting).order_by(Sitting.id)).first(),
        ))  # fmt: skip
    judge(app, slug)
    seal(app, slug)
    change(slug, lambda db, contest: sealing.move(
        db, contest, round_=queries.round_of(db, contest, "final"), to=RoundState.PUBLISHED, by=SYSTEM, now=NOW,
    ))  # fmt: skip
    with app.app_context(), reading() as db:
        contest = queries.contest_by_slug(db, slug)
        rules = queries.rules_of(queries.rule_version(db, contest))
        outcome = compute(rules, anonymity.labelled(facts.read(db, contest)))
        return {each.entry: story(each.steps, "zh") for each in outcome.rounds["final"].standings}


@pytest.fixture
def organizer(app, told):
    """A browser of the organizer, who may print and export."""
    return builders.client_of(app, builders.make_account(app, "org", Role.ORGANIZER, contest="xinghe"))


def test_every_screen_and_page_has_the_engines_sentence(app, told):
    assert "评委 J1 回避，不计入" in told["02"] or "评委 J1 回避，不计入；" in told["02"]
    client = app.test_client()
    [final] = client.get("/contests/xinghe/results.json").json["rounds"]
    assert {row["entry"]: row["story"]["zh"] for row in final["standings"]} == told
    with app.app_context(), reading() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        for audience in Audience:
            [shown] = json.loads(board.frame_of(db, contest, audience).board)["rounds"]
            assert {row["entry"]: row["story"]["zh"] for row in shown["rows"]} == told, audience
    for address in ("/contests/xinghe/results", "/contests/xinghe/board"):
        page = client.get(address).text.replace("&gt;", ">").replace("&lt;", "<")
        assert [entry for entry, said in told.items() if said not in page] == [], address
        assert [name for name in JUDGES if name in page] == []


def test_the_spreadsheet_has_it_in_a_column(organizer, told):
    heads, *rows = cells(organizer.get(f"{ROOM}/tables/results.xlsx"))[0]
    assert heads[-1] == "说明" and "平均分" in heads
    assert {row[heads.index("出场号")]: row[-1] for row in rows} == told


def test_paper_has_it_under_the_marks_of_each_contestant(organizer, told):
    def pages(**query):
        answer = organizer.get(f"{ROOM}/papers/final/marks.pdf", query_string={"by": "contestant", **query})
        done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=answer.data, capture_output=True, check=True)
        return [re.sub(r"\s+", "", page) for page in done.stdout.decode().split("\f")[:-1]]

    wanted = [re.sub(r"\s+", "", said) for _entry, said in sorted(told.items())]
    assert [said for said, page in zip(wanted, pages(filled=1), strict=True) if said not in page] == []
    assert [said for said, page in zip(wanted, pages(), strict=True) if said in page] == []


def test_the_panels_number_is_called_what_the_rules_take(app):
    rules = queries._parsed(builders.RULES).rounds["final"]
    assert (say_panel(rules, "zh"), say_panel(rules, "en")) == ("平均分", "Mean")
    summed = builders.RULES.replace(b'take = "mean"', b'take = "median"')
    assert say_panel(queries._parsed(summed).rounds["final"], "zh") == "中位数"
