"""HTTP in, HTTP out: other rules for a contest that is being judged: proposed, confirmed, taken back; all versions."""

from __future__ import annotations

from flask import Response as PlainResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from contest import amending, drafting, settling
from contest import queries as shared
from contest.errors import NothingProposed, ReasonMissing, TextRefused
from contest.models import Account, RuleVersion
from contest.refusals import DraftMoved
from contest.rules import RuleFileError
from organizer.blueprint import blueprint
from organizer.rule_history import room
from organizer.typed import Typed
from web import live
from web.db import reading, writing
from web.roles import actor
from web.sentences import sentence
from web.words import language

CHANGE = "/admin/contests/<slug>/rubric/change"
MOST_BYTES = 128 * 1024
Page = str | tuple[str, int]


@blueprint.get(CHANGE)
def rule_change(slug: str) -> Page:
    """What is proposed or drafted, what it would move, and every version so far."""
    return _page(slug, Typed(), 200)


@blueprint.post(f"{CHANGE}/file")
def upload_rules(slug: str) -> Page | Response:
    """A rule file from outside becomes the draft, to be looked at before anybody proposes it."""
    typed = Typed(request.form)
    sent = request.files.get("file")
    data = sent.stream.read(MOST_BYTES + 1) if sent is not None else b""
    if not data:
        typed.refuse("file", _("请选择一个规则文件（.toml）。"))
        return _page(slug, typed, 422)
    try:
        with writing() as db:
            found = shared.contest_by_slug(db, slug)
            account = db.get_one(Account, current_user.id)
            seen = typed.values.get("seen", drafting.NOTHING)
            drafting.save_draft(db, found, source=data, seen=seen, account=account, now=live.now())
    except RuleFileError as error:
        typed.refuse("file", error.in_(language()))
    except DraftMoved as error:
        typed.refuse("file", error)
    return _page(slug, typed, 422) if typed.errors else _back(slug, _("规则文件已读入草稿，还没有启用。"))


@blueprint.post(CHANGE)
def propose_rules(slug: str) -> Page | Response:
    """Propose the draft as it was looked at; in an office of one it counts at once."""
    typed = Typed(request.form)
    try:
        with live.changing(slug) as (db, found):
            draft = drafting.read_draft(db, found)
            if draft is None:
                raise NothingProposed
            if draft.tag != typed.values.get("seen"):
                raise DraftMoved(who=draft.account.display_name, at=draft.changed_at)
            account = db.get_one(Account, current_user.id)
            change = amending.propose(
                db, found, rules=drafting.rules_of_draft(draft), reason=typed.values.get("reason", ""),
                account=account, by=actor(), now=live.now(),
            )  # fmt: skip
            alone = change.alone
    except (ReasonMissing, TextRefused) as error:
        typed.refuse("reason", error)
        return _page(slug, typed, 422)
    return _back(slug, _("新规则已启用。") if alone else _("已提出，请另一位组委会成员登录后确认。"))


@blueprint.post(f"{CHANGE}/<change>/confirm")
def confirm_rules(slug: str, change: str) -> Response:
    """The second person's yes: the proposed rules count from now on."""
    with live.changing(slug) as (db, found):
        account = db.get_one(Account, current_user.id)
        amending.confirm(db, found, public_id=change, account=account, by=actor(), now=live.now())
    return _back(slug, _("新规则已启用。"))


@blueprint.post(f"{CHANGE}/<change>/withdraw")
def withdraw_rules(slug: str, change: str) -> Response:
    """Take an open proposal back; the draft stays."""
    with live.changing(slug) as (db, found):
        amending.withdraw(db, found, public_id=change, by=actor(), now=live.now())
    return _back(slug, _("申请已撤回。"))


@blueprint.get("/admin/contests/<slug>/rubric/versions/<int:number>.toml")
def rule_file(slug: str, number: int) -> PlainResponse:
    """A version's rule file, byte for byte as it counted."""
    with reading() as db:
        found = shared.contest_by_slug(db, slug)
        version = shared.only(
            db, select(RuleVersion).where(RuleVersion.contest_id == found.id, RuleVersion.number == number)
        )
        response = PlainResponse(version.source, mimetype="application/toml")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-rules-{number}.toml"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _back(slug: str, said: str) -> Response:
    flash(said, "success")
    return redirect(url_for(".rule_change", slug=slug), code=303)


def _page(slug: str, typed: Typed, status: int) -> Page:
    with reading() as db:
        found = shared.contest_by_slug(db, slug)
        page = render_template(
            "organizer/rule_change.html", contest=found, room=room(db, found, lang=language()), typed=typed,
            me=current_user.id, sentence=sentence, room_here="organizer.rubric",
            marked=settling.is_marked(db, found),
        )  # fmt: skip
    return page, status
