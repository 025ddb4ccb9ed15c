"""HTTP in, HTTP out: the record (操作记录): every change with before, after, who, when and why. It changes nothing."""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import Any
from urllib.parse import quote

from flask import Response, abort, render_template, request
from sqlalchemy.orm import Session

from contest import ledger, proving
from contest import queries as shared
from contest.models import Contest
from contest.proving import Proof
from organizer import audit_lines
from organizer.audit_filter import Asked
from organizer.blueprint import blueprint
from web import live, workbooks
from web.changes import kind_words
from web.db import reading
from web.limits import limiter

# A longer ledger is proved on the server by `flask ledger verify`: a worker serves the hall meanwhile.
MOST_PROVED = 10_000
_proving: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


@blueprint.get("/admin/contests/<slug>/audit")
def audit(slug: str) -> str:
    """The record, newest first, fifty to a page, as its filter asks."""
    asked = Asked.read(slug, request.args)
    with reading() as db:
        found = shared.contest_by_slug(db, slug)
        rows, following = asked.page(db, found)
        return render_template(
            "organizer/audit.html", contest=found, asked=asked, lines=audit_lines.lines(db, found, rows),
            following=following, count=asked.count(db, found), head=ledger.head_of(db, found), **_choices(db, found),
        )  # fmt: skip


@blueprint.get("/admin/contests/<slug>/audit/minutes")
def audit_minutes(slug: str) -> str:
    """The record to print and sign, the oldest first."""
    asked = Asked.read(slug, request.args)
    with reading() as db:
        found = shared.contest_by_slug(db, slug)
        rows = list(db.scalars(asked.rows(db, found).limit(audit_lines.MOST_PRINTED)))[::-1]
        choices = _choices(db, found)
        return render_template(
            "organizer/audit_minutes.html", contest=found, asked=asked, lines=audit_lines.lines(db, found, rows),
            count=asked.count(db, found), head=ledger.head_of(db, found), now=live.now(),
            filter=audit_lines.in_words(asked, choices),
        )  # fmt: skip


@blueprint.get("/admin/contests/<slug>/audit/record.<form>")
def audit_table(slug: str, form: str) -> Response:
    """The record as a spreadsheet, or as comma-separated text."""
    if form not in ("xlsx", "csv"):
        abort(404)
    asked = Asked.read(slug, request.args)
    with reading() as db:
        found = shared.contest_by_slug(db, slug)
        rows = list(db.scalars(asked.rows(db, found).limit(audit_lines.MOST_IN_TABLE)))
        page = audit_lines.table(found, audit_lines.lines(db, found, rows), asked.count(db, found))
        data = workbooks.write([page]) if form == "xlsx" else audit_lines.as_csv(page)
        answer = Response(data, mimetype=workbooks.MEDIA_TYPE if form == "xlsx" else "text/csv")
        name = quote(f"{found.title}-{page.name}.{form}")
        answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        answer.headers["Cache-Control"] = "no-store"
        return answer


@blueprint.get("/admin/contests/<slug>/audit/proof")
@limiter.limit("20 per minute")
def audit_proof(slug: str) -> str:
    """Prove the ledger: the chain, what it says against what is stored, and the seals made from it."""
    with reading() as db:
        found = shared.contest_by_slug(db, slug)
        head = ledger.head_of(db, found)
        proof, busy = (None, False) if head.seq > MOST_PROVED else _prove(db, found)
        return render_template(
            "organizer/audit_proof.html", contest=found, proof=proof, busy=busy, head=head, now=live.now(),
            most=MOST_PROVED, fault_word=audit_lines.fault_word,
        )  # fmt: skip


def _prove(db: Session, contest: Contest) -> tuple[Proof | None, bool]:
    """The proof; (None, True) while another request is proving the same contest."""
    lock = _proving[contest.public_id]
    if not lock.acquire(blocking=False):
        return None, True
    try:
        return proving.prove(db, contest), False
    finally:
        lock.release()


def _choices(db: Session, contest: Contest) -> dict[str, Any]:
    rules = shared.rules_of(shared.rule_version(db, contest))
    return {
        "kinds": kind_words(), "rounds": audit_lines.rounds(contest, rules),
        "people": audit_lines.people(db, contest),
    }  # fmt: skip
