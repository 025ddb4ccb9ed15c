"""The door: scan a pass or find a name, check in, take it back. A pass's QR is a plain address (`/pass/<token>`)."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from contest import queries, welcoming
from contest.errors import NotFound
from contest.models import Account, CheckIn, Contest, Entry
from contest.rules import Rules
from registration.arrivals import about, guest_json, scanned
from registration.blueprint import blueprint
from web import links, live
from web.db import reading
from web.errors import wants_json
from web.roles import WELCOMING, actor, duties

MOST_TYPED = 300


@blueprint.get("/checkin/<slug>")
def door(slug: str) -> str:
    """Who is expected and who has come, with a box for scanners; the result of a scan sent without scripts."""
    with reading() as db:
        contest = queries.contest_by_slug(db, slug)
        found = welcoming.guests(db, contest)
        typed = request.args.get("q", "")[:MOST_TYPED]
        came = next((each for each in found if each.entry.public_id == request.args.get("entry")), None)
        rules = _rules(db, contest)
        return render_template(
            "registration/door.html", contest=contest, guests=found, shown=welcoming.matching(found, typed), q=typed,
            came=came, again="again" in request.args, tally=welcoming.count(found), now=live.now(),
            door_name=session.get("door", ""), rows=[guest_json(each, contest, rules) for each in found],
            about=lambda guest: about(guest, rules),
        )  # fmt: skip


@blueprint.get("/checkin/<slug>/list.json")
def door_list(slug: str) -> Response:
    """The same list for the page's script: what other doors did meanwhile."""
    with reading() as db:
        contest = queries.contest_by_slug(db, slug)
        found = welcoming.guests(db, contest)
        rules = _rules(db, contest)
        guests = [guest_json(each, contest, rules) for each in found]
        return jsonify(counts=welcoming.count(found), guests=guests)


@blueprint.post("/checkin/<slug>")
def check_in(slug: str) -> Response:
    """Check in whoever was scanned, typed or tapped. A second scan is told who let the contestant in, and when."""
    name = request.form.get("door", "").strip()
    if session.get("door", "") != name[:64]:
        session["door"] = name[:64]
    with live.changing(slug) as (db, contest):
        met = scanned(db, contest, request.form.get("code", "")[:MOST_TYPED], request.form.get("entry"))
        if len(met) != 1:
            return _not_found(db, contest, met)
        account = db.get_one(Account, current_user.id)
        done = welcoming.check_in(
            db, contest, entry=met[0].entry, account=account, door=name, press=request.form.get("press", ""),
            waited=_waited(), by=actor(), now=live.now(),
        )  # fmt: skip
        return _welcomed(db, contest, done)


@blueprint.post("/checkin/<slug>/undo")
def undo_check_in(slug: str) -> Response:
    """Take a check-in back."""
    with live.changing(slug) as (db, contest):
        undone = welcoming.undo_check_in(
            db, contest, public_id=request.form.get("check_in", ""), reason=request.form.get("reason", ""),
            by=actor(), now=live.now(),
        )  # fmt: skip
        found = welcoming.guests(db, contest)
        rules = _rules(db, contest)
        row = next((guest_json(each, contest, rules) for each in found if each.entry.id == undone.entry_id), None)
    if wants_json():
        return jsonify(result="undone", guest=row, counts=welcoming.count(found))
    flash(_("已撤销签到。"), "success")
    return redirect(url_for(".door", slug=slug), code=303)


@blueprint.get("/pass/<token>")
def open_pass(token: str) -> str:
    """What a pass's code opens: the card of its entry for who welcomes there, else a page that tells nothing."""
    opened = links.open_token("pass", token)
    with reading() as db:
        entry = queries.only(db, select(Entry).where(Entry.public_id == opened.public_id))
        contest = entry.contest
        if not current_user.is_authenticated or not duties(db, current_user.id, contest) & WELCOMING:
            return render_template("registration/pass_closed.html", contest=contest)
        return render_template(
            "registration/pass_open.html", contest=contest, guest=welcoming.guest_of(db, contest, entry),
            door_name=session.get("door", ""), tally=welcoming.count(welcoming.guests(db, contest)),
            about=lambda guest: about(guest, _rules(db, contest)),
        )  # fmt: skip


def _rules(db: Session, contest: Contest) -> Rules:
    return queries.rules_of(queries.rule_version(db, contest))


def _waited() -> timedelta:
    """How long the device kept the scan, in seconds, by its own clock."""
    text = request.form.get("waited", "")
    return timedelta(seconds=int(text)) if text.isdecimal() and text.isascii() and len(text) < 7 else timedelta(0)


def _welcomed(db: Session, contest: Contest, done: welcoming.Welcomed) -> Response:
    entry = db.get_one(CheckIn, done.check_in.id).entry
    guest = welcoming.guest_of(db, contest, entry)
    if wants_json():
        counts = welcoming.count(welcoming.guests(db, contest))
        result = "ok" if done.fresh else "again"
        return jsonify(result=result, guest=guest_json(guest, contest, _rules(db, contest)), counts=counts)
    again = None if done.fresh else "1"
    return redirect(url_for(".door", slug=contest.slug, entry=entry.public_id, again=again), code=303)


def _not_found(db: Session, contest: Contest, met: list[welcoming.Guest]) -> Response:
    if request.form.get("entry"):
        raise NotFound
    if wants_json():
        rules = _rules(db, contest)
        rows = [guest_json(each, contest, rules) for each in met]
        return jsonify(result="several" if met else "unknown", guests=rows)
    return redirect(url_for(".door", slug=contest.slug, q=request.form.get("code", "")[:MOST_TYPED]), code=303)
