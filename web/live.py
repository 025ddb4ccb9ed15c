"""Carry frames to every open page: the change that visibly commits, the bus between workers, the event streams.

A stream holds no database session and no queue: it waits for its channel's newest frame and sends that, so a slow
page skips frames instead of piling them up, and nobody waits for it.
"""

from __future__ import annotations

import base64
import json
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import redis
from flask import Flask, Response, current_app, request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from contest import board, ledger, queries
from contest.errors import NotFound
from contest.models import Audience, Contest, Frame, Round, RoundState
from settings import Settings
from web.db import reading, writing
from web.refreshing import Follower, Refreshes
from web.roles import public_contest

COMMENT_SECONDS = 15
POLL_SECONDS = 3
WATCH_SECONDS = 0.5
REDIS_CHANNEL = "lectern:frames"
Key = tuple[int, Audience]
log = logging.getLogger(__name__)


def now() -> datetime:
    """The server's clock, the only one that orders anything."""
    return datetime.now(UTC)


class Channel:
    """The newest frame of one contest's audience, and the wait for a newer one."""

    def __init__(self) -> None:
        self.revision, self.frame = 0, b""
        self.over = False
        self._changed = threading.Event()

    def push(self, revision: int, frame: bytes) -> None:
        """Offer a frame; an older one than the newest is dropped."""
        if revision <= self.revision:
            return
        self.revision, self.frame = revision, frame
        told, self._changed = self._changed, threading.Event()
        told.set()

    def end(self) -> None:
        """The contest is gone: every stream of it ends, and its pages ask again."""
        self.over = True
        self._changed.set()

    def wait(self, seen: int, seconds: float) -> None:
        """Return when there is a newer frame than `seen`, or after so many seconds."""
        changed = self._changed
        if self.revision <= seen:
            changed.wait(seconds)


class Hub:
    """This process's channels and open streams, joined to other workers through Redis where there is one."""

    def __init__(self, settings: Settings) -> None:
        self.channels: defaultdict[Key, Channel] = defaultdict(Channel)
        self.open, self.most = 0, settings.streams or 1000
        self.comment_seconds: float = COMMENT_SECONDS
        self.refreshes = Refreshes()
        self.follower: Follower | None = None
        self._redis = redis.Redis.from_url(settings.redis_url) if settings.redis_url else None
        if self._redis is not None:
            threading.Thread(target=self._listen, args=(self._redis,), daemon=True, name="lectern-bus").start()

    def publish(self, frame: Frame) -> None:
        """Give a committed frame to every stream of every worker."""
        self.channels[frame.contest_id, frame.audience].push(frame.revision, frame.frame)
        if self._redis is not None:
            body = base64.b64encode(frame.frame).decode()
            message = [frame.contest_id, frame.audience.value, frame.revision, body]
            try:
                self._redis.publish(REDIS_CHANNEL, json.dumps(message))
            except redis.RedisError:
                # The change is committed and must not be answered as an error; other workers show it with the next one.
                log.exception("Redis did not take a frame")

    def _listen(self, connection: redis.Redis) -> None:
        while True:
            try:
                bus = connection.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
                bus.subscribe(REDIS_CHANNEL)
                for message in bus.listen():
                    contest_id, audience, revision, body = json.loads(message["data"])
                    self.channels[contest_id, Audience(audience)].push(revision, base64.b64decode(body))
            except redis.RedisError:
                # Redis was restarted or is unreachable: streams keep their last frame, and the next try is soon.
                threading.Event().wait(1)


def init_app(app: Flask, settings: Settings) -> None:
    """Give the app its hub."""
    app.extensions["lectern_hub"] = Hub(settings)


def watch(app: Flask) -> None:
    """In the web process: also show what other processes change (the jobs worker, commands), who have no streams.

    Begins with the contests that are being judged: a process that was killed may have kept a mark and told no screen.
    """

    def look_again_and_again() -> None:
        while True:
            time.sleep(WATCH_SECONDS)
            with app.app_context():
                try:
                    catch_up()
                except (SQLAlchemyError, OSError):
                    log.exception("The frames of other processes were not read")

    threading.Thread(target=look_again_and_again, daemon=True, name="lectern-watch").start()
    app.extensions["lectern_hub"].follower = follower = Follower(app, refresh)
    with app.app_context():
        try:
            with reading() as db:
                judged = select(Round.contest_id).where(Round.state == RoundState.JUDGING).distinct()
                follower.ask(*db.scalars(judged))
        except SQLAlchemyError:
            log.exception("It is not known what is being judged")


