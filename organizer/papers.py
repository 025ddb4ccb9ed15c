"""Paper: everything of a contest that is printed, and what to know before printing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from flask import Response, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import ledger, queries, welcoming
from contest.errors import Malformed
from contest.models import Break, Contest, Panel, Round, Seat, Sitting
from organizer import paper_rows, sheets_marks, sheets_people, sheets_summary
from organizer.blueprint import blueprint
from organizer.paper_rows import Running
from web import fonts, links
from web.db import reading
from web.paper.page import sent
from web.words import language


@dataclass(frozen=True)
class RoundPapers:
    """What can be printed of a round now."""

    running: Running
    title: str
    seats: int
    held: Sequence[str]
    released: int


@blueprint.get("/admin/contests/<slug>/papers")
def papers(slug: str) -> str:
    """What can be printed of each round, and which characters no font here can draw."""
    with reading() as db:
        contest = queries.contest_by_slug(db, slug)
        guests = welcoming.guests(db, contest)
        return render_template(
            "organizer/papers.html", contest=contest, rounds=_rounds(db, contest), guests=guests,
            unprintable=_unprintable(db, contest, guests), address=links.absolute("leaderboard.index"),
            only_here=links.only_here(),
        )  # fmt: skip


@blueprint.get("/admin/contests/<slug>/papers/<round>/marks.pdf")
def print_marks(slug: str, round: str) -> Response:
    """Score sheets, per judge or per contestant, blank or filled; their codes open the forms to type them."""
    if request.args.get("by", "judge") not in ("judge", "contestant"):
        raise Malformed(what="by")
    with reading() as db:
        contest = queries.contest_by_slug(db, slug)
        return sent(_marks(db, contest, queries.round_of(db, contest, round)), f"{slug}-{round}-marks")


@blueprint.get("/admin/contests/<slug>/papers/<round>/summary.pdf")
def print_summary(slug: str, round: str) -> Response:
    """The summary of scores with its signatures, once every score is out."""
    with reading() as db:
        contest = queries.contest_by_slug(db, slug)
        result = paper_rows.result(db, contest, queries.round_of(db, contest, round))
        address = links.absolute("leaderboard.board", slug=slug, round=round)
        drawn = sheets_summary.draw(contest, result, address, ledger.head_of(db, contest))
        return sent(drawn, f"{slug}-{round}-summary")


@blueprint.get("/admin/contests/<slug>/papers/<round>/order.pdf")
def print_order(slug: str, round: str) -> Response:
    """The running order with its breaks."""
    with reading() as db:
        contest = queries.contest_by_slug(db, slug)
        found = queries.round_of(db, contest, round)
        breaks = db.scalars(select(Break).where(Break.round_id == found.id)).all()
        running = paper_rows.running(db, contest, found)
        return sent(sheets_people.order_list(contest, running, breaks), f"{slug}-{round}-order")


@blueprint.get("/admin/contests/<slug>/papers/passes.pdf")
def print_passes(slug: str) -> Response:
    """The contestants' passes, eight to a sheet."""
    with reading() as db:
        contest = queries.contest_by_slug(db, slug)
        rules = queries.rules_of(queries.rule_version(db, contest))
        guests = [guest for guest in welcoming.guests(db, contest, told=True) if not guest.out]
        return sent(sheets_people.passes(contest, guests, rules), f"{slug}-passes")


@blueprint.get("/admin/contests/<slug>/papers/sign-in.pdf")
def print_sign_in(slug: str) -> Response:
    """The list to sign at the door."""
    with reading() as db:
        contest = queries.contest_by_slug(db, slug)
        rules = queries.rules_of(queries.rule_version(db, contest))
        return sent(sheets_people.sign_in_list(contest, welcoming.guests(db, contest), rules), f"{slug}-sign-in")


def _marks(db: Session, contest: Contest, round_: Round) -> bytes:
    """The score sheets as this request asks for them."""
    running, filled = paper_rows.running(db, contest, round_), "filled" in request.args
    seats = paper_rows.seat_sheets(db, contest, running, filled=filled)
    head = ledger.head_of(db, contest)
    form = partial(links.absolute, "organizer.type_paper", slug=contest.slug, round=round_.code)
    if request.args.get("by") == "contestant":
        stories = paper_rows.stories(db, contest, running, language()) if filled else {}
        return sheets_marks.by_contestant(
            contest, running, seats, lambda each: form(appearance=each.public_id), stories, head
        )
    signed = paper_rows.signatures(db, contest, running, seats) if filled else {}
    return sheets_marks.by_judge(
        contest, running, seats, lambda each, page: form(seat=each.sitting.public_id, page=page), head, signed
    )


def _rounds(db: Session, contest: Contest) -> list[RoundPapers]:
    found = []
    rounds = db.scalars(select(Round).where(Round.contest_id == contest.id).order_by(Round.position)).all()
    for round_ in rounds:
        running = paper_rows.running(db, contest, round_)
        found.append(RoundPapers(
            running, running.rules.rounds[round_.code].title.in_(language()),
            len(paper_rows.seat_sheets(db, contest, running, filled=False)), running.held,
            sum(each.is_released for each in running.appearances),
        ))  # fmt: skip
    return found


def _unprintable(db: Session, contest: Contest, guests: Sequence[welcoming.Guest]) -> list[tuple[str, list[str]]]:
    """The texts with a character that no font of this machine has, and those characters."""
    judges = db.scalars(
        select(Sitting).join(Sitting.seat).join(Seat.panel).where(Panel.contest_id == contest.id)
    ).all()  # fmt: skip
    texts = [contest.title, contest.place, *(sitting.person.name for sitting in judges)]
    for guest in guests:
        texts += [guest.entry.name or "", guest.entry.title or "", guest.entry.unit or ""]
    return [(text, lacking) for text in dict.fromkeys(texts) if (lacking := fonts.missing(text))]
