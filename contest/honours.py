"""Who is to be honoured: the awards that stand, the certificates they call for, and how those issued differ."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from contest import wording
from contest.errors import NotFound
from contest.models import (
    Award,
    Certificate,
    CertificateKind,
    CertificateLayout,
    CertificateVersion,
    Contest,
    Entry,
    Member,
    MemberRole,
    Registration,
    Round,
    RoundState,
    Seal,
)  # fmt: skip
from contest.wording import Wording


@dataclass(frozen=True)
class Due:
    """A certificate that an award calls for."""

    award: Award
    kind: CertificateKind
    recipient: int
    wording: Wording


class Differs(enum.Enum):
    """In what an issued certificate no longer says what it should."""

    NAME = "name"
    TITLE = "title"
    TEACHERS = "teachers"
    AWARD = "award"
    GONE = "gone"  # the newest seal gives no such award any more


@dataclass(frozen=True)
class Held:
    """An issued certificate: its newest version, what it should say, and in what it differs."""

    certificate: Certificate
    version: CertificateVersion
    wording: Wording
    due: Due | None
    differs: tuple[Differs, ...]

    @property
    def can_follow(self) -> bool:
        """Whether one press corrects it: something else is due in its place."""
        return self.due is not None and bool(self.differs) and self.certificate.revoked_at is None


def awards_to_certify(db: Session, contest: Contest) -> Sequence[Award]:
    """The awards on the newest seal of each sealed round: highest award first, then by place and running order."""
    newest = select(func.max(Seal.id)).group_by(Seal.round_id)
    return db.scalars(
        select(Award).join(Award.seal).join(Seal.round).join(Award.entry)
        .where(
            Award.contest_id == contest.id, Seal.id.in_(newest),
            Round.state.in_((RoundState.SEALED, RoundState.PUBLISHED)),
        )
        .order_by(Round.position, Award.rank, Award.place, Entry.position, Award.id)
        .options(
            joinedload(Award.seal).joinedload(Seal.round),
            joinedload(Award.entry).selectinload(Entry.members).joinedload(Member.person),
        )
    ).all()  # fmt: skip


def due(db: Session, contest: Contest, layout: CertificateLayout, *, today: date) -> list[Due]:
    """The certificates that the standing awards call for, in the order of the awards; teachers follow their entry."""
    found = []
    for award in awards_to_certify(db, contest):
        teachers = teachers_of(award.entry)
        found.append(Due(award, CertificateKind.AUTHOR, 0, _wording(contest, layout, award, layout.body, today)))
        if layout.teacher_body:
            for position, name in teachers:
                words = _wording(contest, layout, award, layout.teacher_body, today, teachers=(name,))
                found.append(Due(award, CertificateKind.TEACHER, position, words))
    return found


def held(db: Session, contest: Contest, dues: Iterable[Due]) -> list[Held]:
    """The contest's certificates in the order of their numbers, each beside what is due in its place."""
    certificates = db.scalars(
        select(Certificate).where(Certificate.contest_id == contest.id).order_by(Certificate.id)
        .options(
            selectinload(Certificate.versions), joinedload(Certificate.award).joinedload(Award.entry),
            joinedload(Certificate.award).joinedload(Award.seal).joinedload(Seal.round),
        )
    ).all()  # fmt: skip
    dues = list(dues)
    # While a round is reopened, or sealed again without its awards, nobody knows yet what its next seal gives.
    decided = {each.award.seal.round_id for each in dues}
    matched = _match(certificates, dues)
    return [
        _held(certificate, matched.get(certificate.id), certificate.award.seal.round_id in decided)
        for certificate in certificates
    ]


def certificate_of(db: Session, contest: Contest, public_id: str) -> Certificate:
    """A contest's certificate by its public id. Raises NotFound."""
    found = db.scalars(
        select(Certificate).where(Certificate.contest_id == contest.id, Certificate.public_id == public_id)
    ).one_or_none()  # fmt: skip
    if found is None:
        raise NotFound
    return found


