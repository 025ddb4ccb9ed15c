"""HTTP in, HTTP out: the printed card, the seat's pages, its state, and the tablet's messages."""

from __future__ import annotations

import hashlib
import json

from flask import Response, current_app, make_response, redirect, render_template, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from contest import judging, seating, showing
from contest import queries as shared
from contest.errors import Malformed, NotFound
from contest.models import Contest, Lease, MessageResult
from judging import edition, queries, sign
from judging.blueprint import blueprint
from judging.seats import LEASES, own_lease
from web import links, live
from web.db import reading, writing
from web.limits import lease_used, limiter
from web.words import language

__all__ = ["blueprint", "sign"]
SCHEMES = "schemes"
LARGEST_BATCH = 256_000


@blueprint.get("/judge/<token>")
def card(token: str) -> str:
    """What a printed card opens: seat and name. Opening it takes no seat, so a link preview cannot either."""
    opened = links.open_token("card", token)
    with reading() as db:
        seat = seating.seat_by_id(db, opened.public_id)
        sitting = seating.sitting_now(seat, queries.on_stage(db, seat.panel.contest_id))
        shown = {
            "contest": seat.panel.contest.title, "seat": seat.number, "panel": seat.panel.code,
            "judge": sitting.person.name, "revoked": seat.card_generation != opened.generation,
            "sit_url": url_for(".sit_down", token=token),
            "places": _places(token, seat.public_id, begun=queries.has_begun(db, seat.panel.contest_id)),
        }  # fmt: skip
    return render_template("judging/card.html", card=shown)


@blueprint.post("/judge/<token>")
def sit_down(token: str) -> AnyResponse:
    """One press: this browser gets the seat's newest lease and leaves the token's address."""
    opened = links.open_token("card", token)
    with writing() as db:
        seat = seating.seat_of_card(db, opened.public_id, opened.generation)
        contest = seat.panel.contest
        sitting = seating.sitting_now(seat, queries.on_stage(db, contest.id))
        new = seating.sit_down(
            db, contest, seat=seat, generation=opened.generation, sitting=sitting,
            device=request.user_agent.string, now=live.now(),
        )  # fmt: skip
        session[LEASES] = {**session.get(LEASES, {}), seat.public_id: [new.lease.public_id, new.secret]}
        session[SCHEMES] = {**session.get(SCHEMES, {}), seat.public_id: request.scheme}
        session.permanent = True
    return redirect(url_for(".seat", seat=opened.public_id))


