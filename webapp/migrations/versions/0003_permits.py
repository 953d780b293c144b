"""Permits"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    op.create_table(
        "perizinan_counter",
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "year", name=op.f("perizinan_counter_pkey")),
    )
    op.create_table(
        "perizinan_type",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("fee_kind", sa.String(length=12), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("loaded", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("channel IN ('here', 'elsewhere')", name=op.f("perizinan_type_known_channel_check")),
        sa.CheckConstraint("fee_kind IN ('free', 'retribution')", name=op.f("perizinan_type_known_fee_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("perizinan_type_pkey")),
        sa.UniqueConstraint("code", "valid_from", name=op.f("perizinan_type_code_valid_from_key")),
        sa.UniqueConstraint("id", "fee_kind", name=op.f("perizinan_type_id_fee_kind_key")),
    )
    op.create_table(
        "perizinan_application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=True),
        sa.Column("type_id", sa.Integer(), nullable=False),
        sa.Column("type_code", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("assisted_by_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("fee", sa.Integer(), nullable=True),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("late_defects", sa.Integer(), nullable=False),
        sa.Column("verifier_human", sa.LargeBinary(length=32), nullable=True),
        sa.Column("examiner_human", sa.LargeBinary(length=32), nullable=True),
        sa.Column("signer_human", sa.LargeBinary(length=32), nullable=True),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("days_used", sa.Double(), nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'discarded', 'checking', 'returned', 'verifying', 'inspecting', 'recommending', "
            "'billed', 'signing', 'issued', 'refused', 'withdrawn', 'revoked')",
            name=op.f("perizinan_application_known_state_check"),
        ),
        sa.CheckConstraint(
            "examiner_human IS NULL OR examiner_human <> signer_human",
            name=op.f("perizinan_application_examiner_never_signs_check"),
        ),
        sa.CheckConstraint("returns <= 1 + late_defects", name=op.f("perizinan_application_returned_once_check")),
        sa.CheckConstraint(
            "verifier_human IS NULL OR verifier_human <> signer_human",
            name=op.f("perizinan_application_verifier_never_signs_check"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("perizinan_application_agency_id_fkey")),
        sa.ForeignKeyConstraint(
            ["assisted_by_id"], ["person.id"], name=op.f("perizinan_application_assisted_by_id_fkey")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("perizinan_application_office_id_fkey")),
        sa.ForeignKeyConstraint(["officer_id"], ["person.id"], name=op.f("perizinan_application_officer_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("perizinan_application_person_id_fkey")),
        sa.ForeignKeyConstraint(["type_id"], ["perizinan_type.id"], name=op.f("perizinan_application_type_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("perizinan_application_pkey")),
        sa.UniqueConstraint("code", name=op.f("perizinan_application_code_key")),
        sa.UniqueConstraint("id", "type_id", name=op.f("perizinan_application_id_type_id_key")),
        sa.UniqueConstraint("number", name=op.f("perizinan_application_number_key")),
    )
    with op.batch_alter_table("perizinan_application", schema=None) as batch_op:
        batch_op.create_index(
            "one_draft_per_type",
            ["person_id", "type_code"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )
        batch_op.create_index("perizinan_application_at_desk", ["officer_id", "state"], unique=False)
        batch_op.create_index("perizinan_application_of_office", ["office_id", "state"], unique=False)
        batch_op.create_index("perizinan_application_of_person", ["person_id", "state"], unique=False)

    op.create_table(
        "perizinan_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("loads", sa.JSON(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("taken_from_id", sa.Integer(), nullable=True),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["perizinan_application.id"], name=op.f("perizinan_assignment_application_id_fkey")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("perizinan_assignment_person_id_fkey")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["person.id"], name=op.f("perizinan_assignment_taken_by_id_fkey")),
        sa.ForeignKeyConstraint(["taken_from_id"], ["person.id"], name=op.f("perizinan_assignment_taken_from_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("perizinan_assignment_pkey")),
    )
    with op.batch_alter_table("perizinan_assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("perizinan_assignment_application_id_index"), ["application_id"], unique=False)

    op.create_table(
        "perizinan_bill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("type_id", sa.Integer(), nullable=False),
        sa.Column("fee_kind", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("paid_at", sa.DateTime(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'paid') = (payment_id IS NOT NULL)", name=op.f("perizinan_bill_paid_by_a_payment_check")
        ),
        sa.CheckConstraint("fee_kind = 'retribution'", name=op.f("perizinan_bill_never_for_free_check")),
        sa.CheckConstraint("state IN ('open', 'paid', 'cancelled')", name=op.f("perizinan_bill_known_state_check")),
        sa.CheckConstraint("amount > 0", name=op.f("perizinan_bill_amount_positive_check")),
        sa.ForeignKeyConstraint(
            ["application_id", "type_id"],
            ["perizinan_application.id", "perizinan_application.type_id"],
            name=op.f("perizinan_bill_application_id_type_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("perizinan_bill_payment_id_fkey")),
        sa.ForeignKeyConstraint(
            ["type_id", "fee_kind"],
            ["perizinan_type.id", "perizinan_type.fee_kind"],
            name=op.f("perizinan_bill_type_id_fee_kind_fkey"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("perizinan_bill_pkey")),
        sa.UniqueConstraint("application_id", name=op.f("perizinan_bill_application_id_key")),
        sa.UniqueConstraint("code", name=op.f("perizinan_bill_code_key")),
        sa.UniqueConstraint("payment_id", name=op.f("perizinan_bill_payment_id_key")),
    )
    op.create_table(
        "perizinan_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("cure", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "kind = 'grant' OR (reason <> '' AND evidence <> '' AND cure <> '')",
            name=op.f("perizinan_decision_refusals_say_why_check"),
        ),
        sa.CheckConstraint("kind IN ('grant', 'refuse')", name=op.f("perizinan_decision_known_kind_check")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["perizinan_application.id"], name=op.f("perizinan_decision_application_id_fkey")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("perizinan_decision_decided_by_id_fkey")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("perizinan_decision_proposed_by_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("perizinan_decision_pkey")),
    )
    with op.batch_alter_table("perizinan_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("perizinan_decision_application_id_index"), ["application_id"], unique=False)

    op.create_table(
        "perizinan_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("verdict IN ('fit', 'unfit')", name=op.f("perizinan_finding_known_verdict_check")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["perizinan_application.id"], name=op.f("perizinan_finding_application_id_fkey")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("perizinan_finding_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("perizinan_finding_pkey")),
    )
    with op.batch_alter_table("perizinan_finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("perizinan_finding_application_id_index"), ["application_id"], unique=False)

    op.create_table(
        "perizinan_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("from_staff", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("held_for", sa.String(length=24), nullable=False),
        sa.Column("judged_by_id", sa.Integer(), nullable=True),
        sa.Column("judged_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('sent', 'held', 'released', 'stopped')", name=op.f("perizinan_message_known_state_check")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["perizinan_application.id"], name=op.f("perizinan_message_application_id_fkey")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("perizinan_message_author_id_fkey")),
        sa.ForeignKeyConstraint(["judged_by_id"], ["person.id"], name=op.f("perizinan_message_judged_by_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("perizinan_message_pkey")),
    )
    with op.batch_alter_table("perizinan_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("perizinan_message_application_id_index"), ["application_id"], unique=False)

    op.create_table(
        "perizinan_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'upheld', 'dismissed')", name=op.f("perizinan_objection_known_state_check")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("perizinan_objection_answered_by_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["perizinan_application.id"], name=op.f("perizinan_objection_application_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("perizinan_objection_pkey")),
        sa.UniqueConstraint("application_id", name=op.f("perizinan_objection_application_id_key")),
    )
    op.create_table(
        "perizinan_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("requirement", sa.String(length=40), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["perizinan_application.id"], name=op.f("perizinan_paper_application_id_fkey")
        ),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("perizinan_paper_upload_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("perizinan_paper_pkey")),
    )
    with op.batch_alter_table("perizinan_paper", schema=None) as batch_op:
        batch_op.create_index(
            "one_standing_paper",
            ["application_id", "requirement"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("perizinan_paper_application_id_index"), ["application_id"], unique=False)

    op.create_table(
        "perizinan_permit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("type_code", sa.String(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=48), nullable=False),
        sa.Column("token", sa.String(length=26), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("signer_id", sa.Integer(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("revoke_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["perizinan_application.id"], name=op.f("perizinan_permit_application_id_fkey")
        ),
        sa.ForeignKeyConstraint(["signer_id"], ["person.id"], name=op.f("perizinan_permit_signer_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("perizinan_permit_pkey")),
        sa.UniqueConstraint("application_id", name=op.f("perizinan_permit_application_id_key")),
        sa.UniqueConstraint("number", name=op.f("perizinan_permit_number_key")),
        sa.UniqueConstraint("token", name=op.f("perizinan_permit_token_key")),
        sa.UniqueConstraint("type_code", "year", "serial", name=op.f("perizinan_permit_type_code_year_serial_key")),
    )
    op.create_table(
        "perizinan_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("checklist", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.CheckConstraint("(latitude IS NULL) = (done_at IS NULL)", name=op.f("perizinan_visit_seen_somewhere_check")),
        sa.CheckConstraint("moves IN (0, 1)", name=op.f("perizinan_visit_moved_once_check")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["perizinan_application.id"], name=op.f("perizinan_visit_application_id_fkey")
        ),
        sa.ForeignKeyConstraint(["inspector_id"], ["person.id"], name=op.f("perizinan_visit_inspector_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("perizinan_visit_pkey")),
    )
    with op.batch_alter_table("perizinan_visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("perizinan_visit_application_id_index"), ["application_id"], unique=False)

    op.create_table(
        "perizinan_check",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=48), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("state = 'accepted' OR note <> ''", name=op.f("perizinan_check_defects_are_named_check")),
        sa.CheckConstraint("state IN ('accepted', 'defective')", name=op.f("perizinan_check_known_state_check")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["perizinan_application.id"], name=op.f("perizinan_check_application_id_fkey")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("perizinan_check_by_id_fkey")),
        sa.ForeignKeyConstraint(["paper_id"], ["perizinan_paper.id"], name=op.f("perizinan_check_paper_id_fkey")),
        sa.PrimaryKeyConstraint("application_id", "item", name=op.f("perizinan_check_pkey")),
    )
    op.create_table(
        "perizinan_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("perizinan_photo_upload_id_fkey")),
        sa.ForeignKeyConstraint(["visit_id"], ["perizinan_visit.id"], name=op.f("perizinan_photo_visit_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("perizinan_photo_pkey")),
    )
    with op.batch_alter_table("perizinan_photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("perizinan_photo_visit_id_index"), ["visit_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("perizinan_photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("perizinan_photo_visit_id_index"))

    op.drop_table("perizinan_photo")
    op.drop_table("perizinan_check")
    with op.batch_alter_table("perizinan_visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("perizinan_visit_application_id_index"))

    op.drop_table("perizinan_visit")
    op.drop_table("perizinan_permit")
    with op.batch_alter_table("perizinan_paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("perizinan_paper_application_id_index"))
        batch_op.drop_index(
            "one_standing_paper",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.drop_table("perizinan_paper")
    op.drop_table("perizinan_objection")
    with op.batch_alter_table("perizinan_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("perizinan_message_application_id_index"))

    op.drop_table("perizinan_message")
    with op.batch_alter_table("perizinan_finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("perizinan_finding_application_id_index"))

    op.drop_table("perizinan_finding")
    with op.batch_alter_table("perizinan_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("perizinan_decision_application_id_index"))

    op.drop_table("perizinan_decision")
    op.drop_table("perizinan_bill")
    with op.batch_alter_table("perizinan_assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("perizinan_assignment_application_id_index"))

    op.drop_table("perizinan_assignment")
    with op.batch_alter_table("perizinan_application", schema=None) as batch_op:
        batch_op.drop_index("perizinan_application_of_person")
        batch_op.drop_index("perizinan_application_of_office")
        batch_op.drop_index("perizinan_application_at_desk")
        batch_op.drop_index(
            "one_draft_per_type", sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'")
        )

    op.drop_table("perizinan_application")
    op.drop_table("perizinan_type")
    op.drop_table("perizinan_counter")
