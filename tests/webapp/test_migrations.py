"""The migrations make exactly the tables that the models describe, and can be taken back."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from tests.factories import clinics as make
from webapp.db import Base, db


def test_the_tables_are_what_the_models_say(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_migration_can_be_taken_back_and_made_again(app):
    db.session.remove()
    downgrade(revision="base")
    with db.engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    upgrade()
    with db.engine.connect() as connection:
        assert set(Base.metadata.tables) < set(inspect(connection).get_table_names())


def test_the_database_itself_refuses_a_state_that_no_workflow_knows(app, siti):
    """Checks are not compared above, so they are tried."""
    make.a_ticket(make.a_shift(), siti)
    for statement in (
        "UPDATE dokter_ticket SET state = 'abducted'",
        "UPDATE dokter_shift_share SET taken = places + 1",
        "UPDATE dokter_shift_share SET taken = -1",
        "UPDATE dokter_tariff SET amount = -1",
    ):
        try:
            db.session.execute(text(statement))
        except IntegrityError:
            db.session.rollback()
        else:
            raise AssertionError(statement)
