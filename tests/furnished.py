"""A house with one of everything: a final being judged and one that is sealed, so that every address opens for real."""

from __future__ import annotations

import io
import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from certificates.jobs import draw_batch
from contest import (
    amending,
    certifying,
    importing,
    layouts,
    ordering,
    planning,
    printing,
    queries,
    screens,
    sealing,
    showing,
)  # fmt: skip
from contest.ledger import SYSTEM
from contest.models import (
    Account,
    Appearance,
    Attachment,
    Certificate,
    Contest,
    Duty,
    Entry,
    Material,
    Membership,
    Panel,
    Registration,
    RegistrationState,
    Role,
    RoundState,
    Seat,
    Slot,
    StoredFile,
)  # fmt: skip
from contest.rules import read_rules
from tests import builders, fixtures_sealed
from tests.builders import NOW
from tests.registration.forms import picture, slides
from tests.registrations import add_registration, add_reviewer
from web import authority, links, live, uploads, workbooks
from web.db import writing
from web.uploads import MEGABYTE, Kind

FINAL, SEALED = "xinghe", "sealed"
# The routes that are looked at in the sealed final; all others in the one being judged.
OF_THE_SEALED = re.compile(
    r"certificates\.|organizer\.(print_summary|minutes|results|awards|give_awards|accepted)$|audience\.results"
)
Values = dict[str, dict[str, str]]


def furnish(app: Flask) -> Values:
    """Values for every part of an address, by the endpoint they belong to; "" holds those of all others."""
    sealed = _sealed(app)
    authority.make(Path(app.instance_path), "127.0.0.1", now=NOW)
    builders.make_contest(app, slug=FINAL, judges=7)
    with app.test_request_context("/"), live.changing(FINAL) as (db, contest):
        account, round_ = add_reviewer(db), contest.rounds[0]
        db.add(Duty(account_id=account.id, contest_id=contest.id, role=Role.TIMER))
        entry = db.scalars(select(Entry).where(Entry.contest_id == contest.id)).first()
        appearance = db.scalars(select(Appearance).where(Appearance.round_id == round_.id)).first()
        seat = db.scalars(select(Seat).where(Seat.panel_id == appearance.panel_id).order_by(Seat.id)).first()
        form = add_registration(db, contest, state=RegistrationState.SUBMITTED, birth_date="2020-01-01")
        sheet = workbooks.write([workbooks.Page("报名", ["姓名", "单位"], [["", ""], ["=1+1", "x"]])])
        table = _file(db, contest, sheet, "报名.xlsx", Kind.SPREADSHEET)
        batches = [
            importing.put_aside(db, contest, kind=kind, file=table, account=account, now=NOW)
            for kind in (importing.ENTRIES, importing.MARKS)
        ]
        pdf = _file(db, contest, b"%PDF-1.7", "章程.pdf", Kind.PDF)
        planning.attach(db, contest, file=pdf, title="")
        material = Material(slot=Slot.SLIDES, added_at=NOW, file=_file(
            db, contest, slides(), "讲解.pptx", Kind.SLIDES
        ))  # fmt: skip
        form.materials.append(material)
        db.flush()
        attachment = db.scalars(select(Attachment)).one()
        screen = screens.add_screen(db, contest, name="大屏")
        values = {
            "slug": FINAL, "round": "final", "account": account.public_id, "entry": entry.public_id,
            "seat": seat.public_id, "appearance": appearance.public_id, "registration": form.public_id,
            "screen": screen.public_id, "batch": batches[0].public_id,
            "file": attachment.public_id, "attachment": attachment.public_id, "material": material.public_id,
            "task": planning.add_task(db, contest, title="订花", owner="", due="", now=NOW).public_id,
            "pause": ordering.add_break(db, contest, round_=round_, after=1, title="茶歇", minutes=9).public_id,
            "adjustment": showing.adjust(
                db, contest, appearance=appearance, kind="quiz", value="-1", reason="答错", press="", by=SYSTEM, now=NOW
            ).public_id,
            "message": "a.b", "filename": "css/base.css", "part": "dates", "step": "basics", "page": "1",
            "change": amending.propose(
                db, contest, rules=read_rules(builders.RULES + b"\n#\n"), reason="核对通知", account=account, by=SYSTEM,
                now=NOW,
            ).public_id,
            "number": "1", "form": "csv", "kind": "entries", "slot": "slides", "role": "organizer",
            "token": links.card_token(seat),
        }  # fmt: skip
        tokens = {
            "leaderboard.screen": links.screen_token(screen), "registration.open_pass": links.pass_token(entry),
            "registration.consent": links.consent_token(form), "registration.card": links.registration_token(form),
        }  # fmt: skip
    own = {f"{start}{rest}": values | {"token": token} for start, token in tokens.items() for rest in (
        "", "_scanned", "_board_json", "_frame_json"
    )}  # fmt: skip
    for name in ("give_consent", "withdraw_consent"):
        own[f"registration.{name}"] = own["registration.consent"]
    own["registration.open_card"] = own["registration.card"]
    for name in ("batch", "bad_rows", "import", "undo"):
        own[f"organizer.paper_{name}"] = values | {"batch": batches[1].public_id}
    own["bootstrap.static"] = values | {"filename": "css/bootstrap.min.css"}
    return {"": values, "sealed": values | sealed} | own


