"""Alembic's entry: runs the migrations in the transaction that the store opened."""

from alembic import context

from monitor.store.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
