"""A contest that has a row in every table."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import board, queries, sealing, showing
from contest.ledger import SYSTEM
from contest.models import (
    Account,
    Act,
    Adjustment,
    Appearance,
    Assignment,
    Attachment,
    Award,
    Break,
    Certificate,
    CertificateKind,
    CertificateLayout,
    CertificateVersion,
    CheckIn,
    ClockAct,
    ClockPress,
    Consent,
    ConsentBy,
    Contest,
    Decides,
    Decision,
    Delegation,
    DivisionNote,
    Draw,
    Duty,
    ImportBatch,
    LedgerRow,
    LedgerWords,
    Material,
    Membership,
    Milestone,
    Override,
    PrintBatch,
    PrintSheet,
    Registration,
    RegistrationState,
    Role,
    RoundState,
    RuleChange,
    RuleDraft,
    Ruling,
    RulingKind,
    Screen,
    Signature,
    Slot,
    Span,
    StoredFile,
    Submission,
    Task,
)
from contest.rules import MemberFact
from tests.builders import NOW, add_contest, final_facts
from tests.tablets import running, sit, submit_all


def filled(db: Session) -> Contest:
    """A contest that has a row in every table."""
    facts = replace(final_facts(2, 3), members=(MemberFact("01", 1, "沈知遥", "author"),))
    contest = add_contest(db, facts=facts)
    round_ = queries.round_of(db, contest, "final")
    people = [Account(username=f"p{n}", display_name="x", password_hash="", created_at=NOW) for n in (1, 2)]
    db.add_all(people)
    db.flush()
    one, two = running(db, contest)
    tablet = sit(db, contest, 1)
    for each in (one, two):
        submit_all(db, contest, each)
        showing.call(db, contest, appearance=each, now=NOW)
        showing.release(db, contest, appearance=each, by=SYSTEM, now=NOW)
    db.add_all([
        Adjustment(appearance_id=one.id, kind="quiz", value=Decimal("-1"), created_at=NOW, press="p"),
        Ruling(contest_id=contest.id, entry_id=one.entry_id, kind=RulingKind.LOT, value="1", created_at=NOW),
        Assignment(appearance_id=one.id, sitting_id=tablet.sitting.id),
        Span(sitting_id=tablet.sitting.id, round_id=round_.id), Screen(contest_id=contest.id, name="大屏"),
        Duty(account_id=people[0].id, contest_id=contest.id, role=Role.CHIEF),
        Membership(account_id=people[0].id, organization_id=contest.organization_id),
        Signature(
            round_id=round_.id, sitting_id=tablet.sitting.id, number=1, digest="0" * 64, sheets="[]", typed="x",
            ledger_seq=1, signed_at=NOW,
        ),
    ])  # fmt: skip
    sealing.move(db, contest, round_=round_, to=RoundState.LOCKED, by=SYSTEM, now=NOW)
    sealing.propose(db, contest, round_=round_, act=Act.SEAL, account=people[0], reason="", by=SYSTEM, now=NOW)
    sealing.confirm(db, contest, round_=round_, account=people[1], by=SYSTEM, now=NOW)
    _fill_what_is_planned_and_given(db, contest, one, people[0])
    _fill_what_two_people_changed(db, contest, one, people)
    board.refresh(db, contest, now=NOW)
    return contest


def _fill_what_two_people_changed(
    db: Session, contest: Contest, appearance: Appearance, people: list[Account]
) -> None:
    first, second = people
    version = queries.rule_version(db, contest)
    ruling = Ruling(
        contest_id=contest.id, entry_id=appearance.entry_id, kind=RulingKind.PLACE, value="1", created_at=NOW
    )
    db.add(ruling)
    db.flush()
    asked = {"contest_id": contest.id, "reason": "复核", "proposer_id": first.id, "proposed_at": NOW}
    said = {"confirmer_id": second.id, "confirmed_at": NOW}
    db.add_all([
        RuleChange(
            base_id=version.id, source=b"x", sha256="0" * 64, version_id=version.id, effect="{}", **asked, **said
        ),
        Override(
            round_id=appearance.round_id, entry_id=appearance.entry_id, kind=Decides.PLACE, value="1",
            ruling_id=ruling.id, **asked, **said,
        ),
        RuleDraft(
            contest_id=contest.id, source=b"x", base_id=version.id, account_id=first.id, changed_at=NOW, version=1
        ),
        LedgerWords(row_id=db.scalars(select(LedgerRow.id)).first(), text="{}", salt=b"0" * 16),
    ])  # fmt: skip
    db.flush()


def _fill_what_is_planned_and_given(db: Session, contest: Contest, appearance: Appearance, account: Account) -> None:
    entry, round_ = appearance.entry, appearance.round
    file = StoredFile(
        contest_id=contest.id, sha256="0" * 64, name="照片.jpg", media_type="image/jpeg", size=1, stored_at=NOW
    )
    db.add(file)
    db.flush()
    db.add_all([
        ImportBatch(contest_id=contest.id, kind="entries", file_id=file.id, rows=1, uploaded_at=NOW, imported_at=NOW,
                    undone_at=NOW),
        Milestone(contest_id=contest.id, title="公开抽签", at=NOW),
        Delegation(contest_id=contest.id, name="南屿区", quota=5, position=1),
        DivisionNote(contest_id=contest.id, division="public", text="行业不限"),
        Task(contest_id=contest.id, title="审核报名", owner="江晚", created_at=NOW),
        Draw(round_id=round_.id, number=1, seed="s", commitment="c", order="[]", drawn_at=NOW),
        Break(round_id=round_.id, after=1, title="茶歇", minutes=15),
        ClockPress(appearance_id=appearance.id, segment="own", act=ClockAct.START, press="clock", at=NOW),
        CheckIn(entry_id=entry.id, account_id=account.id, door="南门", press="door", at=NOW),
        CertificateLayout(
            contest_id=contest.id, title="荣誉证书", body="{names}", closing="特发此证", issuers="协会", prefix="KP"
        ),
    ])  # fmt: skip
    registration = Registration(
        contest_id=contest.id, state=RegistrationState.APPROVED, code_hash="h", receipt="R-0001", created_at=NOW,
        updated_at=NOW, entry_id=entry.id,
    )  # fmt: skip
    award = Award(
        contest_id=contest.id, seal_id=sealing.last_seal(db, round_).id, entry_id=entry.id, code="first",
        title="一等奖", rank=1, place=1, given_at=NOW,
    )  # fmt: skip
    db.add_all([registration, award])
    db.flush()
    material = Material(registration_id=registration.id, slot=Slot.CONSENT, file_id=file.id, added_at=NOW)
    certificate = Certificate(
        contest_id=contest.id, award_id=award.id, kind=CertificateKind.AUTHOR, number="KP-A1-0001"
    )
    db.add_all([
        material, certificate, Attachment(contest_id=contest.id, file_id=file.id, title="通知", position=1),
        Submission(
            registration_id=registration.id, number=1, answers="{}", submitted_at=NOW, decision=Decision.APPROVED,
            decided_at=NOW,
        ),
    ])  # fmt: skip
    db.flush()
    version = CertificateVersion(certificate_id=certificate.id, version=1, code="c", text="{}", issued_at=NOW)
    prints = PrintBatch(contest_id=contest.id, title="全部", created_at=NOW)
    db.add_all([version, prints, Consent(
        registration_id=registration.id, method=ConsentBy.FORM, guardian="家长", wording="1", given_at=NOW,
        material_id=material.id,
    )])  # fmt: skip
    db.flush()
    db.add(PrintSheet(batch_id=prints.id, position=1, version_id=version.id))
    db.flush()