@blueprint.get("/judge/worker.js")
def worker() -> Response:
    """The script with which a tablet keeps the pad of its seat; below /judge/, so it can reach no other page."""
    return Response(edition.worker(), mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@blueprint.get("/judge/seats/<seat>")
def seat(seat: str) -> Response:
    """The seat's list of appearances and its pad."""
    return _pad_page(seat, None)


@blueprint.get("/judge/seats/<seat>/appearances/<appearance>")
def pad(seat: str, appearance: str) -> Response:
    """The pad, open at one appearance."""
    return _pad_page(seat, appearance)


@blueprint.get("/judge/seats/<seat>/state")
def state(seat: str) -> Response:
    """The seat's own state as JSON, with an ETag that is its content's hash."""
    with reading() as db:
        body = json.dumps(_known(db, own_lease(db, seat)), ensure_ascii=False, separators=(",", ":")).encode()
    response = Response(body, mimetype="application/json")
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Pad-Time"] = str(_milliseconds())
    response.make_conditional(request)
    return response


@blueprint.post("/judge/seats/<seat>/messages")
@limiter.limit("1200 per minute", key_func=lease_used)
def messages(seat: str) -> Response:
    """The tablet's messages. The lease's secret in the header stands for the CSRF token and does not expire."""
    claimed, batch = _envelope()
    with writing() as db:
        lease = seating.lease_of(db, seat=seat, lease=claimed, secret=request.headers.get("X-Lease", ""))
        contest = lease.sitting.seat.panel.contest
        answers = judging.record_messages(db, lease=lease, messages=batch, now=live.now())
        moved = _let_the_screen_follow(db, contest, lease, answers)
    if moved:
        live.refresh_soon(contest.id)
    body = f'{{"epoch":{json.dumps(contest.epoch)},"answers":[{",".join(answers)}]}}'
    return Response(body, mimetype="application/json", headers={"Cache-Control": "no-store"})


def _envelope() -> tuple[str, list[object]]:
    """The lease a tablet claims and its messages. Raises Malformed, RequestEntityTooLarge."""
    if (request.content_length or 0) > LARGEST_BATCH:
        raise RequestEntityTooLarge
    try:
        envelope = request.get_json(silent=True)
    except RecursionError:
        raise Malformed(what="messages") from None
    if not isinstance(envelope, dict) or envelope.get("v") != 1:
        raise Malformed(what="v")
    lease, batch = envelope.get("lease"), envelope.get("messages")
    if not isinstance(lease, str) or not isinstance(batch, list):
        raise Malformed(what="lease" if isinstance(batch, list) else "messages")
    return lease, batch


def _places(token: str, seat: str, *, begun: bool) -> dict[str, str]:
    """Where else this browser may have this seat's marks: `secure`, the https address to go on to, or `plain`.

    A browser keeps marks under the address it sat down at, http or https; the cookie of its seats is seen by both.
    """
    base = current_app.config["SECURE_URL"]
    held = session.get(SCHEMES, {}).get(seat)
    if not base or (request.is_secure and (held != "http" or not begun)):
        return {}
    if request.is_secure:
        return {"plain": f"http://{request.host}{url_for('.seat', seat=seat)}"}
    if begun and held != "https":
        return {}  # No move in the middle of judging: what is not sent would stay here.
    return {"secure": base + url_for(".card", token=token), "check": base + url_for("guide.trust_check"), "seat": seat}


def _known(db: Session, lease: Lease) -> queries.Json:
    """The seat's state with the version of the page that the server has now, so that an old page notices."""
    return {**queries.state(db, lease), "page": edition.version()}


def _milliseconds() -> int:
    """The server's time, which says of two states on a tablet which one is newer."""
    return int(live.now().timestamp() * 1000)


def _pad_page(seat: str, appearance: str | None) -> Response:
    with reading() as db:
        lease = own_lease(db, seat)
        known = _known(db, lease)
        contest = lease.sitting.seat.panel.contest
        if appearance is not None:
            found = shared.appearance_of(db, contest, appearance)
            if found.panel_id != lease.sitting.seat.panel_id:
                raise NotFound
        held = session[LEASES][seat]
        pad = {
            "seat": seat, "lease": {"id": held[0], "secret": held[1]}, "lang": language(), "served": _milliseconds(),
            "home": url_for(".seat", seat=seat), "worker": url_for(".worker"), "version": edition.version(),
            "state": url_for(".state", seat=seat), "messages": url_for(".messages", seat=seat),
            "stream": url_for("leaderboard.stream", slug=contest.slug),
            "receipt": links.absolute("audience.receipt", slug=contest.slug),
        }  # fmt: skip
    response = make_response(render_template("judging/seat.html", pad=pad, state=known))
    response.headers["X-Pad-Version"] = edition.version()
    return response


def _let_the_screen_follow(db: Session, contest: Contest, lease: Lease, answers: list[str]) -> bool:
    """Whether something came in that dots or desk show; an automatic screen then goes to the dots."""
    results = {json.loads(answer)["result"] for answer in answers}
    if MessageResult.SUBMITTED.value in results:
        stage = showing.stage_of(db, contest)
        if stage.appearance is not None:
            showing.follow(db, contest, appearance=stage.appearance, now=live.now())
    return bool(results & {MessageResult.SUBMITTED.value, MessageResult.STRAY.value})
