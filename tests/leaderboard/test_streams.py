"""Live streams: the first frame, what a returning page is spared, the limit, the comments, both workers' streams."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from commands.replaying.listeners import listening
from commands.replaying.plan import Turn
from contest import queries, removing, showing
from contest.models import Audience
from tests import servers
from tests.halls import Hall, open_hall
from tests.tablets import submit_all
from web import live
from web.db import reading, writing

SECONDS = 15.0
MOST = 4


@pytest.fixture
def hall(serve: Callable[..., object], tmp_path: Path) -> Iterator[Hall]:
    """A laptop's server that holds few streams, with a final of three contestants."""
    with open_hall(serve, tmp_path / "instance", CONTEST_STREAMS=str(MOST)) as hall:  # type: ignore[arg-type]
        hall.open()
        yield hall


def events(client: httpx.Client, address: str, count: int, **headers: str) -> list[str]:
    """The first events of a stream, the greeting included."""
    with client.stream("GET", address, headers=headers) as answer:
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/event-stream; charset=utf-8")
        text = ""
        for part in answer.iter_text():
            text += part
            if text.count("\n\n") >= count:
                return text.split("\n\n")[:count]
    raise AssertionError(f"the stream ended after {text!r}")


def turn(hall: Hall, at: int) -> Turn:
    """The desk's view of the contestant at this position, from 0."""
    return Turn("final", f"0{at + 1}", hall.appearances()[at], (), (), complete=True)


