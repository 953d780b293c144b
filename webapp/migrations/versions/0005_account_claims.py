"""Codes with which people whom a counter has entered open their account"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0005", "0004"


def upgrade() -> None:
    op.create_table(
        "account_claim",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("account_claim_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("account_claim_pkey")),
    )


def downgrade() -> None:
    op.drop_table("account_claim")
