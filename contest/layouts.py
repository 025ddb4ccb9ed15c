"""How a contest's certificates are to read: the layout's texts, its seal image, and what a new one begins with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import ledger, wording
from contest.errors import TextRefused
from contest.models import CertificateLayout, Contest, StoredFile
from contest.naming import clean_line, clean_paragraphs

TITLE = "荣誉证书"
BODY = "{names}：\n讲解作品《{title}》在{contest}（{division}）中荣获\n{award}\n指导教师：{teachers}"
TEACHER_BODY = "{teachers}：\n您指导的作品《{title}》（{names}）在{contest}中荣获{award}，特授予\n优秀指导教师称号。"
CLOSING = "特发此证，以资鼓励。"
PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")


@dataclass(frozen=True)
class Texts:
    """A layout as it is typed."""

    title: str
    body: str
    teacher_body: str
    closing: str
    issuers: str
    issued_on: date | None
    prefix: str
    approval_note: str


def layout_of(db: Session, contest: Contest) -> CertificateLayout | None:
    """The contest's layout, once it has been saved."""
    return db.scalars(select(CertificateLayout).where(CertificateLayout.contest_id == contest.id)).one_or_none()


def beginning(contest: Contest) -> Texts:
    """What a new layout begins with."""
    year = (contest.starts_at or contest.created_at).astimezone(ZoneInfo(contest.time_zone)).year
    letters = "".join(re.findall(r"[a-z]+", contest.slug))[:4].upper() or "C"
    return Texts(
        title=TITLE, body=BODY, teacher_body="", closing=CLOSING, issuers=contest.organization.name, issued_on=None,
        prefix=f"{letters}{year}", approval_note="",
    )  # fmt: skip


def texts_of(layout: CertificateLayout) -> Texts:
    """A saved layout's texts."""
    return Texts(
        title=layout.title, body=layout.body, teacher_body=layout.teacher_body, closing=layout.closing,
        issuers=layout.issuers, issued_on=layout.issued_on, prefix=layout.prefix, approval_note=layout.approval_note,
    )  # fmt: skip


def checked(texts: Texts) -> Texts:
    """The texts made storable. Raises TextRefused naming the field."""
    body = _template(texts.body, "body", needed=True)
    teacher_body = _template(texts.teacher_body, "teacher_body", needed=False)
    issuers = clean_paragraphs(texts.issuers, field="issuers", most=600)
    if not issuers:
        raise TextRefused(field="issuers", why="empty")
    prefix = clean_line(texts.prefix, field="prefix", most=24).upper()
    if not PREFIX.fullmatch(prefix):
        raise TextRefused(field="prefix", why="not_plain")
    return Texts(
        title=clean_line(texts.title, field="title", most=24), body=body, teacher_body=teacher_body,
        closing=clean_line(texts.closing, field="closing", most=60, needed=False), issuers=issuers,
        issued_on=texts.issued_on, prefix=prefix,
        approval_note=clean_line(texts.approval_note, field="approval_note", most=120, needed=False),
    )  # fmt: skip


def save(db: Session, contest: Contest, *, texts: Texts) -> CertificateLayout:
    """Keep a layout. What was issued before keeps its own text. Raises TextRefused."""
    ledger.lock(db, contest)
    kept = checked(texts)
    layout = layout_of(db, contest) or CertificateLayout(contest_id=contest.id)
    for name, value in vars(kept).items():
        setattr(layout, name, value)
    db.add(layout)
    db.flush()
    return layout


def set_seal(db: Session, contest: Contest, *, file: StoredFile | None) -> CertificateLayout:
    """Give the layout its seal image, or take it away. It is printed with every sheet from now on."""
    layout = layout_of(db, contest) or save(db, contest, texts=beginning(contest))
    layout.seal_file = file
    db.flush()
    return layout


def _template(text: str, field: str, *, needed: bool) -> str:
    body = clean_paragraphs(text, field=field, most=600)
    if not body and not needed:
        return ""
    unknown, missing = wording.unknown_fields(body), wording.missing_fields(body)
    if unknown:
        raise TextRefused(field=field, why="unknown_field", found=unknown[0])
    if missing and needed:
        raise TextRefused(field=field, why="field_missing", found=missing[0])
    return body
