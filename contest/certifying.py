"""Issue certificates from the awards that stand, correct them, revoke them, and issue a revoked one again.

A certificate keeps its number for good; what it says is fixed in its versions, each with a check code of its own.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import honours, layouts, ledger, wording
from contest.errors import CertificateRevoked, NothingToCertify, ReasonMissing, TextRefused
from contest.honours import Differs, Due, Held
from contest.ledger import Actor
from contest.models import Action, Certificate, CertificateKind, CertificateLayout, CertificateVersion, Contest
from contest.naming import clean_line
from contest.staffing import ALPHABET
from contest.wording import Wording

# 30 ** 16 codes are 78 bits: nobody finds one by trying.
CODE_LENGTH = 16
LETTERS = {CertificateKind.AUTHOR: "A", CertificateKind.TEACHER: "T"}
MOST_NAMES = 20


@dataclass(frozen=True)
class Issued:
    """What a press brought: how many new certificates, and how many now rest on a newer seal unchanged."""

    made: int
    carried: int


@dataclass(frozen=True)
class Desk:
    """What the certificates' desk works on: what is due, what is held, and what has no certificate yet."""

    layout: CertificateLayout
    dues: list[Due]
    held: list[Held]
    open: list[Due]


def today(contest: Contest, now: datetime) -> date:
    """The day it is where the contest is held."""
    return now.astimezone(ZoneInfo(contest.time_zone)).date()


def desk(db: Session, contest: Contest, *, now: datetime) -> Desk:
    """The contest's awards and certificates side by side. Changes nothing; a layout that was never saved is made up."""
    layout = layouts.layout_of(db, contest) or _made_up(contest)
    dues = honours.due(db, contest, layout, today=today(contest, now))
    held = honours.held(db, contest, dues)
    taken = {id(each.due) for each in held if each.due is not None}
    return Desk(layout, dues, held, [each for each in dues if id(each) not in taken])


def issue(db: Session, contest: Contest, *, by: Actor, now: datetime) -> Issued:
    """A certificate for everything that is due and has none; pressing twice changes nothing.

    What a newer seal gives unchanged rests on that seal from now on. Raises NothingToCertify.
    """
    ledger.lock(db, contest)
    if layouts.layout_of(db, contest) is None:
        layouts.save(db, contest, texts=layouts.beginning(contest))
    found = desk(db, contest, now=now)
    if not found.dues:
        raise NothingToCertify
    carried = sum(_carry(each) for each in found.held)
    for serial, each in enumerate(found.open, start=last_serial(db, contest) + 1):
        number = f"{found.layout.prefix}-{LETTERS[each.kind]}{each.award.rank}-{serial:04d}"
        certificate = Certificate(
            contest_id=contest.id, award_id=each.award.id, kind=each.kind, recipient=each.recipient, number=number
        )
        db.add(certificate)
        db.flush()
        _add_version(db, contest, certificate, 1, each.wording, "", Action.CERTIFICATE_ISSUED, by, now)
    return Issued(made=len(found.open), carried=carried)


def correct(
    db: Session, contest: Contest, certificate: Certificate, *, names: str, work: str, award: str, teachers: str,
    reason: str, by: Actor, now: datetime,
) -> CertificateVersion:  # fmt: skip
    """The next version with these texts; the codes before it say 已更正. The same texts again change nothing.

    Raises ReasonMissing, TextRefused, CertificateRevoked.
    """
    before = wording.read(certificate.versions[-1].text)
    changed = replace(
        before, names=_names(names, "names", needed=True), teachers=_names(teachers, "teachers", needed=False),
        work=clean_line(work, field="work", needed=False), award=clean_line(award, field="award", most=60),
    )  # fmt: skip
    return _next(db, contest, certificate, changed, reason, by, now)


def follow(
    db: Session, contest: Contest, certificate: Certificate, *, reason: str, by: Actor, now: datetime
) -> CertificateVersion:
    """Correct a certificate to what its entry and the newest seal say now; nothing happens where it says so already.

    Raises ReasonMissing, CertificateRevoked, NothingToCertify where no award is due in its place.
    """
    ledger.lock(db, contest)
    found = next(each for each in desk(db, contest, now=now).held if each.certificate.id == certificate.id)
    if found.due is None:
        raise NothingToCertify
    wanted = found.due.wording
    changed = replace(
        found.wording, names=wanted.names, work=wanted.work, teachers=wanted.teachers, award=wanted.award
    )
    version = _next(db, contest, certificate, changed, reason, by, now)
    certificate.award = found.due.award
    return version