def test_above_the_limit_a_stream_is_answered_with_polling_and_polling_costs_nothing_while_nothing_changes(hall: Hall):
    address = f"/contests/{hall.slug}"
    with listening(hall.server.url, hall.slug, MOST):
        full = hall.client().get(f"{address}/stream")
        assert (full.status_code, full.json(), full.headers["Retry-After"]) == (503, {"poll": 3}, "3")
        frame = hall.client().get(f"{address}/frame.json")
        assert frame.status_code == 200
        again = hall.client().get(f"{address}/frame.json", headers={"If-None-Match": frame.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_pages_that_went_away_make_room_as_the_server_writes_to_them(hall: Hall):
    client = hall.client()
    with listening(hall.server.url, hall.slug, MOST):
        assert client.get(f"/contests/{hall.slug}/stream").status_code == 503
    with hall.desk() as desk:
        for at in itertools.cycle(range(3)):
            desk.call(turn(hall, at))
            with client.stream("GET", f"/contests/{hall.slug}/stream") as answer:
                status = answer.status_code
            if status == 200:
                break


def test_a_stream_begins_with_the_current_frame_unless_the_page_has_it(hall: Hall):
    address, client = f"/contests/{hall.slug}/stream", hall.client()
    frame = client.get(f"/contests/{hall.slug}/frame.json").text
    now = f"id: 1\nevent: frame\ndata: {frame}"
    assert events(client, address, 2) == ["retry: 2000\n: hello", now]
    assert events(client, f"{address}?after=0", 2)[1] == now
    # A number that this server never gave (after a restore from a backup, say) is no reason to keep quiet.
    assert events(client, f"{address}?after=99", 2)[1] == now
    assert events(client, f"{address}?after=nonsense", 2)[1] == now


@pytest.mark.parametrize("ask", ["header", "query"])
def test_after_a_restart_a_page_goes_on_from_where_it_was(hall: Hall, serve: Callable[..., object], ask: str):
    address = f"/contests/{hall.slug}/stream"
    with hall.desk() as desk:
        desk.call(turn(hall, 0))
    seen = events(hall.client(), address, 2)[1].split("\n")[0].removeprefix("id: ")
    hall.restart(serve)  # type: ignore[arg-type]
    with hall.desk() as desk:
        asking = {"Last-Event-ID": seen} if ask == "header" else {}
        query = f"?after={seen}" if ask == "query" else ""
        with hall.client().stream("GET", address + query, headers=asking) as answer:
            parts = answer.iter_text()
            assert next(parts) == "retry: 2000\n: hello\n\n"
            desk.call(turn(hall, 1))
            missed = next(parts)
    assert missed.startswith(f"id: {int(seen) + 1}\nevent: frame\n")
    assert json.loads(missed.split("data: ")[1])["now"]["entry"] == "02"


def test_a_quiet_stream_says_something_every_fifteen_seconds(app, final):
    assert live.COMMENT_SECONDS == 15
    with app.app_context():
        assert live.hub().comment_seconds == live.COMMENT_SECONDS
        live.hub().comment_seconds = 0.001
    answer = app.test_client().get(f"/contests/{final}/stream", buffered=False)
    parts = iter(answer.response)
    assert next(parts) == b"retry: 2000\n: hello\n\n"
    assert next(parts).startswith(b"id: 1\nevent: frame\n")
    assert [next(parts), next(parts)] == [b": still here\n\n"] * 2
    answer.close()


def test_a_page_that_missed_frames_gets_the_newest_alone(app, final):
    answer = app.test_client().get(f"/contests/{final}/stream", buffered=False)
    parts = iter(answer.response)
    assert [next(parts)[:6], next(parts)[:6]] == [b"retry:", b"id: 1\n"]
    with app.app_context():
        with reading() as db:
            contest = queries.contest_by_slug(db, final).id
        for revision in (2, 3, 4):
            live.hub().channels[contest, Audience.PUBLIC].push(revision, b'{"revision":%d}' % revision)
    assert next(parts) == b'id: 4\nevent: frame\ndata: {"revision":4}\n\n'
    answer.close()


def test_the_places_of_closed_streams_are_free_again(app, final):
    with app.app_context():
        hub = live.hub()
    for _ in range(3):
        answer = app.test_client().get(f"/contests/{final}/stream", buffered=False)
        next(iter(answer.response))
        assert hub.open == 1
        answer.close()
        assert hub.open == 0


def sockets(process: int) -> int:
    """How many sockets a process has open."""
    links = [str(link.readlink()) for link in Path(f"/proc/{process}/fd").iterdir() if link.is_symlink()]
    return sum(name.startswith("socket:") for name in links)


@pytest.mark.two_workers
@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="whose stream it is, is read from /proc")
def test_a_release_through_one_worker_reaches_the_streams_of_both(serve, postgres_url, redis_url, tmp_path):
    settings = {"CONTEST_DATABASE_URL": postgres_url, "CONTEST_REDIS_URL": redis_url, "CONTEST_WORKERS": "2"}
    with open_hall(serve, tmp_path / "instance", **settings) as hall:
        hall.open()
        master = hall.server.process.pid
        with writing(hall.engine) as db:
            contest = queries.contest_by_slug(db, hall.slug)
            for appearance in hall.appearances():
                submit_all(db, contest, queries.appearance_of(db, contest, appearance))
        hall.client().get(f"/contests/{hall.slug}/frame.json")
        workers = [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]
        before = {worker: sockets(worker) for worker in workers}
        with listening(hall.server.url, hall.slug, 60) as phones, hall.desk() as desk:
            held = {worker: sockets(worker) - count for worker, count in before.items()}
            assert len(held) == 2 and min(held.values()) > 3, held
            for at in range(3):
                desk.call(turn(hall, at))
                desk.release(turn(hall, at), twice=False)
                assert phones.wait_for(turn(hall, at).appearance, SECONDS)
            assert len(phones.last_frames()) == 1



@pytest.mark.two_workers
@pytest.mark.redis
def test_marks_and_releases_go_on_without_redis(serve, postgres_url, tmp_path):
    bus = servers.start_redis()
    settings = {"CONTEST_DATABASE_URL": postgres_url, "CONTEST_REDIS_URL": bus.url, "CONTEST_WORKERS": "2"}
    with open_hall(serve, tmp_path / "instance", **settings) as hall:
        hall.open()
        seats = hall.tablets()
        with hall.desk() as desk:
            desk.call(turn(hall, 0))
            bus.stop()
            answers = [tablet.post(tablet.body("01", "submit")) for tablet in seats]
            assert [answer.json()["answers"][0]["result"] for answer in answers] == ["submitted"] * len(seats)
            desk.release(turn(hall, 0), twice=False)
        board = hall.client().get(f"/contests/{hall.slug}/board.json").json()
        assert [row["entry"] for row in board["rounds"][0]["rows"]] == ["01"]


def test_a_stream_also_carries_what_another_process_changed_and_ends_when_its_contest_is_gone(hall: Hall):
    def change(appearance: str) -> None:
        # As a job or a command does it: in a process that has no streams of its own.
        with hall.app.app_context(), live.changing(hall.slug) as (db, contest):
            found = queries.appearance_of(db, contest, appearance)
            showing.call(db, contest, appearance=found, now=live.now())

    with hall.client().stream("GET", f"/contests/{hall.slug}/stream", timeout=SECONDS) as answer:
        parts = answer.iter_text()
        assert next(parts).startswith("retry:")
        change(hall.appearances()[1])
        assert '"number":"02"' in next(part for part in parts if '"now":{' in part)
        with writing(hall.engine) as db:
            removing.remove_contest(db, queries.contest_by_slug(db, hall.slug))
        assert [part for part in parts if "event: frame" in part] == []  # it ends; nothing of the contest comes after
