"""HTTP in, HTTP out: the account's contests, and a contest's home with what is to be done."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from contest import planning
from contest import queries as shared
from organizer import queries
from organizer.alerts import alerts
from organizer.blueprint import blueprint
from organizer.staff import owners
from organizer.today import today
from organizer.typed import Typed
from web import live
from web.db import reading, writing
from web.roles import offices
from web.words import language

Page = str | tuple[str, int]


@blueprint.get("/admin")
def home() -> str:
    """The contests this account has a part in, and the way to a new one for who works for an organization."""
    with reading() as db:
        return render_template(
            "organizer/home.html", contests=queries.mine(db, current_user.id), now=live.now(),
            makes=bool(offices(current_user.id)),
        )  # fmt: skip


@blueprint.get("/admin/contests/<slug>")
def overview(slug: str) -> Page:
    """A contest's home: registrations, tasks, reminders, quotas, what comes next."""
    return _page(slug, Typed(), 200)


@blueprint.post("/admin/contests/<slug>/tasks")
def add_task(slug: str) -> Page | Response:
    """Note something to do."""
    typed = Typed(request.form)
    title, owner, due = typed.line("title", needed=True), typed.line("owner"), typed.line("due", most=64)
    if typed.errors:
        return _page(slug, typed, 422)
    with writing() as db:
        found = shared.contest_by_slug(db, slug)
        task = planning.add_task(db, found, title=title, owner=owner, due=due, now=live.now())
        unread = bool(task.due) and task.due_at is None
    flash(_("已记下。没有看懂「%(due)s」是哪一天，到期不会提醒。", due=due) if unread else _("待办已添加。"), "success")
    return redirect(url_for(".overview", slug=slug, _anchor="tasks"), code=303)


@blueprint.post("/admin/contests/<slug>/tasks/<task>")
def tick_task(slug: str, task: str) -> Response:
    """Tick a task off, open it again, or delete it."""
    act = request.form.get("act", "done")
    with writing() as db:
        found = shared.contest_by_slug(db, slug)
        if act == "delete":
            planning.remove_task(db, found, public_id=task)
        else:
            planning.tick_task(db, found, public_id=task, done=act == "done", now=live.now())
    return redirect(url_for(".overview", slug=slug, _anchor="tasks"), code=303)


def _page(slug: str, typed: Typed, status: int) -> Page:
    with reading() as db:
        found = shared.contest_by_slug(db, slug)
        shown = today(db, found, lang=language(), now=live.now())
        reminders = alerts(db, found, shown, lang=language(), now=live.now())
        page = render_template(
            "organizer/overview.html", contest=found, shown=shown, alerts=reminders, typed=typed, now=live.now(),
            owners=owners(db, found), clones=found.organization_id in offices(current_user.id),
            counts={"organizer.entries": shown.registrations.waiting},
        )  # fmt: skip
    return page, status