def of(values: Values, endpoint: str) -> dict[str, str]:
    """The values for a route's address."""
    return values.get(endpoint) or values["sealed" if OF_THE_SEALED.match(endpoint) else ""]


def visitor(app: Flask, *roles: Role) -> FlaskClient:
    """A browser with these roles in both finals (all of them: also of their office), every form and a seat."""
    with app.test_request_context("/"), writing() as db:
        name = "-".join(role.value for role in roles)[:64]
        account = Account(username=name, display_name="甲", password_hash="", created_at=NOW)
        db.add(account)
        db.flush()
        for contest in db.scalars(select(Contest)):
            db.add_all([Duty(account_id=account.id, contest_id=contest.id, role=role) for role in roles])
            if len(roles) == len(Role) and contest.slug == FINAL:
                db.add(Membership(account_id=account.id, organization_id=contest.organization_id))
        held = [f"{each.public_id}.{each.generation}" for each in db.scalars(select(Registration))]
        final = queries.contest_by_slug(db, FINAL)
        card = links.card_token(db.scalars(
            select(Seat).join(Seat.panel).where(Panel.contest_id == final.id).order_by(Seat.id)
        ).first())  # fmt: skip
        public_id = account.public_id
    client = builders.client_of(app, public_id)
    with client.session_transaction() as session:
        session["registrations"] = held
    client.post(f"/judge/{card}")
    return client


def _sealed(app: Flask) -> dict[str, str]:
    """A sealed and published final with its certificates, one print file made, and a winner who registered."""
    builders.make_contest(app, slug=SEALED, entries=6, judges=7)
    fixtures_sealed.judge(app, SEALED)
    fixtures_sealed.seal(app, SEALED)
    with app.test_request_context("/"), live.changing(SEALED) as (db, contest):
        fixtures_sealed.publish(db, contest)
        sealing.move(
            db, contest, round_=contest.rounds[0], to=RoundState.PUBLISHED, by=SYSTEM, now=NOW
        )
        layouts.set_seal(db, contest, file=_file(db, contest, picture(form="PNG"), "章.png", Kind.IMAGE))
        certifying.issue(db, contest, by=SYSTEM, now=NOW)
        first = db.scalars(select(Certificate).where(Certificate.contest_id == contest.id)).first()
        form = add_registration(db, contest)
        form.state, form.entry_id = RegistrationState.APPROVED, first.award.entry_id
        batch = printing.make(
            db, contest, title="一等奖", versions=[first.versions[-1]], reason="", account_id=None, now=NOW,
            address="http://localhost/verify",
        )  # fmt: skip
        made = {
            "slug": SEALED, "certificate": first.public_id, "code": first.versions[-1].code, "batch": batch.public_id,
            "registration": form.public_id, "entry": first.award.entry.public_id,
        }  # fmt: skip
        batch_id = batch.id
    with app.app_context():
        draw_batch(batch_id)
    return made


def _file(db: object, contest: Contest, data: bytes, name: str, kind: Kind) -> StoredFile:
    sent = FileStorage(io.BytesIO(data), filename=name)
    received = uploads.receive(sent, kinds={kind}, most_bytes=5 * MEGABYTE)
    return uploads.keep(db, contest, received, now=NOW)  # type: ignore[arg-type]
