"""flask contest replay: nothing lost, nothing doubled, the board is the recount; and bad input is one clear line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from commands.replaying import checking
from commands.replaying.plan import Plan, SheetPlan, Snapshot
from commands.replaying.tablet import Sent
from contest import queries
from contest.models import Account, Action, Contest, LedgerRow, Message, Sheet
from settings import HERE, Settings
from tests import servers
from tests.commands import awkward
from tests.tablets import MARKS, running, sit
from web.db import open_engine, reading, writing

EXAMPLE = HERE / "examples/lecture-final"
SKATING = HERE / "tests/rules/fixtures/skating"


def replay(folder: Path, *options: str, instance: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would, on an installation of the test's own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CONTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "flask", "contest", "replay", str(folder), *options], cwd=HERE, text=True,
        env={**inherited, "CONTEST_INSTANCE": str(instance), **settings}, capture_output=True, check=False, timeout=150,
    )  # fmt: skip


def checked(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The report of a replay that found nothing wrong."""
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert (report["lost"], report["doubled"], report["final_frame_equals_recount"]) == (0, 0, True)
    assert report["sent"] == report["acknowledged"] == report["stored"]
    assert (report["refused"], report["stray"], report["unanswered"]) == (0, 0, 0)
    assert report["resent"] * 10 >= report["sent"]
    assert (report["frames_missed"], report["streams_cut"]) == (0, 0)
    return report


@pytest.mark.parametrize(("segment", "turns"), [("isu-gp-audi-cup-of-china-2016--ice-dance-short-dance", 9)])
def test_a_judged_skating_segment_loses_and_doubles_nothing_and_ends_on_the_recount(tmp_path, segment, turns):
    rules = HERE / "examples/skating" / f"{segment.split('--')[1]}.toml"
    report = checked(replay(SKATING / segment, "--rules", str(rules), instance=tmp_path))
    assert (report["turns"], report["tablets"], report["held"]) == (turns, 9, 0)


def test_rounds_panels_substitutes_rulings_and_missing_marks_are_played_as_they_happened(tmp_path):
    report = checked(replay(awkward.write(tmp_path / "folder"), "--listeners", "3", instance=tmp_path / "instance"))
    assert (report["turns"], report["tablets"], report["held"], report["listeners"]) == (12, 7, 0, 3)


def test_an_appearance_whose_panel_is_never_complete_is_held_back(tmp_path):
    folder = awkward.write(tmp_path / "folder", without=("J1", "06"))
    report = checked(replay(folder, "--listeners", "1", instance=tmp_path / "instance"))
    assert (report["turns"], report["held"]) == (12, 1)


def test_a_running_server_is_replayed_on_and_keeps_the_rehearsal(installation, serve, tmp_path):
    settings = {**installation, "CONTEST_INSTANCE": str(tmp_path), "CONTEST_SECRET_KEY": "a key for tests"}
    server = serve(**settings)
    report = checked(replay(EXAMPLE, "--url", server.url, instance=tmp_path, **settings))
    engine = open_engine(Settings.from_environment(settings))
    with reading(engine) as db:
        contest = queries.contest_by_slug(db, report["contest"])
        accounts = db.scalars(select(Account)).all()
        assert (contest.rehearsal, [account.disabled_at is not None for account in accounts]) == (True, [True])
    engine.dispose()