def version_by_code(db: Session, code: str) -> CertificateVersion | None:
    """The version that a check code opens, with all that its page shows."""
    return db.scalars(
        select(CertificateVersion).where(CertificateVersion.code == code)
        .options(
            joinedload(CertificateVersion.certificate).joinedload(Certificate.contest),
            joinedload(CertificateVersion.certificate).joinedload(Certificate.award).joinedload(Award.entry),
            joinedload(CertificateVersion.certificate).joinedload(Certificate.award).joinedload(Award.seal),
        )
    ).one_or_none()  # fmt: skip


def own_certificates(db: Session, registration: Registration) -> Sequence[Certificate]:
    """The valid certificates of whoever registered, once the awards are published, in the order of their numbers."""
    if registration.entry_id is None or registration.contest.awards_published_at is None:
        return []
    return db.scalars(
        select(Certificate).join(Certificate.award)
        .where(
            Award.entry_id == registration.entry_id, Certificate.kind == CertificateKind.AUTHOR,
            Certificate.revoked_at.is_(None),
        )
        .order_by(Certificate.id).options(selectinload(Certificate.versions))
    ).all()  # fmt: skip


def teachers_of(entry: Entry) -> list[tuple[int, str]]:
    """An entry's teachers with their positions."""
    return [(each.position, each.person.name) for each in entry.members if each.role is MemberRole.TEACHER]


def _wording(
    contest: Contest, layout: CertificateLayout, award: Award, body: str, today: date,
    teachers: tuple[str, ...] | None = None,
) -> Wording:  # fmt: skip
    english = not wording.CHINESE.search(layout.title + body)
    entry = award.entry
    names = wording.split_names(entry.name) or (entry.code,)
    return Wording(
        title=layout.title, body=body, closing=layout.closing,
        issuers=tuple(filter(None, layout.issuers.split("\n"))), note=layout.approval_note,
        issued_on=(layout.issued_on or today).isoformat(), names=names,
        teachers=tuple(name for _, name in teachers_of(entry)) if teachers is None else teachers,
        work=entry.title or "", contest=(contest.title_en if english else None) or contest.title,
        award=(award.title_en if english else "") or award.title, division=entry.division or "", unit=entry.unit or "",
    )  # fmt: skip


def _match(certificates: Sequence[Certificate], dues: Sequence[Due]) -> dict[int, Due]:
    """Which due stands in for which certificate: its own award, else the same award of the entry, else another one."""
    found: dict[int, Due] = {}
    left = list(dues)

    def give(same: Callable[[Certificate, Due], bool]) -> None:
        for certificate in certificates:
            if certificate.id in found:
                continue
            at = next((n for n, each in enumerate(left) if same(certificate, each)), None)
            if at is not None:
                found[certificate.id] = left.pop(at)

    def same_sheet(certificate: Certificate, each: Due) -> bool:
        return (
            certificate.award.entry_id == each.award.entry_id
            and certificate.kind is each.kind
            and certificate.recipient == each.recipient
        )

    give(lambda c, d: c.award_id == d.award.id and same_sheet(c, d))
    give(lambda c, d: same_sheet(c, d) and c.award.code == d.award.code)
    give(same_sheet)
    return found


def _held(certificate: Certificate, expected: Due | None, decided: bool) -> Held:
    version = certificate.versions[-1]
    said = wording.read(version.text)
    if expected is None:
        return Held(certificate, version, said, None, (Differs.GONE,) if decided else ())
    wanted = expected.wording
    differs = tuple(
        kind for kind, is_different in (
            (Differs.NAME, said.names != wanted.names), (Differs.TITLE, said.work != wanted.work),
            (Differs.TEACHERS, said.teachers != wanted.teachers), (Differs.AWARD, said.award != wanted.award),
        ) if is_different
    )  # fmt: skip
    return Held(certificate, version, said, expected, differs)
