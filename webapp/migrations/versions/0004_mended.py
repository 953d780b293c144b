"""When an applicant has dealt with a defect"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0004", "0003"


def upgrade() -> None:
    with op.batch_alter_table("perizinan_check") as table:
        table.add_column(sa.Column("mended_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("perizinan_check") as table:
        table.drop_column("mended_at")