def catch_up() -> None:
    """Give the open streams what the database has newer than they were given; end those whose contest is gone."""
    channels = dict(hub().channels)
    if not channels:
        return
    with reading() as db:
        revisions = db.execute(select(Frame.contest_id, Frame.audience, Frame.revision))
        there = {(row[0], row[1]): row[2] for row in revisions}
        newer = [key for key, channel in channels.items() if there.get(key, 0) > channel.revision]
        for contest_id, audience in newer:
            found = select(Frame).where(Frame.contest_id == contest_id, Frame.audience == audience)
            if (frame := db.scalars(found).one_or_none()) is not None:
                channels[contest_id, audience].push(frame.revision, frame.frame)
    for key in channels.keys() - there.keys():
        hub().channels.pop(key).end()


def hub() -> Hub:
    """The current app's hub."""
    found: Hub = current_app.extensions["lectern_hub"]
    return found


@contextmanager
def changing(slug: str) -> Iterator[tuple[Session, Contest]]:
    """A writing transaction on one contest; once it is committed, every screen gets what changed. Raises NotFound."""
    with writing() as db:
        contest = queries.contest_by_slug(db, slug)
        # Before the route reads anything else: on PostgreSQL what was read before the lock may be out of date by then,
        # and a score released twice at once would be released twice.
        ledger.lock(db, contest)
        contest_id = contest.id  # The lock forgot what was read before it, and afterwards there is no session to ask.
        yield db, contest
    refresh(contest_id)


def refresh(contest_id: int) -> None:
    """Rebuild the contest's frames and send those that changed."""
    with hub().refreshes.turn(contest_id) as must:
        if not must:
            return
        with writing() as db:
            frames = board.refresh(db, db.get_one(Contest, contest_id), now=now())
        for frame in frames:
            hub().publish(frame)


def refresh_soon(contest_id: int) -> None:
    """As `refresh`, for what nobody waits to see: a judge's answer must not wait until the screens are ready.

    Where no follower runs (commands, tests without a server) it is done before this returns.
    """
    follower = hub().follower
    if follower is None:
        refresh(contest_id)
    else:
        follower.ask(contest_id)


def stored_frame(slug: str, audience: Audience) -> tuple[Contest, Frame]:
    """A contest's newest bytes for one audience, built now should there be none yet.

    Raises NotFound, for the public also where the contest is not published.
    """
    with reading() as db:
        public = audience is Audience.PUBLIC
        contest = public_contest(db, slug) if public else queries.contest_by_slug(db, slug)
        frame = board.frame_of(db, contest, audience)
        contest_id = contest.id
    if frame is None:
        refresh(contest_id)
        with reading() as db:
            frame = board.frame_of(db, db.get_one(Contest, contest_id), audience)
    if frame is None:
        raise NotFound
    return contest, frame


def as_json(slug: str, audience: Audience, *, whole_board: bool) -> Response:
    """The frame or the whole board as JSON, with an ETag; 304 when the asker has it."""
    if request.if_none_match:
        # A hall of polling phones asks this: the bodies stay where they are while nothing has changed.
        with reading() as db:
            newest = board.revision_of(db, slug, audience)
        if newest is not None and request.if_none_match.contains_weak(_etag(*newest, audience)):
            return _fresh(Response(status=304), _etag(*newest, audience), audience)
    contest, frame = stored_frame(slug, audience)
    response = Response(frame.board if whole_board else frame.frame, mimetype="application/json")
    return _fresh(response, _etag(contest.epoch, frame.revision, audience), audience)


def _etag(epoch: str, revision: int, audience: Audience) -> str:
    return f"{epoch}-{audience.value}-{revision}"


def _fresh(response: Response, etag: str, audience: Audience) -> Response:
    response.set_etag(etag)
    response.headers["Cache-Control"] = "no-cache" if audience is Audience.PUBLIC else "private, no-cache"
    return response


def stream(slug: str, audience: Audience) -> Response:
    """The live stream of one audience: the current frame at once, then every change. 503 when this worker is full."""
    contest, frame = stored_frame(slug, audience)
    here = hub()
    if here.open >= here.most:
        full = Response(json.dumps({"poll": POLL_SECONDS}), status=503, mimetype="application/json")
        full.headers["Retry-After"] = str(POLL_SECONDS)
        return full
    channel = here.channels[contest.id, audience]
    channel.push(frame.revision, frame.frame)
    after = request.headers.get("Last-Event-ID", request.args.get("after", ""))
    seen = int(after) if after.isdecimal() and after.isascii() and len(after) < 10 else 0
    response = Response(_events(here, channel, seen if seen <= channel.revision else 0), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _events(here: Hub, channel: Channel, seen: int) -> Iterator[bytes]:
    here.open += 1
    try:
        yield b"retry: 2000\n: hello\n\n"
        while not channel.over:
            if channel.revision > seen:
                seen, frame = channel.revision, channel.frame
                yield b"id: %d\nevent: frame\ndata: %s\n\n" % (seen, frame)
                continue
            channel.wait(seen, here.comment_seconds)
            if channel.revision <= seen and not channel.over:
                yield b": still here\n\n"
    finally:
        here.open -= 1
