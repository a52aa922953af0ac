"""What Alembic runs: the migrations, over the connection that `grader.database.opening` hands in."""

from alembic import context

from grader.database.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
