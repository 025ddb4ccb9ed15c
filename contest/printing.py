"""Print batches: which versions go into one file, how far it has come, which sheets the print desk has ticked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from contest import ledger
from contest.errors import AlreadyPrinted, CertificateRevoked, NotFound, NothingToPrint
from contest.models import Certificate, CertificateVersion, Contest, PrintBatch, PrintSheet, PrintState
from contest.naming import clean_line

MOST_SHEETS = 5000


def make(
    db: Session, contest: Contest, *, title: str, versions: Iterable[CertificateVersion], reason: str,
    account_id: int | None, now: datetime, address: str, numbers: Sequence[int] = (),
) -> PrintBatch:  # fmt: skip
    """A batch that waits for the jobs worker; its sheets are numbered from 1 in the order given, or as `numbers` says.

    Raises NothingToPrint, CertificateRevoked, and AlreadyPrinted where no reason says why sheets are printed again.
    """
    ledger.lock(db, contest)
    sheets = list(versions)[:MOST_SHEETS]
    if not sheets:
        raise NothingToPrint
    if any(version.certificate.revoked_at is not None for version in sheets):
        raise CertificateRevoked
    why = clean_line(reason, field="reason", most=300, needed=False)
    again = len(printed_versions(db, contest) & {version.id for version in sheets})
    if again and not why:
        raise AlreadyPrinted(count=again)
    batch = PrintBatch(
        contest_id=contest.id, title=title[:200], reason=why, address=address, account_id=account_id, created_at=now
    )
    db.add(batch)
    db.flush()
    db.add_all([
        PrintSheet(batch_id=batch.id, position=position, version_id=version.id)
        for position, version in zip(numbers or range(1, len(sheets) + 1), sheets, strict=True)
    ])  # fmt: skip
    db.flush()
    return batch


def batch_of(db: Session, contest: Contest, public_id: str) -> PrintBatch:
    """A contest's batch by its public id, with its sheets. Raises NotFound."""
    found = db.scalars(
        select(PrintBatch).where(PrintBatch.contest_id == contest.id, PrintBatch.public_id == public_id)
        .options(selectinload(PrintBatch.sheets))
    ).one_or_none()  # fmt: skip
    if found is None:
        raise NotFound
    return found


def tick(batch: PrintBatch, *, through: int, now: datetime) -> int:
    """Note that the sheets up to this number came out of the printer; returns how many were new."""
    new = [sheet for sheet in batch.sheets if sheet.position <= through and sheet.printed_at is None]
    for sheet in new:
        sheet.printed_at = now
    return len(new)


def rest(
    db: Session, contest: Contest, batch: PrintBatch, *, first: int, title: str, account_id: int | None, now: datetime
) -> PrintBatch:
    """A new batch of the sheets from number `first` on, which keep their numbers; those before it are ticked.

    Raises NothingToPrint.
    """
    ledger.lock(db, contest)
    tick(batch, through=first - 1, now=now)
    left = [sheet for sheet in batch.sheets if sheet.position >= first and sheet.printed_at is None]
    versions = zip(left, _with_certificates(db, [sheet.version_id for sheet in left]), strict=True)
    standing = [(sheet.position, version) for sheet, version in versions if version.certificate.revoked_at is None]
    return make(
        db, contest, title=title, versions=[version for _, version in standing], reason=batch.reason,
        account_id=account_id, now=now, address=batch.address, numbers=[position for position, _ in standing],
    )  # fmt: skip


def retry(batch: PrintBatch) -> bool:
    """Let a failed batch wait again; False where it has not failed."""
    if batch.state is not PrintState.FAILED:
        return False
    batch.state, batch.problem = PrintState.WAITING, ""
    return True


def advance(db: Session, batch_id: int, *, done: int) -> None:
    """Note how far the worker has come. It never goes back: what is drawn again after a restart was done before."""
    batch = db.get_one(PrintBatch, batch_id)
    batch.state, batch.done = PrintState.RUNNING, max(batch.done, done)


def finish(db: Session, batch_id: int, *, now: datetime, problem: str = "") -> None:
    """Note that the file lies there, or why it does not."""
    batch = db.get_one(PrintBatch, batch_id)
    batch.state = PrintState.FAILED if problem else PrintState.DONE
    batch.problem, batch.finished_at = problem, now


def unfinished(db: Session) -> Sequence[int]:
    """The batches that a worker has still to do, oldest first: also those that another one was killed at."""
    waiting = (PrintState.WAITING, PrintState.RUNNING)
    return db.scalars(select(PrintBatch.id).where(PrintBatch.state.in_(waiting)).order_by(PrintBatch.id)).all()


@dataclass(frozen=True)
class Counted:
    """A batch with how many sheets it has, how many of them are ticked, and its first and last sheet's numbers."""

    batch: PrintBatch
    sheets: int
    ticked: int
    first: int
    last: int


def batches(db: Session, contest: Contest) -> list[Counted]:
    """The contest's batches, newest first, without reading every sheet."""
    sheets = PrintSheet.position
    counts = (
        select(PrintSheet.batch_id, func.count(), func.count(PrintSheet.printed_at), func.min(sheets), func.max(sheets))
        .join(PrintSheet.batch).where(PrintBatch.contest_id == contest.id).group_by(PrintSheet.batch_id)
    )  # fmt: skip
    found = {row[0]: row[1:] for row in db.execute(counts)}
    rows = db.scalars(select(PrintBatch).where(PrintBatch.contest_id == contest.id).order_by(PrintBatch.id.desc()))
    return [Counted(batch, *found.get(batch.id, (0, 0, 1, 1))) for batch in rows]


def printed_versions(db: Session, contest: Contest) -> set[int]:
    """The ids of the versions that came out of a printer."""
    return set(db.scalars(
        select(PrintSheet.version_id).join(PrintSheet.batch)
        .where(PrintBatch.contest_id == contest.id, PrintSheet.printed_at.is_not(None))
    ))  # fmt: skip


def sheets_of(db: Session, batch: PrintBatch) -> Sequence[CertificateVersion]:
    """The versions of a batch in the order of its sheets, with their certificates."""
    return _with_certificates(db, [sheet.version_id for sheet in batch.sheets])


def _with_certificates(db: Session, ids: list[int]) -> list[CertificateVersion]:
    found: dict[int, CertificateVersion] = {}
    for at in range(0, len(ids), 500):
        statement = select(CertificateVersion).where(CertificateVersion.id.in_(ids[at : at + 500]))
        for version in db.scalars(statement.options(joinedload(CertificateVersion.certificate))):
            found[version.id] = version
    return [found[each] for each in ids]


def current(certificates: Iterable[Certificate]) -> list[CertificateVersion]:
    """The newest versions of the certificates that are valid."""
    return [each.versions[-1] for each in certificates if each.revoked_at is None]
