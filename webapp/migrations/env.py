"""How Alembic reaches the database: through the application's own engine."""

from alembic import context

from webapp.db import Base, db

with db.engine.connect().execution_options(writes=True) as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
