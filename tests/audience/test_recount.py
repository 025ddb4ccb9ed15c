"""What anybody can have of a published round: nothing before, then the bundle, its hash, the JSON and the program."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from decimal import Decimal
from hashlib import sha256

import pytest
from sqlalchemy import select

from contest import absences, awarding, ledger, publishing, queries, sealing, showing
from contest.ledger import SYSTEM
from contest.models import (
    Act,
    Action,
    Appearance,
    Contest,
    Entry,
    Mark,
    Person,
    RoundState,
    Ruling,
    RulingKind,
    Sitting,
    Visibility,
)
from contest.rules.program import NAME, program
from contest.rules.sources import zip_bytes
from tests import builders
from tests.builders import JUDGES, NOW, PEOPLE
from tests.fixtures_sealed import publish, seal
from web.db import reading, writing

BUNDLE = "/contests/xinghe/results/final.zip"


def to(change, slug, state):
    change(slug, lambda db, contest: sealing.move(
        db, contest, round_=queries.round_of(db, contest, "final"), to=state, by=SYSTEM, now=NOW,
    ))  # fmt: skip


@pytest.fixture
def out(app, sealed, change):
    """The sealed final, published; its slug."""
    to(change, sealed, RoundState.PUBLISHED)
    return sealed


def files(app, address=BUNDLE) -> dict[str, bytes]:
    answer = app.test_client().get(address)
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def recounted(place, data: bytes, *more: str) -> tuple[int, str, str]:
    """What the downloaded program says of a downloaded bundle, with nothing else of the project in reach."""
    (place / NAME).write_bytes(program())
    (place / "bundle.zip").write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-I", NAME, "bundle.zip", "--lang", "en", *more], cwd=place, capture_output=True, check=False
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_before_publication_there_is_no_such_thing(app, sealed):
    client = app.test_client()
    unknown = client.get("/contests/xinghe/results/semi.zip")
    for address in (BUNDLE, "/contests/other/results/final.zip"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers.get("ETag")) == (unknown.status_code, None) == (404, None)
    assert client.get("/contests/xinghe/results.json").json["rounds"] == []
    assert "SHA-256" not in client.get("/contests/xinghe/results").text


def test_reopening_takes_the_bundle_back_and_a_second_seal_brings_another(app, out, change):
    client = app.test_client()
    first = client.get(BUNDLE).headers["ETag"]
    seal(app, out, Act.REOPEN)
    assert client.get(BUNDLE).status_code == 404
    change(out, lambda db, contest: setattr(db.scalars(select(Mark)).first(), "value", Decimal("12.00")))
    seal(app, out)
    assert client.get(BUNDLE).status_code == 404
    to(change, out, RoundState.PUBLISHED)
    assert client.get(BUNDLE).headers["ETag"] != first
    assert json.loads(files(app)["standings.json"])["seals"]["final"]["number"] == 2


def test_an_unpublished_contest_has_none_but_for_its_staff(app, out, change):
    change(out, lambda db, contest: setattr(contest, "published_at", None))
    assert app.test_client().get(BUNDLE).status_code == 404
    assert app.test_client().get("/contests/xinghe/results.json").status_code == 404


def test_the_bundle_is_recounted_by_the_downloaded_program_and_agrees(app, out, tmp_path):
    data = app.test_client().get(BUNDLE).data
    code, said, wrong = recounted(tmp_path, data)
    assert (code, wrong) == (0, "") and said.endswith("agrees with standings.json\n")
    assert said.count("Place ") == 6 and "dropped" in said


def test_an_altered_mark_is_said_with_its_place(app, out, tmp_path):
    said = []
    for marks in (1, 2):  # The lowest sheet is dropped, so the second altered sheet is the first that moves a place.
        inside = files(app)
        rows = list(csv.reader(io.StringIO(inside["marks.csv"].decode())))
        for row in [row for row in rows if row[1] == "03" and row[3] == "content"][:marks]:
            row[-1] = "1.00"
        inside["marks.csv"] = "\n".join(",".join(row) for row in rows).encode() + b"\n"
        code, _, wrong = recounted(tmp_path, zip_bytes(inside))
        assert (code, len(wrong.splitlines())) == (2, 1)
        said.append(wrong.removeprefix("differs from standings.json: "))
    assert said[0].startswith("marks.csv, SHA-256: standings.json has ")
    assert said[1].startswith("standings, 03, place: standings.json has 1, the recount ")


def test_no_person_can_be_found_in_it(app, out, change):
    whole = b"\0".join(files(app).values()).decode()
    assert [word for word in (*JUDGES, *(each for person in PEOPLE for each in person)) if word in whole] == []
    inside = files(app)
    assert inside["entries.csv"].splitlines()[0] == b"entry,division" and "members.csv" not in inside
    assert sorted(inside) == sorted(
        ["README.txt", "appearances.csv", "entries.csv", "judges.csv", "marks.csv", "rules.toml", "standings.json"]
    )


def test_a_judge_called_by_name_in_an_imported_folder_is_nobody_in_public(app, sealed, change):
    """A folder's judge column may hold names: they reach neither the bundle nor any sentence."""
    def rename_and_rule(db, contest):
        for sitting in db.scalars(select(Sitting)):
            sitting.code = sitting.person.name
        db.add(Ruling(
            contest_id=contest.id, round_id=queries.round_of(db, contest, "final").id,
            entry=db.scalars(select(Entry).where(Entry.code == "02")).one(),
            sitting=db.scalars(select(Sitting)).first(),
            kind=RulingKind.RECUSED, value="他的老师", reason="是许清和的学生", created_at=NOW,
        ))  # fmt: skip

    seal(app, sealed, Act.REOPEN)
    change(sealed, rename_and_rule)
    seal(app, sealed)
    to(change, sealed, RoundState.PUBLISHED)
    client = app.test_client()
    bundle = b"\0".join(files(app).values()).decode()
    shown = "".join(
        client.get(address, query_string={"lang": lang}).text
        for lang in ("zh", "en") for address in ("/contests/xinghe/results", "/contests/xinghe/results.json")
    )
    assert "评委 J1 回避" in bundle and "评委 J1 回避" in shown
    assert [word for word in (*JUDGES, "他的老师", "学生") if word in bundle + shown] == []


