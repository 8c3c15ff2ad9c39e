"""Run migrations on the connection that `migrations.upgrade` gives. Alembic loads this file; nothing imports it."""

from alembic import context

from index.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
