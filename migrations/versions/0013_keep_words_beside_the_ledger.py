"""Keep the words that a row of the ledger replaced beside it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["row_id"], ["ledger_row.id"], name=op.f("fk_ledger_words_row_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_words")),
        sa.UniqueConstraint("row_id", name=op.f("uq_ledger_words_row_id")),
    )


def downgrade() -> None:
    op.drop_table("ledger_words")
