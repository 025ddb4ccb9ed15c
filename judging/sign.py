"""HTTP in, HTTP out: a judge looks at all own marks of a round and signs them with a finger or the typed name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from contest import queries, signing
from contest.models import Lease
from contest.refusals import SignatureRefused
from contest.rules import Criterion, RoundRules
from contest.rules.sheets import sum_of
from judging.blueprint import blueprint
from judging.seats import own_lease
from web import live
from web.db import reading, writing
from web.sentences import sentence
from web.words import language


@dataclass(frozen=True)
class Row:
    """A line of the list: a contestant's number and title, the marks as words and figures, the total, the receipt."""

    number: str
    title: str
    marks: list[tuple[str, str]]
    total: str
    seq: int | None
    digits: str


@dataclass(frozen=True)
class Part:
    """A round on the page: its title, the judge's lines, and where its signature stands."""

    own: signing.OwnSheets
    title: str
    rows: list[Row]

    @property
    def is_open(self) -> bool:
        """Whether it may be signed now."""
        return self.own.round.state in signing.SIGNABLE


@blueprint.get("/judge/seats/<seat>/sign")
def signing_list(seat: str) -> Response:
    """All own marks, round by round, and the place to sign them."""
    return _page(seat)


@blueprint.post("/judge/seats/<seat>/sign")
def sign(seat: str) -> AnyResponse:
    """Sign a round. It needs the server: a signature is bound to what the server holds."""
    sent = {name: request.form.get(name, "") for name in ("round", "digest", "strokes", "typed")}
    try:
        with writing() as db:
            lease = own_lease(db, seat)
            contest = lease.sitting.seat.panel.contest
            signing.sign(
                db, contest, lease=lease, round_=queries.round_of(db, contest, sent["round"]), digest=sent["digest"],
                strokes=sent["strokes"], typed=sent["typed"], now=live.now(),
            )  # fmt: skip
    except SignatureRefused as error:
        return _page(seat, wrong=(sent["round"], sentence(error)), typed=sent["typed"])
    flash(_("已签名，评分表可以打印了。"), "success")
    return redirect(url_for(".signing_list", seat=seat), code=303)


def _page(seat: str, wrong: tuple[str, str] | None = None, typed: str = "") -> Response:
    with reading() as db:
        lease = own_lease(db, seat)
        page = render_template(
            "judging/sign.html", seat=lease.sitting.seat, judge=lease.sitting.person.name, parts=_parts(db, lease),
            contest=lease.sitting.seat.panel.contest, wrong=wrong, typed=typed, wide=signing.WIDE, tall=signing.TALL,
        )  # fmt: skip
    response = make_response(page, 422 if wrong else 200)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _parts(db: Session, lease: Lease) -> list[Part]:
    contest = lease.sitting.seat.panel.contest
    rules = queries.rules_of(queries.rule_version(db, contest))
    found = []
    for own in signing.own_sheets(db, contest, sitting=lease.sitting):
        rows = [_row(line, queries.round_rules(rules, line.appearance)) for line in own.lines]
        found.append(Part(own, rules.rounds[own.round.code].title.in_(language()), rows))
    return found


def _row(line: signing.SheetLine, rules: RoundRules) -> Row:
    given = {mark.criterion: mark.value for mark in line.sheet.marks} if line.sheet else {}
    whole = rules.sheet_max is not None and all(each.id in given for each in rules.criteria)
    marks = [(each.title.in_(language()), _mark(each, given)) for each in rules.criteria if each.id in given]
    return Row(
        line.appearance.number, line.appearance.entry.title or "", marks, f"{sum_of(rules, given):f}" if whole else "",
        line.sheet.ledger_seq if line.sheet else None, (line.hash or "")[:8],
    )  # fmt: skip


def _mark(criterion: Criterion, given: Mapping[str, Decimal]) -> str:
    value = given[criterion.id]
    level = criterion.level_of(value)
    return f"{value:f}" if level is None else level.title.in_(language())
