"""HTTP in, HTTP out: the buttons of a demo's first page. Where there is no demo they do not exist."""

from __future__ import annotations

import secrets

from flask import current_app, flash, redirect, session, url_for
from flask_babel import gettext as _
from flask_login import login_user
from werkzeug.wrappers import Response

from contest.errors import NotFound
from leaderboard import demo, demo_page, jobs
from leaderboard.routes import blueprint
from web import signs
from web.jobs import later
from web.limits import limiter
from web.roles import SignedIn


@blueprint.post("/demo/as/<role>")
@limiter.limit("120 per minute")
def demo_as(role: str) -> Response:
    """Sign in as the demo's account of this role, and go to where it works."""
    _must_be_on()
    if role not in demo.ACCOUNTS:
        raise NotFound
    account = demo.account_of(current_app.extensions["lectern_settings"], role)
    session.permanent = True
    login_user(SignedIn.of(account))
    flash(_("您现在是演示账号：%(name)s", name=account.display_name), "success")
    return redirect(demo_page.room(role), code=303)


@blueprint.post("/demo/play")
@limiter.limit("30 per minute")
def demo_play() -> Response:
    """Have the final play by itself; while it plays, another press only says so."""
    _must_be_on()
    if jobs.is_playing():
        flash(_("演示正在进行，请看看板和大屏。"), "info")
    elif not signs.worker_is_alive():
        flash(_("后台任务没有运行，演示开始不了。请用 make run 启动。"), "error")
    else:
        run = secrets.token_hex(8)
        jobs.say(run, jobs.CONTESTANTS)
        later(jobs.play, run=run, left=jobs.CONTESTANTS)
        flash(_("演示开始了：看板和大屏几秒内就会动起来。"), "success")
    return redirect(url_for(".index"), code=303)


@blueprint.post("/demo/restart")
@limiter.limit("30 per minute")
def demo_restart() -> Response:
    """Stop the play and make the demo anew."""
    _must_be_on()
    jobs.say("", 0)
    later(jobs.restart)
    flash(_("演示正在恢复到开头，几秒钟就好。"), "success")
    return redirect(url_for(".index"), code=303)


def _must_be_on() -> None:
    if not demo.is_on():
        raise NotFound
