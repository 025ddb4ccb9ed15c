"""Print batches: made in the background, gone on with after a kill, fetched, ticked, printed again with a reason."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from certificates import jobs as printing_jobs
from contest.models import Certificate, PrintBatch, PrintState, Role
from settings import HERE
from tests import builders, honoured
from web import jobs
from web.db import reading

DESK = "/admin/contests/xinghe/certificates"


@pytest.fixture
def given(app):
    return honoured.make(app)


@pytest.fixture
def organizer(app, given):
    client = builders.client_of(app, builders.make_account(app, "organizer", Role.ORGANIZER, contest=given))
    client.post(DESK)
    return client


def work(app):
    """Do what waits in the queue, as the worker does."""
    queue = jobs.queue(app)
    while (task := queue.dequeue()) is not None:
        queue.execute(task)


def batches(app):
    with app.app_context(), reading() as db:
        found = db.scalars(select(PrintBatch).order_by(PrintBatch.id)).all()
        return [(each.public_id, each.state, each.done, each.title, [s.position for s in each.sheets])
                for each in found]  # fmt: skip


def ask(client, which="all", **more):
    return client.post(f"{DESK}/batches", data={"which": which, **more})


def test_a_batch_is_made_in_the_background_and_fetched_under_a_chinese_name(app, organizer):
    assert ask(organizer).status_code == 303
    assert batches(app)[0][1] is PrintState.WAITING
    waiting = organizer.get(f"{DESK}/batches.json").json
    assert [(row["state"], row["sheets"]) for row in waiting] == [("waiting", 3)]
    assert organizer.get(f"{DESK}/batches/{batches(app)[0][0]}/file").status_code == 404
    work(app)
    public_id, state, done, *_ = batches(app)[0]
    assert (state, done) == (PrintState.DONE, 3)
    fetched = organizer.get(f"{DESK}/batches/{public_id}/file")
    assert fetched.data[:5] == b"%PDF-"
    assert "证书 全部证书.pdf" in unquote(fetched.headers["Content-Disposition"])
    fetched.close()


@pytest.mark.parametrize("which, sheets", [("all", 3), ("unprinted", 3), ("award:second", 2), ("award:none", 0),
                                           ("corrected", 0), ("selected", 0), ("nonsense", 0)])  # fmt: skip
def test_a_batch_holds_what_was_asked_for(app, organizer, which, sheets):
    answer = ask(organizer, which)
    assert answer.status_code == (303 if sheets else 409)
    assert sum(len(each[4]) for each in batches(app)) == sheets


def test_only_the_ticked_ones_are_printed(app, organizer):
    with app.app_context(), reading() as db:
        picked = db.scalars(select(Certificate.public_id).order_by(Certificate.id)).all()[1:]
    organizer.post(f"{DESK}/batches", data={"which": "selected", "certificate": picked})
    assert batches(app)[0][4] == [1, 2]


def test_printing_again_asks_why_and_keeps_the_reason(app, organizer):
    ask(organizer)
    work(app)
    organizer.post(f"{DESK}/batches/{batches(app)[0][0]}/printed", data={"through": "3"})
    refused = ask(organizer)
    assert refused.status_code == 422
    assert "其中 3 张已经打印过" in refused.text
    assert len(batches(app)) == 1
    assert ask(organizer, print_reason="纸张受潮").status_code == 303
    assert "纸张受潮" in organizer.get(DESK).text


def test_after_a_misfeed_the_rest_comes_as_a_file_of_its_own(app, organizer):
    ask(organizer)
    work(app)
    first = batches(app)[0][0]
    assert organizer.post(f"{DESK}/batches/{first}/rest", data={"first": "x"}).status_code == 400
    assert organizer.post(f"{DESK}/batches/{first}/rest", data={"first": "3"}).status_code == 303
    work(app)
    assert [(each[1], each[3], each[4]) for each in batches(app)] == [
        (PrintState.DONE, "全部证书", [1, 2, 3]), (PrintState.DONE, "第 3 张起", [3])
    ]  # fmt: skip
    assert "已打印 2 / 3" in organizer.get(DESK).text


def test_a_failure_says_why_and_can_be_tried_again(app, organizer):
    ask(organizer)
    with app.app_context():
        (printing_jobs.Path(app.instance_path) / "printed").write_text("in the way")
    work(app)
    assert batches(app)[0][1] is PrintState.FAILED
    assert "生成时出错" in organizer.get(DESK).text
    (printing_jobs.Path(app.instance_path) / "printed").unlink()
    organizer.post(f"{DESK}/batches/{batches(app)[0][0]}/retry")
    organizer.post(f"{DESK}/batches/{batches(app)[0][0]}/retry")
    work(app)
    assert batches(app)[0][1] is PrintState.DONE


def test_only_the_organizers_fetch_the_file(app, organizer, given):
    ask(organizer)
    work(app)
    address = f"{DESK}/batches/{batches(app)[0][0]}/file"
    scorekeeper = builders.make_account(app, "scorekeeper", Role.SCOREKEEPER, contest=given)
    assert builders.client_of(app, scorekeeper).get(address).status_code == 403
    assert builders.client_of(app).get(address, headers={"Accept": "text/html"}).status_code == 302


def test_a_worker_killed_in_the_middle_of_a_batch_is_gone_on_with_by_the_next_one(tmp_path):
    people = builders.PEOPLE
    builders.PEOPLE = tuple(people[at % len(people)] for at in range(600))
    try:
        app = builders.make_app(tmp_path)
        slug = honoured.make(app, ("third",) * 600, entries=600)
    finally:
        builders.PEOPLE = people
    client = builders.client_of(app, builders.make_account(app, "organizer", Role.ORGANIZER, contest=slug))
    client.post(DESK)
    ask(client)
    worker = start_worker(tmp_path)
    wait_for(app, lambda: batches(app)[0][2] >= 50)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    _, state, done, *_ = batches(app)[0]
    assert (state, 0 < done < 600) == (PrintState.RUNNING, True)
    worker = start_worker(tmp_path)
    try:
        wait_for(app, lambda: batches(app)[0][1] is PrintState.DONE)
    finally:
        worker.terminate()
        worker.wait()
    fetched = client.get(f"{DESK}/batches/{batches(app)[0][0]}/file")
    assert fetched.data.count(b"/Type /Page\n") == 600
    fetched.close()
    app.extensions["lectern_engine"].dispose()


def start_worker(folder):
    environment = os.environ | {"CONTEST_INSTANCE": str(folder), "CONTEST_SECRET_KEY": "a key for tests",
                                "CONTEST_DEMO": "0"}  # fmt: skip
    return subprocess.Popen([sys.executable, "-m", "flask", "jobs"], cwd=HERE, env=environment,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip


def wait_for(app, is_so, seconds=60):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)
