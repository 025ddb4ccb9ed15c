"""Reads of the certificates' pages: what the desk lists, what stands in the way, and what the check page may say."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import certifying, honours, printing, visibility, wording
from contest.honours import Due, Held
from contest.models import (
    Audience,
    Award,
    CertificateKind,
    CertificateLayout,
    CertificateVersion,
    Contest,
    Round,
    RoundState,
)  # fmt: skip
from contest.printing import Counted
from web import fonts

PAGE = 100


@dataclass(frozen=True)
class Overview:
    """The desk's page."""

    layout: CertificateLayout
    open: Sequence[Due]
    held: Sequence[Held]
    shown: Sequence[Held]
    differing: Sequence[Held]
    lacking: Sequence[tuple[str, list[str]]]
    batches: Sequence[Counted]
    printed: set[int]
    awards: Sequence[tuple[str, str, int]]
    sealed: bool
    given: bool
    page: int
    pages: int


def overview(db: Session, contest: Contest, *, now: datetime, find: str = "", page: int = 1) -> Overview:
    """Everything on the desk. `find`: a part of a number or a name."""
    desk = certifying.desk(db, contest, now=now)
    found = [each for each in desk.held if not find or _matches(each, find)]
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 1), pages)
    official = select(Round.id).where(
        Round.contest_id == contest.id, Round.state.in_((RoundState.SEALED, RoundState.PUBLISHED))
    )
    return Overview(
        layout=desk.layout, open=desk.open, held=desk.held, shown=found[(page - 1) * PAGE : page * PAGE],
        differing=[each for each in desk.held if each.differs and each.certificate.revoked_at is None],
        lacking=_lacking(desk), batches=printing.batches(db, contest),
        printed=printing.printed_versions(db, contest), awards=_awards(desk.held),
        sealed=db.scalar(official.limit(1)) is not None, given=bool(desk.dues), page=page, pages=pages,
    )  # fmt: skip


def chosen(
    db: Session, contest: Contest, *, which: str, picked: Sequence[str], now: datetime
) -> list[CertificateVersion]:
    """The newest versions of the valid certificates that a batch was asked for, in the order of their numbers.

    `which`: "all", "unprinted", "corrected" (a later version that was never printed), "selected" (`picked` public
    ids) or "award:" and an award's code.
    """
    held = [each for each in certifying.desk(db, contest, now=now).held if each.certificate.revoked_at is None]
    printed = printing.printed_versions(db, contest)
    kind, _, code = which.partition(":")
    return [each.version for each in held if _fits(each, kind, code, printed, set(picked))]


class Status(enum.Enum):
    """What the check page answers."""

    VALID = "valid"
    CORRECTED = "corrected"
    REVOKED = "revoked"
    PENDING = "pending"  # the awards are not published yet
    MISSING = "missing"


@dataclass(frozen=True)
class Check:
    """What the check page may say of a code; only a valid certificate says names and its award."""

    status: Status
    version: CertificateVersion | None = None
    names: str = ""
    award: str = ""
    said: wording.Wording | None = None
    in_review: bool = False

    @property
    def newest(self) -> CertificateVersion:
        """The version that counts now."""
        assert self.version is not None  # noqa: S101  a page asks for it where there is a version
        return self.version.certificate.versions[-1]


def check(db: Session, typed: str) -> Check:
    """What a code opens. Until the awards are published no name, award or contest is told."""
    code = certifying.plain_code(typed)
    version = honours.version_by_code(db, code) if len(code) == certifying.CODE_LENGTH else None
    if version is None:
        return Check(Status.MISSING)
    certificate = version.certificate
    if certificate.contest.awards_published_at is None:
        return Check(Status.PENDING)
    if certificate.revoked_at is not None:
        return Check(Status.REVOKED, version)
    if certificate.versions[-1].id != version.id:
        return Check(Status.CORRECTED, version)
    said, entry = wording.read(version.text), certificate.award.entry
    comma = ", " if said.is_english else "、"
    if certificate.kind is CertificateKind.TEACHER:
        names = comma.join(said.teachers)
    else:
        names = visibility.shown_names(comma.join(said.names), entry, Audience.PUBLIC)
    return Check(Status.VALID, version, names, said.award, said, _in_review(certificate.award))


def _in_review(award: Award) -> bool:
    """Whether the round has been reopened or sealed again since the award's seal."""
    return not award.seal.round.is_official or award.seal.round.seals[-1].id != award.seal.id


def _fits(each: Held, kind: str, code: str, printed: set[int], picked: set[str]) -> bool:
    new = each.version.id not in printed
    return (
        kind == "all"
        or (kind == "unprinted" and new)
        or (kind == "corrected" and each.version.version > 1 and new)
        or (kind == "selected" and each.certificate.public_id in picked)
        or (kind == "award" and each.certificate.award.code == code)
    )


def _matches(each: Held, find: str) -> bool:
    text = " ".join([each.certificate.number, *each.wording.names, *each.wording.teachers, each.wording.work])
    return find.casefold() in text.casefold()


def _awards(held: Sequence[Held]) -> list[tuple[str, str, int]]:
    """Each award's code, title and number of valid certificates, the highest first."""
    found: dict[str, tuple[int, str, int]] = {}
    for each in held:
        if each.certificate.revoked_at is None:
            award = each.certificate.award
            found[award.code] = (award.rank, award.title, found.get(award.code, (0, "", 0))[2] + 1)
    return [(code, title, count) for code, (_, title, count) in sorted(found.items(), key=lambda item: item[1])]


def _lacking(desk: certifying.Desk) -> list[tuple[str, list[str]]]:
    """Who has characters that no font here can draw, before anything is printed."""
    said = [each.wording for each in desk.open]
    said += [each.wording for each in desk.held if each.certificate.revoked_at is None]
    found = ((words, fonts.missing(wording.all_text(words))) for words in said)
    return [("、".join(words.names), lacking) for words, lacking in found if lacking]