def test_a_server_on_another_database_is_not_replayed_on(serve, tmp_path):
    server = serve(CONTEST_SECRET_KEY="a key for tests")
    assert subprocess.run(
        [sys.executable, "-m", "flask", "migrate"], cwd=HERE, env={**os.environ, "CONTEST_INSTANCE": str(tmp_path)},
        capture_output=True, check=False,
    ).returncode == 0  # fmt: skip
    done = replay(EXAMPLE, "--url", server.url, instance=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (
        1, "", "Error: the server works on another database than this command (CONTEST_DATABASE_URL)\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "nowhere/rules.toml: there is no such file. Name the rule file with --rules FILE."),
        (
            ["{example}", "--rules", "{example}/marks.csv"],
            "marks.csv: line 1, column 6: found \"Expected '=' after a key in a key/value pair\", "
            "expected correct TOML",
        ),
        (
            ["{example}", "--url", "http://192.0.2.1:8000"],
            "--url http://192.0.2.1:8000: a replay goes only to this machine: 127.0.0.1, localhost or [::1]",
        ),
        (
            ["{example}", "--url", "127.0.0.1:8000"],
            "--url 127.0.0.1:8000: expected an address like http://127.0.0.1:8000",
        ),
        (
            ["{example}", "--url", "http://127.0.0.1:{unused}"],
            "--url http://127.0.0.1:{unused}: no server answers there",
        ),
        (
            ["{example}", "--url", "http://127.0.0.1:99999"],
            "--url http://127.0.0.1:99999: expected an address like http://127.0.0.1:8000",
        ),
    ],
)
def test_bad_input_is_one_clear_line(app: Flask, arguments: list[str], said: str):
    blanks = {"example": str(EXAMPLE), "unused": str(servers.free_port())}
    done = app.test_cli_runner().invoke(args=["contest", "replay", *(each.format(**blanks) for each in arguments)])
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", f"Error: {said.format(**blanks)}\n")


def test_a_folder_that_contradicts_itself_is_refused_before_anything_starts(app: Flask, tmp_path):
    folder = awkward.write(tmp_path / "folder")
    with (folder / "marks.csv").open("a", encoding="utf-8") as marks:
        marks.write("final,01,J1,live,90\n")
    done = app.test_cli_runner().invoke(args=["contest", "replay", str(folder)])
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "marks.csv" in done.stderr


@pytest.fixture
def judged(app: Flask, final: str) -> Callable[[], checking.Stored]:
    """One acknowledged sheet, and the check of what the database holds of it."""
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, final)
        appearance = running(db, contest)[0]
        tablet = sit(db, contest, 1)
        message = tablet.message(appearance, "submit")
        answer = tablet.send(message)[0]
        sheet = SheetPlan(tablet.sitting.id, "J1", "", "final", appearance.entry.code, appearance.public_id, ())
    snapshot = Snapshot("submit", dict(MARKS), resent=False)
    sent = Sent(message["id"], sheet, snapshot, answer["result"], answer["version"])

    def check() -> checking.Stored:
        with app.app_context(), reading() as db:
            return checking.read_back(db, db.scalars(select(Contest)).one(), Plan(), [sent])

    assert check() == checking.Stored(stored=1, lost=0, doubled=0)
    return check


def test_a_mark_that_is_not_what_was_acknowledged_counts_as_lost(app, judged):
    with app.app_context(), writing() as db:
        sheet = db.scalars(select(Sheet)).one()
        sheet.marks.pop()
    assert judged() == checking.Stored(stored=1, lost=1, doubled=0)


def test_an_acknowledged_message_that_is_not_there_is_not_counted_as_stored(app, judged):
    with app.app_context(), writing() as db:
        db.delete(db.scalars(select(Message)).one())
    # The sheet has a version then that no message made, which is a message applied once too often.
    assert judged() == checking.Stored(stored=0, lost=0, doubled=1)


def test_a_second_submission_in_the_ledger_counts_as_doubled(app, judged):
    with app.app_context(), writing() as db:
        row = db.scalars(select(LedgerRow).where(LedgerRow.action == Action.SHEET_SUBMITTED)).one()
        db.add(LedgerRow(
            contest_id=row.contest_id, seq=row.seq + 1, at=row.at, actor=row.actor, device=row.device,
            action=row.action, subject=row.subject, payload=None, salt=None, digest=row.digest, prev=row.hash,
            hash=row.digest,
        ))  # fmt: skip
    assert judged() == checking.Stored(stored=1, lost=0, doubled=1)