def test_the_hash_beside_the_link_is_the_hash_of_the_bytes_and_they_stay(app, out, change):
    client = app.test_client()
    answer = client.get(BUNDLE)
    digest = sha256(answer.data).hexdigest()
    page = client.get("/contests/xinghe/results").text
    assert digest in page and f"python {NAME} xinghe-final.zip" in page and BUNDLE in page
    assert answer.headers["Content-Disposition"] == 'attachment; filename="xinghe-final.zip"'
    assert client.get(BUNDLE, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304

    def later(db, contest):
        """What happens after the seal changes neither the facts it rests on nor the bytes."""
        contest.title = "改了名的大赛"
        for person in db.scalars(select(Person)):
            person.name = "某某"
        for sitting in db.scalars(select(Sitting)):
            sitting.code = f"X{sitting.id}"

    change(out, later)
    publishing._known.clear()
    assert client.get(BUNDLE).data == answer.data


def test_awards_are_in_it_once_they_are_public(app, out, change, tmp_path):
    assert "awards" not in json.loads(files(app)["standings.json"])
    change(out, publish)
    recorded = json.loads(files(app)["standings.json"])
    with app.app_context(), reading() as db:
        given = {(a.code, a.entry.code) for a in awarding.standing_awards(db, db.scalars(select(Contest)).one())}
    assert {(one["award"], row["entry"]) for one in recorded["awards"] for row in one["entries"]} == given
    assert recounted(tmp_path, app.test_client().get(BUNDLE).data)[0] == 0


def test_the_json_says_what_the_page_says(app, out):
    client = app.test_client()
    answer = client.get("/contests/xinghe/results.json")
    [final] = answer.json["rounds"]
    assert final["bundle"]["sha256"] == sha256(client.get(final["bundle"]["url"]).data).hexdigest()
    first = final["standings"][0]
    shown = (first["place"], first["entry"], first["name"], first["score"], first["status"])
    assert shown == (1, "03", "石*", "89.50", None)
    assert {"code", "args", "text"} == set(first["steps"][0])
    for lang in ("zh", "en"):
        page = client.get("/contests/xinghe/results", query_string={"lang": lang}).text
        assert [row for row in final["standings"] if row["story"][lang].replace(">", "&gt;") not in page] == []
    again = client.get("/contests/xinghe/results.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_page_board_json_and_bundle_tell_one_story(app, out):
    client = app.test_client()
    [final] = client.get("/contests/xinghe/results.json").json["rounds"]
    [live] = client.get("/contests/xinghe/board.json").json["rounds"]
    told, board = ({row["entry"]: row["story"] for row in rows} for rows in (final["standings"], live["rows"]))
    inside = json.loads(files(app)["standings.json"])["rounds"]["final"]["standings"]
    assert told == board and len(told) == 6
    for row in inside:
        assert [step for step in row["steps"] if step["text"]["zh"] not in told[row["entry"]]["zh"]] == []


def test_the_program_is_handed_out(app):
    answer = app.test_client().get(f"/{NAME}")
    assert answer.data == program() and answer.headers["Content-Disposition"] == f'attachment; filename="{NAME}"'
    again = app.test_client().get(f"/{NAME}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_score_that_is_taken_back_is_not_in_public(app, out, change):
    """It cannot happen while the round is published; the policy holds by itself."""
    def hold(db, contest):
        db.scalars(select(Appearance)).first().visibility = Visibility.HELD
        ledger.append(db, contest, by=SYSTEM, action=Action.RELEASE_WITHDRAWN, subject="x", payload={}, now=NOW)

    change(out, hold)
    assert app.test_client().get(BUNDLE).status_code == 404
    assert app.test_client().get("/contests/xinghe/results.json").json["rounds"] == []


def test_an_entry_that_withdrew_is_listed_without_marks(app, change, tmp_path):
    slug = builders.make_contest(app, entries=3, judges=5)
    ids = builders.appearances(app, slug)
    for appearance in ids:
        builders.give_sheets(app, appearance, slug=slug)
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, slug)
        found = [queries.appearance_of(db, contest, each) for each in ids]
        absences.withdraw(db, contest, round_=found[1].round, entry=found[1].entry, reason="生病", by=SYSTEM, now=NOW)
        for each in (found[0], found[2]):
            showing.release(db, contest, appearance=each, by=SYSTEM, now=NOW)
    seal(app, slug)
    to(change, slug, RoundState.PUBLISHED)
    inside = files(app)
    assert b"\nfinal,02," not in inside["marks.csv"] and b"02" in inside["rulings.csv"] and "生病" not in str(inside)
    code, said, _ = recounted(tmp_path, app.test_client().get(BUNDLE).data)
    assert code == 0 and "no. 02  withdrawn" in said
    rows = app.test_client().get("/contests/xinghe/results.json").json["rounds"][0]["standings"]
    assert [(row["entry"], row["status"]) for row in rows][-1] == ("02", "withdrawn")
