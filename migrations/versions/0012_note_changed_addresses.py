"""Let the ledger say that an event went to another address while it was judged."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CHECK = "ck_ledger_row_action"
ACTIONS = [
    "contest_imported", "rules_adopted", "round_moved", "sheet_submitted", "sheet_returned", "sheet_corrected",
    "message_strayed", "stray_decided", "card_revoked", "seat_taken", "adjusted", "adjustment_cancelled", "ruled",
    "ruling_cancelled", "released", "release_withdrawn", "approval_proposed", "approval_withdrawn", "round_sealed",
    "round_reopened", "entry_accepted", "entry_corrected", "rows_imported", "import_undone", "checked_in",
    "check_in_undone", "order_drawn", "order_changed", "entries_advanced", "panel_changed", "office_changed",
    "clock_pressed", "clock_undone", "awards_given", "awards_published", "awards_hidden", "certificate_issued",
    "certificate_corrected", "certificate_revoked",
]  # fmt: skip


def upgrade() -> None:
    _allow([*ACTIONS, "address_changed"])


def downgrade() -> None:
    # The rows stay out of the older version's reach: a contest that has one must be exported first.
    _allow(ACTIONS)


def _allow(values: Sequence[str]) -> None:
    with _altering("ledger_row") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.create_check_constraint(op.f(CHECK), f"action IN ({', '.join(repr(value) for value in values)})")


def _altering(name: str):  # type: ignore[no-untyped-def]
    """A batch on a table. SQLite makes the table anew, and reflection alone would lose its CHECK constraints."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        return op.batch_alter_table(name)
    table = sa.Table(name, sa.MetaData(), autoload_with=bind, resolve_fks=False)
    for check in sa.inspect(bind).get_check_constraints(name):
        table.append_constraint(sa.CheckConstraint(sa.text(check["sqltext"]), name=op.f(check["name"])))
    return op.batch_alter_table(name, copy_from=table)
