"""Keep the facts with a seal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Both databases add a column that may be empty where the table stands; seals from before have no facts.
    op.add_column("seal", sa.Column("facts", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("seal", "facts")
