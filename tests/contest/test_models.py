"""The tables refuse nonsense by themselves, on SQLite and on PostgreSQL: every CHECK and every UNIQUE is tried."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import CheckConstraint, Connection, Enum, Table, UniqueConstraint, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from contest.models import Base, LedgerRow, Mark
from settings import Settings
from tests.builders import NOW
from tests.contest.filling import filled
from tests.tablets import running, submit_all
from web.db import open_engine

# Constraint → an update that breaks it. A constraint that is not here fails the test below.
BROKEN = {
    "ck_contest_quota_from_one": "UPDATE contest SET quota = 0",
    "ck_contest_ages_in_order": "UPDATE contest SET min_age = 18, max_age = 16",
    "ck_contest_registration_forwards":
        "UPDATE contest SET registration_opens_at = created_at, registration_closes_at = created_at",
    "ck_stored_file_size_from_zero": "UPDATE stored_file SET size = -1",
    "ck_import_batch_imported_before_undone": "UPDATE import_batch SET imported_at = NULL",
    "ck_milestone_forwards": "UPDATE milestone SET at = '2030-01-02', ends_at = '2030-01-01'",
    "ck_delegation_quota_from_zero": "UPDATE delegation SET quota = -1",
    "ck_registration_version_from_one": "UPDATE registration SET version = 0",
    "ck_registration_generation_from_one": "UPDATE registration SET generation = 0",
    "ck_registration_submitted_with_receipt": "UPDATE registration SET receipt = NULL",
    "ck_registration_approved_as_entry": "UPDATE registration SET entry_id = NULL",
    "ck_submission_number_from_one": "UPDATE submission SET number = 0",
    "ck_submission_decided_at_a_time": "UPDATE submission SET decided_at = NULL",
    "ck_consent_form_with_file": "UPDATE consent SET material_id = NULL",
    "ck_draw_number_from_one": "UPDATE draw SET number = 0",
    "ck_break_after_from_one": "UPDATE break SET after = 0",
    "ck_break_minutes_from_one": "UPDATE break SET minutes = 0",
    "ck_award_rank_from_one": "UPDATE award SET rank = 0",
    "ck_award_place_from_one": "UPDATE award SET place = 0",
    "ck_certificate_reason_of_a_revocation": "UPDATE certificate SET revoked_reason = '重复'",
    "ck_certificate_version_version_from_one": "UPDATE certificate_version SET version = 0",
    "ck_print_batch_done_from_zero": "UPDATE print_batch SET done = -1",
    "ck_print_sheet_position_from_one": "UPDATE print_sheet SET position = 0",
    "ck_organization_not_its_own_parent": "UPDATE organization SET parent_id = id",
    "ck_rule_version_number_from_one": "UPDATE rule_version SET number = 0",
    "ck_approval_two_people": "UPDATE approval SET confirmer_id = proposer_id, confirmed_at = proposed_at",
    "ck_approval_confirmed_by_someone": "UPDATE approval SET confirmer_id = NULL",
    "ck_approval_confirmed_or_withdrawn": "UPDATE approval SET withdrawn_at = proposed_at",
    "ck_rule_change_two_people": "UPDATE rule_change SET confirmer_id = proposer_id",
    "ck_rule_change_confirmed_by_someone": "UPDATE rule_change SET confirmer_id = NULL",
    "ck_rule_change_confirmed_or_withdrawn": "UPDATE rule_change SET withdrawn_at = proposed_at",
    "ck_rule_change_with_reason": "UPDATE rule_change SET reason = ''",
    "ck_result_override_two_people": "UPDATE result_override SET confirmer_id = proposer_id",
    "ck_result_override_confirmed_by_someone": "UPDATE result_override SET confirmer_id = NULL",
    "ck_result_override_confirmed_or_withdrawn": "UPDATE result_override SET withdrawn_at = proposed_at",
    "ck_result_override_with_reason": "UPDATE result_override SET reason = ''",
    "ck_rule_draft_version_from_one": "UPDATE rule_draft SET version = 0",
    "ck_rule_change_confirmed_with_effect": "UPDATE rule_change SET effect = NULL",
    "ck_result_override_ruled_when_confirmed": "UPDATE result_override SET value = NULL",
    "ck_seal_number_from_one": "UPDATE seal SET number = 0",
    "ck_entry_not_promoted_from_itself": "UPDATE entry SET promoted_from_id = id",
    "ck_appearance_released_at_a_time": "UPDATE appearance SET released_at = NULL WHERE visibility = 'released'",
    "ck_adjustment_attempt_from_one": "UPDATE adjustment SET attempt = 0",
    "ck_ruling_attempt_from_one": "UPDATE ruling SET attempt = 0",
    "ck_ruling_about_someone": "UPDATE ruling SET entry_id = NULL",
    "ck_ledger_head_seq_from_zero": "UPDATE ledger_head SET seq = -1",
    "ck_ledger_row_seq_from_one": "UPDATE ledger_row SET seq = 0 WHERE seq = 1",
    "ck_ledger_row_payload_with_salt": "UPDATE ledger_row SET salt = NULL",
    "ck_seat_number_from_one": "UPDATE seat SET number = 0 WHERE number = 1",
    "ck_seat_generation_from_one": "UPDATE seat SET card_generation = 0",
    "ck_span_forwards": "UPDATE span SET first = 2, last = 1",
    "ck_sheet_attempt_from_one": "UPDATE sheet SET attempt = 0",
    "ck_sheet_version_from_one": "UPDATE sheet SET version = 0",
    "ck_sheet_submitted_in_ledger": "UPDATE sheet SET ledger_seq = NULL",
    "ck_signature_number_from_one": "UPDATE signature SET number = 0",
    "ck_signature_by_hand_or_typed": "UPDATE signature SET typed = NULL",
    "ck_message_only_strays_are_decided": "UPDATE message SET decision = 'accepted' WHERE result <> 'stray'",
    "ck_frame_revision_from_one": "UPDATE frame SET revision = 0",
}


@pytest.fixture
def connection(database_url: str, tmp_path) -> Iterator[Connection]:
    """A connection to a database in which every table has a row."""
    engine = open_engine(Settings(instance=tmp_path, database_url=database_url))
    Base.metadata.create_all(engine)
    with Session(engine) as db, db.begin():
        filled(db)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def refused(connection: Connection, statement: str) -> bool:
    """Whether the database refuses a statement that would change at least one row."""
    try:
        with connection.begin_nested():
            assert connection.execute(text(statement)).rowcount > 0, statement
    except IntegrityError:
        return True
    return False


def tables() -> list[Table]:
    return list(Base.metadata.sorted_tables)


def enums() -> list[tuple[Table, str]]:
    """Every column of states."""
    return [(table, column.name) for table in tables() for column in table.columns if isinstance(column.type, Enum)]


def test_every_check_of_every_table_refuses_what_breaks_it(connection):
    assert [name for name, broken in BROKEN.items() if not refused(connection, broken)] == []


def test_every_check_of_every_table_is_tried():
    states = {f"ck_{table.name}_{table.c[column].type.name}" for table, column in enums()}
    checks = {str(c.name) for table in tables() for c in table.constraints if isinstance(c, CheckConstraint)}
    assert checks == set(BROKEN) | states


def test_no_column_of_states_holds_an_unknown_one(connection):
    nonsense = [f"UPDATE {table.name} SET {column} = 'nonsense'" for table, column in enums()]  # noqa: S608
    assert [each for each in nonsense if not refused(connection, each)] == []


def test_no_row_exists_twice(connection):
    """Each row is copied with every unique column fresh but those of one constraint, which must refuse it."""
    allowed = []
    for table in tables():
        for columns in uniques(table):
            fresh = {c for each in uniques(table) for c in each} - set(columns)
            row = connection.execute(select(table).limit(1)).mappings().one()
            values = {name: value for name, value in row.items() if name != "id" or "id" in columns}
            values |= {name: another(values[name]) for name in fresh if name in values and free(table, name)}
            try:
                with connection.begin_nested():
                    connection.execute(table.insert().values(**values))
                allowed.append((table.name, columns))
            except IntegrityError as error:
                assert "foreign key" not in str(error).lower()
    assert allowed == []


def uniques(table: Table) -> list[tuple[str, ...]]:
    """The columns of each UNIQUE of a table."""
    return sorted(tuple(c.columns.keys()) for c in table.constraints if isinstance(c, UniqueConstraint))


def free(table: Table, column: str) -> bool:
    """Whether a column may hold any value: it refers to nothing and is no state."""
    return not table.c[column].foreign_keys and not isinstance(table.c[column].type, Enum)


def another(value: object) -> object:
    return value + 1000 if isinstance(value, int) else f"{value}-x"


def test_a_row_cannot_refer_to_what_is_not_there(connection):
    wrong = [
        f"UPDATE {table.name} SET {key.parent.name} = 999999"  # noqa: S608
        for table in tables() for key in table.foreign_keys
        if connection.execute(select(table.c[key.parent.name]).limit(1)).first() is not None
    ]  # fmt: skip
    assert len(wrong) > 30
    assert [each for each in wrong if not refused(connection, each)] == []


def test_what_others_rest_on_cannot_be_removed(connection):
    for table in ("rule_version", "account", "lease", "panel", "person", "organization", "approval"):
        assert refused(connection, f"DELETE FROM {table}"), table  # noqa: S608


@pytest.mark.parametrize("value", [12.5, 12, "12.50", Decimal("NaN"), Decimal("Infinity")])
def test_a_mark_is_a_finite_decimal_or_nothing(db, contest, value):
    submit_all(db, contest, running(db, contest)[0])
    with pytest.raises(StatementError), db.begin_nested():
        db.scalars(select(Mark)).first().value = value
        db.flush()


@pytest.mark.parametrize("written", ["27.50", "0.000001", "-2", "1000000000", "0.10"])
def test_a_decimal_comes_back_as_it_was_written(db, contest, written):
    submit_all(db, contest, running(db, contest)[0])
    mark = db.scalars(select(Mark)).first()
    mark.value = Decimal(written)
    db.flush()
    db.expire_all()
    assert str(mark.value) == written


def test_a_time_without_a_zone_is_refused_and_one_with_a_zone_comes_back_in_utc(db, contest):
    with pytest.raises(StatementError), db.begin_nested():
        contest.created_at = datetime(2026, 5, 16)
        db.flush()
    contest.created_at = datetime(2026, 5, 16, 14, 30, tzinfo=timezone(timedelta(hours=8)))
    db.flush()
    db.expire_all()
    assert (contest.created_at, contest.created_at.utcoffset()) == (NOW, timedelta(0))


def test_public_ids_are_all_different(db, contest):
    submit_all(db, contest, running(db, contest)[0])
    ids = [row.subject for row in db.scalars(select(LedgerRow)) if row.subject.startswith("seat:")]
    assert len(set(ids)) == 3
