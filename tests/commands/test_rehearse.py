"""flask rehearse: the server is killed while judges mark, and the comparison afterwards sees whatever is missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from commands.rehearsing import comparing, mortal
from commands.rehearsing.field import made_up
from commands.replaying.checking import Stored
from commands.replaying.errors import ReplayError
from commands.replaying.plan import Plan, SheetPlan, Snapshot
from commands.replaying.tablet import Sent
from contest import queries
from contest.models import Contest, LedgerRow, Message, Sheet
from contest.rules import compute, read_rules
from settings import HERE, Settings
from tests import servers
from tests.builders import RULES
from tests.tablets import MARKS, running, sit
from web.db import open_engine, reading, writing


def rehearse(*options: str, instance: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would, on an installation of the test's own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CONTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "flask", "rehearse", "--listeners", "2", *options], cwd=HERE, text=True,
        env={**inherited, "CONTEST_INSTANCE": str(instance), **settings}, capture_output=True, check=False, timeout=380,
    )  # fmt: skip


def checked(done: subprocess.CompletedProcess[str], *, kills: int) -> dict[str, Any]:
    """The report of a rehearsal that found nothing wrong."""
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert (report["kills"], report["lost"], report["doubled"], report["ledger_fault"]) == (kills, 0, 0, None)
    assert (report["standings_equal_recount"], report["final_frame_equals_recount"]) == (True, True)
    assert report["sent"] == report["acknowledged"] == report["stored"]
    assert (report["refused"], report["stray"], report["superseded"], report["unanswered"]) == (0, 0, 0, 0)
    return report


@pytest.mark.timeout(400)  # Each start of the server takes many seconds on a busy machine.
def test_a_server_killed_around_its_commits_loses_and_doubles_nothing(tmp_path):
    done = rehearse("--judges", "5", "--entries", "4", "--chaos", "2", "--json", instance=tmp_path)
    report = checked(done, kills=2)
    moments = ("kills_before_commit", "kills_between_commit_and_answer", "kills_at_any_moment")
    assert [report[moment] for moment in moments] == [1, 1, 0]
    # Five judges, four entries, and every message that was held when the server died was sent once more.
    assert (report["tablets"], report["turns"], report["resent"] >= 2) == (5, 4, True)


@pytest.mark.timeout(400)
def test_a_running_server_is_not_killed_and_its_rehearsal_can_be_removed(installation, serve, tmp_path):
    settings = {**installation, "CONTEST_INSTANCE": str(tmp_path), "CONTEST_SECRET_KEY": "a key for tests"}
    server = serve(**settings)
    size = ("--judges", "2", "--entries", "2", "--url", server.url)
    done = rehearse(*size, instance=tmp_path, **settings)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    *_, last = done.stdout.splitlines()
    assert "killed 0 times." in done.stdout and server.process.poll() is None
    slug = last.rpartition(" ")[2]
    assert last == f"It stays as a rehearsal. Remove it: flask contest remove {slug}"
    engine = open_engine(Settings.from_environment(settings))
    with reading(engine) as db:
        assert queries.contest_by_slug(db, slug).rehearsal
    removed = subprocess.run(
        [sys.executable, "-m", "flask", "contest", "remove", slug, "--yes"], cwd=HERE, text=True,
        env={**os.environ, **settings}, capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert (removed.returncode, removed.stdout) == (0, f"Removed {slug}.\n"), removed.stderr
    with reading(engine) as db:
        assert db.scalars(select(Contest)).all() == []
    engine.dispose()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--chaos", "1", "--url", "http://127.0.0.1:1"], 2,
         "Error: --chaos kills the server, and with --url that would be one that others use."),
        (["--url", "http://192.0.2.1:8000"], 1,
         "Error: --url http://192.0.2.1:8000: a replay goes only to this machine: 127.0.0.1, localhost or [::1]"),
        (["--url", "http://127.0.0.1:{unused}"], 1, "Error: --url http://127.0.0.1:{unused}: no server answers there"),
        (["--rules", "nowhere.toml"], 1,
         "Error: nowhere.toml: there is no such file. Name the rule file with --rules FILE."),
        (["--rules", "{examples}/diving/rules.toml"], 1,
         "Error: the round final has several attempts; tablets mark rounds of one attempt only"),
        (["--rules", "{examples}/informatics/rules.toml"], 1, "Error: the rule file has no round that judges mark"),
        (["--judges", "0"], 2, "Error: Invalid value for '--judges': 0 is not in the range 1<=x<=300."),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_line(app: Flask, tmp_path, arguments: list[str], code: int, said: str):
    blanks = {"unused": str(servers.free_port()), "examples": str(HERE / "examples")}
    done = app.test_cli_runner().invoke(args=["rehearse", *(each.format(**blanks) for each in arguments)])
    assert (done.exit_code, done.stdout) == (code, "")
    assert done.stderr.splitlines()[-1] == said.format(**blanks)


def test_what_counted_is_not_removed(app: Flask, final: str):
    done = app.test_cli_runner().invoke(args=["contest", "remove", final, "--yes"])
    assert (done.exit_code, done.stderr) == (1, f"Error: {final} is no rehearsal: what counted is not removed.\n")
    with app.app_context(), reading() as db:
        assert queries.contest_by_slug(db, final)


def test_more_kills_than_messages_are_refused(tmp_path):
    done = rehearse("--judges", "1", "--entries", "1", "--chaos", "20", instance=tmp_path)
    assert (done.returncode, done.stderr) == (1, "Error: 20 kills need at least 60 messages; these are 5\n")


def test_the_same_seed_makes_the_same_contest_and_every_entry_is_ranked():
    rules = read_rules(RULES)
    facts = made_up(rules, judges=5, entries=12, seed=7)
    assert facts == made_up(rules, judges=5, entries=12, seed=7) != made_up(rules, judges=5, entries=12, seed=8)
    assert len(facts.marks) == 12 * 5 * len(rules.rounds["final"].criteria)
    assert None not in {each.place for each in compute(rules, facts).rounds["final"].standings}


@pytest.mark.parametrize("example", sorted(path.parent.name for path in (HERE / "examples").glob("*/rules.toml")))
def test_every_example_that_tablets_can_judge_is_made_up_within_its_rules(example: str):
    rules = read_rules((HERE / "examples" / example / "rules.toml").read_bytes())
    try:
        facts = made_up(rules, judges=5, entries=6, seed=1)
    except ReplayError:
        one_attempt = all(each.attempts is None or each.attempts.count == 1 for each in rules.rounds.values())
        assert not one_attempt or not any(each.is_judged for each in rules.rounds.values())
        return
    for mark in facts.marks:
        criterion = next(each for each in rules.rounds[mark.round or ""].criteria if each.id == mark.criterion)
        assert criterion.check(format(mark.mark, "f")) == mark.mark
    assert compute(rules, facts).rounds.keys() == rules.rounds.keys()


def test_the_server_that_can_be_held_starts_nowhere_but_in_a_rehearsal(app: Flask):
    with pytest.raises(RuntimeError, match="is for `flask rehearse` alone"):
        mortal.mortal(app)


def test_a_message_is_held_once_and_only_where_it_was_armed(tmp_path, monkeypatch):
    mortal.made_for_rehearsal(tmp_path)
    moments, slept = mortal.Moments(tmp_path), []
    monkeypatch.setattr(mortal.time, "sleep", slept.append)
    moments.pass_(mortal.AFTER)
    moments.arm(mortal.AFTER)
    moments.pass_(mortal.BEFORE)
    assert (slept, moments.is_held()) == ([], False)
    moments.pass_(mortal.AFTER)
    moments.pass_(mortal.AFTER)
    assert (slept, moments.is_held()) == ([mortal.HOLD_SECONDS], True)


Check = Callable[..., Stored]


@pytest.fixture
def judged(app: Flask, final: str) -> Check:
    """One acknowledged sheet, and the comparison of it; parts of what the tablet holds may be replaced."""
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, final)
        appearance = running(db, contest)[0]
        tablet = sit(db, contest, 1)
        message = tablet.message(appearance, "submit")
        answer = tablet.send(message)[0]
        sheet = SheetPlan(tablet.sitting.id, "J1", "", "final", appearance.entry.code, appearance.public_id, ())
    snapshot = Snapshot("submit", dict(MARKS), resent=False)
    sent = Sent(
        message["id"], sheet, snapshot, answer["result"], answer["version"], receipt=answer["ledger"], tried=True
    )

    def check(*more: Sent, **changed: Any) -> Stored:
        with app.app_context(), reading() as db:
            known = [replace(sent, **changed), *more]
            return comparing.read_back(db, db.scalars(select(Contest)).one(), Plan(), known)

    assert check() == Stored(stored=1, lost=0, doubled=0)
    return check


def test_a_message_that_never_arrived_is_lost_though_nobody_acknowledged_it(judged: Check):
    sheet = SheetPlan(1, "J1", "", "final", "02", "elsewhere", ())
    waiting = Sent("00000000-0000-4000-8000-000000000000", sheet, Snapshot("save", {}, resent=False))
    assert judged(waiting) == Stored(stored=1, lost=1, doubled=0)


def test_a_receipt_that_the_ledger_does_not_honour_is_a_loss(judged: Check):
    assert judged(receipt={"seq": 1, "hash": "0" * 64}).lost == 1
    assert judged(receipt={"seq": 999, "hash": "0" * 64}).lost == 1
    assert judged(receipt=None).lost == 1


def test_a_ledger_row_with_other_marks_than_were_sent_is_a_loss(app: Flask, judged: Check):
    with app.app_context(), writing() as db:
        row = db.scalars(select(LedgerRow).order_by(LedgerRow.seq.desc()).limit(1)).one()
        assert row.payload is not None
        row.payload = row.payload.replace("27.50", "27.51")
    assert judged().lost == 1


def test_a_sheet_older_than_what_was_acknowledged_is_a_loss(app: Flask, judged: Check):
    with app.app_context(), writing() as db:
        message = db.scalars(select(Message)).one()
        db.add(Message(
            sitting_id=message.sitting_id, lease_id=message.lease_id, uid="another", n=2, sheet_id=message.sheet_id,
            result=message.result, body="", answer="", received_at=message.received_at,
        ))  # fmt: skip
        db.scalars(select(Sheet)).one().version = 2
    # The version is two now, and the second message is one that nobody sent.
    assert judged() == Stored(stored=1, lost=0, doubled=1)
    # The tablet was told version 3 with its receipt: neither sheet nor row is of that version.
    assert judged(version=3) == Stored(stored=1, lost=2, doubled=1)
