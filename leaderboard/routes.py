"""HTTP in, HTTP out: the public home and board, the big screens, and their live streams."""

from __future__ import annotations

import json

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contest.errors import NotFound
from contest.models import Audience, Contest, Screen
from leaderboard import demo, demo_page, queries
from web import links, live, qr
from web.db import reading
from web.roles import offices
from web.words import language

blueprint = Blueprint("leaderboard", __name__)


@blueprint.get("/")
def index() -> str:
    """The contests of this installation; where it is a demo, the way in as anyone and the final that plays itself."""
    with reading() as db:
        contests = queries.contests(db, language())
    if demo.is_on():
        try:
            return render_template("leaderboard/demo.html", contests=contests, **demo_page.parts())
        except NotFound:
            pass  # The demo is not made yet: the start goes on making it.
    return render_template("index.html", contests=contests, reach=_reach())


def _reach() -> dict[str, object] | None:
    """For an organizer: the code that tests whether a phone gets through to this machine."""
    if not current_user.is_authenticated or not offices(current_user.id):
        return None
    address = links.absolute("guide.status", **{"from": "qr"})
    return {"svg": qr.svg(address, label=_("打开网站状态的二维码")), "base": address.partition("/status")[0]}


@blueprint.get("/contests/<slug>/board")
def board(slug: str) -> str:
    """The public leaderboard; readable without scripts, live with them."""
    _contest, stored = live.stored_frame(slug, Audience.PUBLIC)
    frame, whole = json.loads(stored.frame), json.loads(stored.board)
    urls = {
        "stream": url_for(".stream", slug=slug), "frame": url_for(".frame_json", slug=slug),
        "board": url_for(".board_json", slug=slug),
    }  # fmt: skip
    return render_template("leaderboard/board.html", contest=frame["contest"], frame=frame, board=whole, urls=urls)


@blueprint.get("/contests/<slug>/board.json")
def board_json(slug: str) -> Response:
    """The whole public board."""
    return live.as_json(slug, Audience.PUBLIC, whole_board=True)


@blueprint.get("/contests/<slug>/frame.json")
def frame_json(slug: str) -> Response:
    """The newest public frame."""
    return live.as_json(slug, Audience.PUBLIC, whole_board=False)


@blueprint.get("/contests/<slug>/stream")
def stream(slug: str) -> Response:
    """The public live stream."""
    return live.stream(slug, Audience.PUBLIC)


@blueprint.get("/screen/<token>")
def screen(token: str) -> str:
    """A big screen: opened once, then steered by the desk."""
    contest = contest_of_screen(token)
    _contest, stored = live.stored_frame(contest.slug, Audience.SCREEN)
    frame = json.loads(stored.frame)
    address = links.absolute("audience.live", slug=contest.slug)
    urls = {
        "stream": url_for(".screen_stream", token=token), "frame": url_for(".screen_frame_json", token=token),
        "board": url_for(".screen_board_json", token=token),
    }  # fmt: skip
    return render_template(
        "leaderboard/screen.html", contest=frame["contest"], frame=frame, board=json.loads(stored.board), urls=urls,
        organizers=[contest.organization.name], board_address=address.partition("://")[2],
        qr_svg=qr.svg(address, label=_("扫码看实时成绩")),
    )  # fmt: skip


@blueprint.get("/screen/<token>/board.json")
def screen_board_json(token: str) -> Response:
    """The whole board for a big screen."""
    return live.as_json(contest_of_screen(token).slug, Audience.SCREEN, whole_board=True)


@blueprint.get("/screen/<token>/frame.json")
def screen_frame_json(token: str) -> Response:
    """The newest frame for a big screen."""
    return live.as_json(contest_of_screen(token).slug, Audience.SCREEN, whole_board=False)


@blueprint.get("/screen/<token>/stream")
def screen_stream(token: str) -> Response:
    """A big screen's live stream."""
    return live.stream(contest_of_screen(token).slug, Audience.SCREEN)


def contest_of_screen(token: str) -> Contest:
    """The contest a screen's private link belongs to. Raises NotFound where the link is wrong or revoked."""
    opened = links.open_token("screen", token)
    with reading() as db:
        found = db.scalars(
            select(Screen).where(Screen.public_id == opened.public_id)
            .options(joinedload(Screen.contest).joinedload(Contest.organization))
        ).one_or_none()  # fmt: skip
    if found is None or found.generation != opened.generation:
        raise NotFound
    return found.contest
