"""HTTP in, HTTP out: the page where a judge's receipt is held against the sealed result."""

from __future__ import annotations

from flask import Response, make_response, render_template, request

from audience.blueprint import blueprint
from contest import queries, receipts, sealing
from contest.receipts import ALL_DIGITS, LEAST_DIGITS
from web import live
from web.db import reading
from web.limits import limiter
from web.roles import public_contest
from web.words import language

LONGEST_NUMBER = 9


@blueprint.get("/contests/<slug>/receipt")
@limiter.limit("600 per minute")
def receipt(slug: str) -> Response:
    """The form, and what became of the sheet whose number and hash were typed. It never tells a mark."""
    number, digits = (request.args.get(name, "").strip().replace(" ", "")[:ALL_DIGITS] for name in ("number", "hash"))
    problems = _problems(number, digits) if number or digits else {}
    with reading() as db:
        contest = public_contest(db, slug)
        rules, lang = queries.rules_of(queries.rule_version(db, contest)), language()
        rounds = receipts.published_rounds(db, contest)
        asked = bool(rounds and (number or digits) and not problems)
        checked = receipts.check(db, contest, number=int(number), digits=digits) if asked else None
        page = render_template(
            "audience/receipt.html", contest=contest, number=number, digits=digits, problems=problems, checked=checked,
            titles={code: each.title.in_(lang) for code, each in rules.rounds.items()}, now=live.now(),
            seals={each.code: sealing.last_seal(db, each) for each in rounds}, least=LEAST_DIGITS,
        )  # fmt: skip
    response = make_response(page, 422 if problems else 200)
    response.headers["X-Robots-Tag"] = "noindex, noarchive"
    return response


def _problems(number: str, digits: str) -> dict[str, str]:
    """What is wrong with what was typed, by field; the page has the words."""
    found = {}
    if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER):
        found["number"] = "number"
    if len(digits) < LEAST_DIGITS or any(digit not in "0123456789abcdefABCDEF" for digit in digits):
        found["hash"] = "hash"
    return found
