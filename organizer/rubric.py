"""HTTP in, HTTP out: the rules of marking, edited in a draft beside a trial, put in force before the first mark."""

from __future__ import annotations

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from contest import drafting, settling
from contest import queries as shared
from contest.models import Account, RuleDraft
from contest.refusals import DraftMoved, RoundInUse, RulesFixed
from contest.rules import RuleFileError, Rules, read_rules
from organizer import rubric_draft, rubric_stages, rubric_words, rules_form
from organizer.blueprint import blueprint
from organizer.rubric_draft import Desk
from organizer.rubric_marks import make_trial
from organizer.rubric_trial import Trial
from organizer.typed import Typed
from web import live
from web.db import reading, writing
from web.errors import CONFLICT, wants_json
from web.roles import actor
from web.sentences import sentence
from web.words import language, shown_time

RUBRIC = "/admin/contests/<slug>/rubric"
UNFIT = 422
Page = str | tuple[str, int]
Shown = Page | AnyResponse | tuple[AnyResponse, int]


@blueprint.get(RUBRIC)
def rubric(slug: str) -> Page:
    """The rules as they are being edited, or those that count, and a trial beside them."""
    with reading() as db:
        desk = rubric_draft.open_desk(db, shared.contest_by_slug(db, slug), request.args.get("round"))
        return _page(desk, view=request.args.get("view", ""))


@blueprint.post(f"{RUBRIC}/draft")
def save_rubric(slug: str) -> Shown:
    """Keep what the form says in the draft; adding a row only shows it."""
    typed, act = Typed(request.form), request.form.get("act", "")
    if act:
        with reading() as db:
            desk = rubric_draft.open_desk(db, shared.contest_by_slug(db, slug), typed.value("round"))
            rubric_draft.arrange(desk, typed, act)
            if act == "add":
                return _page(desk, typed=typed)
    return _save(slug, typed, "")


@blueprint.post(f"{RUBRIC}/file")
def save_rule_file(slug: str) -> Shown:
    """Keep a rule file that was typed or uploaded as the draft."""
    return _save(slug, Typed(request.form), "file")


@blueprint.post(f"{RUBRIC}/preset")
def take_preset(slug: str) -> Shown:
    """Let a preset be the draft from now on."""
    return _save(slug, Typed(request.form), "preset")


