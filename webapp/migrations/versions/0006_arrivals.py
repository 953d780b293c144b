"""Who is on the way to the clinic, and who is there"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0006", "0005"


def upgrade() -> None:
    with op.batch_alter_table("dokter_ticket") as table:
        table.add_column(sa.Column("on_way_at", sa.DateTime(), nullable=True))
        table.add_column(sa.Column("arrived_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("dokter_ticket") as table:
        table.drop_column("arrived_at")
        table.drop_column("on_way_at")