def revoke(db: Session, contest: Contest, certificate: Certificate, *, reason: str, by: Actor, now: datetime) -> None:
    """Make a certificate invalid, all its versions; a second time changes nothing. Raises ReasonMissing."""
    ledger.lock(db, contest)
    if certificate.revoked_at is not None:
        return
    certificate.revoked_at, certificate.revoked_reason = now, _reason(reason)
    ledger.append(
        db, contest, by=by, action=Action.CERTIFICATE_REVOKED, subject=f"certificate:{certificate.public_id}",
        payload={"version": certificate.versions[-1].version}, now=now,
    )  # fmt: skip


def reissue(
    db: Session, contest: Contest, certificate: Certificate, *, reason: str, by: Actor, now: datetime
) -> CertificateVersion:
    """End a revocation: the next version under the same number, with a new code; the revoked sheets say 已更正.

    What it says is what is due now, else what it said before. Nothing happens where it is not revoked. Raises
    ReasonMissing.
    """
    ledger.lock(db, contest)
    last = certificate.versions[-1]
    if certificate.revoked_at is None:
        return last
    given = _reason(reason)
    found = next(each for each in desk(db, contest, now=now).held if each.certificate.id == certificate.id)
    said = found.wording
    if found.due is not None:
        wanted = found.due.wording
        said = replace(said, names=wanted.names, work=wanted.work, teachers=wanted.teachers, award=wanted.award)
        certificate.award = found.due.award
    certificate.revoked_at, certificate.revoked_reason = None, ""
    return _add_version(
        db, contest, certificate, last.version + 1, said, given, Action.CERTIFICATE_ISSUED, by, now
    )  # fmt: skip


def new_code(db: Session) -> str:
    """A check code that no version has."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if honours.version_by_code(db, code) is None:
            return code


def plain_code(typed: str) -> str:
    """A code as it is stored: hyphens, spaces and case do not matter."""
    return "".join(c for c in typed.upper() if c.isascii() and c.isalnum())


def last_serial(db: Session, contest: Contest) -> int:
    """The highest serial any number of the contest has: numbers are never used again."""
    numbers: Sequence[str] = db.scalars(select(Certificate.number).where(Certificate.contest_id == contest.id)).all()
    serials = [int(found[0]) for number in numbers if (found := re.search(r"\d+$", number))]
    return max(serials, default=0)


def _next(
    db: Session, contest: Contest, certificate: Certificate, said: Wording, reason: str, by: Actor, now: datetime
) -> CertificateVersion:
    ledger.lock(db, contest)
    if certificate.revoked_at is not None:
        raise CertificateRevoked
    last = certificate.versions[-1]
    if said == wording.read(last.text):
        return last
    return _add_version(
        db, contest, certificate, last.version + 1, said, _reason(reason), Action.CERTIFICATE_CORRECTED, by, now
    )  # fmt: skip


def _add_version(
    db: Session, contest: Contest, certificate: Certificate, number: int, said: Wording, reason: str, action: Action,
    by: Actor, now: datetime,
) -> CertificateVersion:  # fmt: skip
    version = CertificateVersion(
        version=number, code=new_code(db), text=said.stored(), reason=reason, issued_at=now, certificate=certificate
    )
    db.add(version)
    db.flush()
    ledger.append(
        db, contest, by=by, action=action, subject=f"certificate:{certificate.public_id}",
        payload={"version": number, "text": ledger.digest_of(version.code.encode(), version.text)}, now=now,
    )  # fmt: skip
    return version


def _carry(each: Held) -> bool:
    """Rest an unchanged certificate on the award of a newer seal."""
    if each.due is None or each.due.award.id == each.certificate.award_id or Differs.AWARD in each.differs:
        return False
    each.certificate.award = each.due.award
    return True


def _names(typed: str, field: str, *, needed: bool) -> tuple[str, ...]:
    names = tuple(clean_line(name, field=field, most=60) for name in wording.split_names(typed))
    if needed and not names:
        raise TextRefused(field=field, why="empty")
    if len(names) > MOST_NAMES:
        raise TextRefused(field=field, why="too_many", most=MOST_NAMES, found=len(names))
    return names


def _reason(text: str) -> str:
    given = clean_line(text, field="reason", most=300, needed=False)
    if not given:
        raise ReasonMissing
    return given


def _made_up(contest: Contest) -> CertificateLayout:
    texts = layouts.beginning(contest)
    return CertificateLayout(contest_id=contest.id, **vars(texts))