@blueprint.get(f"{RUBRIC}/rules.toml")
def draft_rule_file(slug: str) -> Response:
    """The rule file as it is on the page: the draft, else the one that counts."""
    with reading() as db:
        desk = rubric_draft.open_desk(db, shared.contest_by_slug(db, slug), None)
    answer = Response(desk.source, mimetype="application/toml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-rules.toml"'
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@blueprint.post(f"{RUBRIC}/force")
def put_rules_in_force(slug: str) -> Shown:
    """Let the draft count from now on, before the first mark."""
    typed = Typed(request.form)
    try:
        with live.changing(slug) as (db, contest):
            version = settling.put_draft_in_force(
                db, contest, seen=typed.value("seen"), by=actor(), now=live.now()
            )  # fmt: skip
            number = version.number
    except (DraftMoved, RoundInUse, RulesFixed, RuleFileError) as error:
        return _refused(slug, typed, error)
    flash(_("规则已启用，现在是第 %(number)s 版。", number=number), "success")
    return redirect(url_for(".rubric", slug=slug, round=typed.value("round")), code=303)


@blueprint.post(f"{RUBRIC}/drop")
def drop_rule_draft(slug: str) -> Shown:
    """Forget the draft; what counts is on the page again."""
    typed = Typed(request.form)
    try:
        with writing() as db:
            drafting.drop_draft(db, shared.contest_by_slug(db, slug), seen=typed.value("seen"))
    except DraftMoved as error:
        return _refused(slug, typed, error)
    flash(_("草稿已丢弃，显示的是正在使用的规则。"), "success")
    return redirect(url_for(".rubric", slug=slug), code=303)


@blueprint.post(f"{RUBRIC}/trial")
def try_rules(slug: str) -> Shown:
    """Try marks by the rules on the page, as typed or as stored; nothing is kept."""
    typed = Typed(request.form)
    with reading() as db:
        desk = rubric_draft.open_desk(db, shared.contest_by_slug(db, slug), typed.value("round"))
        rules = _typed_rules(desk, typed)
        if rules is None:
            return jsonify(errors=typed.errors), UNFIT
        trial = make_trial(rules, desk.code if desk.code in rules.rounds else next(iter(rules.rounds)), typed)
        if not wants_json():
            return _page(desk, trial=trial)
        return _trial_json(trial)


def _typed_rules(desk: Desk, typed: Typed) -> Rules | None:
    """The rules a trial goes by: of the form or the text that came with it, else those on the desk."""
    source = typed.values.get("source", "")
    if source == "form":
        found = rubric_draft.read_form(desk, typed)
    elif source == "file":
        found = rubric_draft.read_file(typed)
    else:
        return desk.rules
    return None if found is None else read_rules(found)


def _trial_json(trial: Trial) -> Shown:
    answer = trial.answer() | {"shape": trial.shape, "left_out": trial.left_out()}
    answer["result"] = render_template("organizer/rubric/result.html", trial=trial)
    if trial.typed.value("shape") != trial.shape or trial.typed.value("act", "try") != "try":
        answer["marks"] = render_template("organizer/rubric/marks.html", trial=trial)
    return (jsonify(answer), UNFIT) if trial.typed.errors else jsonify(answer)


def _save(slug: str, typed: Typed, view: str) -> Shown:
    """Read what was sent, keep it as the draft, and answer a script with what it shows, a form with the page."""
    read = {"file": rubric_draft.read_file, "preset": rubric_draft.read_preset}.get(view)
    try:
        with writing() as db:
            contest = shared.contest_by_slug(db, slug)
            desk = rubric_draft.open_desk(db, contest, typed.value("round"))
            source = read(typed) if read else rubric_draft.read_form(desk, typed)
            if source is None:
                return _unfit(desk, typed, view)
            if desk.draft is not None or source != desk.version.source:
                drafting.save_draft(
                    db, contest, source=source, seen=typed.value("seen"), now=live.now(),
                    account=db.get_one(Account, current_user.id),
                )  # fmt: skip
            if wants_json():
                return _saved_json(rubric_draft.open_desk(db, contest, typed.value("round")), view)
    except DraftMoved as error:
        return _refused(slug, typed, error, view)
    flash(_("已保存到草稿，启用之前不影响比赛。"), "success")
    return redirect(url_for(".rubric", slug=slug, round=typed.value("round") or None, view=view or None), code=303)


def _unfit(desk: Desk, typed: Typed, view: str) -> Shown:
    return (jsonify(errors=typed.errors), UNFIT) if wants_json() else _page(desk, typed=typed, view=view, status=UNFIT)


def _refused(
    slug: str, typed: Typed, error: DraftMoved | RoundInUse | RulesFixed | RuleFileError, view: str = ""
) -> Shown:
    """The page again with what was typed, and why nothing was done."""
    said = error.in_(language()) if isinstance(error, RuleFileError) else sentence(error)
    if wants_json():
        return jsonify(errors={"form": said}, moved=isinstance(error, DraftMoved)), CONFLICT
    typed.refuse("form", said)
    with reading() as db:
        desk = rubric_draft.open_desk(db, shared.contest_by_slug(db, slug), typed.value("round"))
        return _page(desk, typed=typed, view=view, status=CONFLICT)


def _saved_json(desk: Desk, view: str) -> AnyResponse:
    round_ = desk.rules.rounds[desk.code]
    said = rubric_words.method(desk.rules, round_)
    return jsonify(
        described=render_template("organizer/rubric/words.html", **_told(desk)) if view == "file" else "",
        least=said[0].note, tag=desk.tag,
        saved=_saved_at(desk.draft, desk.contest.time_zone), differs=desk.differs,
        codes=[each.id for each in round_.criteria], bands=[rubric_draft.bands(each) for each in round_.criteria],
        penalties=rubric_words.penalties(round_), ties=rubric_words.ties(desk.rules, round_),
    )  # fmt: skip


def _told(desk: Desk) -> dict[str, object]:
    """What a page says of the round in words."""
    round_ = desk.rules.rounds[desk.code]
    return {
        "round": round_, "method": rubric_words.method(desk.rules, round_), "words": rubric_words,
        "others": rubric_words.others(desk.rules, desk.code), "bands": rubric_draft.bands,
        "mark_words": rubric_stages.mark_words,
    }  # fmt: skip


def _saved_at(draft: RuleDraft | None, zone: str) -> str:
    return "" if draft is None else shown_time(draft.changed_at, zone, "HH:mm")


def _page(
    desk: Desk, *, typed: Typed | None = None, trial: Trial | None = None, view: str = "", status: int = 200
) -> Page:
    form = typed if typed is not None and rubric_draft.rows(desk, typed) else rubric_draft.stored_form(desk)
    page = render_template(
        "organizer/rubric.html", contest=desk.contest, desk=desk, typed=typed or Typed(), form=form, view=view,
        **_told(desk), rounds=[(code, each.title.in_(language())) for code, each in desk.rules.rounds.items()],
        saved=_saved_at(desk.draft, desk.contest.time_zone), limits=rules_form,
        rows=rubric_draft.rows(desk, form), presets=list(rubric_draft.presets()),
        text=(typed or Typed()).value("text", desk.source.decode("utf-8", "replace")),
        trial=trial or make_trial(desk.rules, desk.code, Typed()),
    )  # fmt: skip
    return page if status == 200 else (page, status)
