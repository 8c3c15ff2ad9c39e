"""The tables from which migrations begin: databases of before them are indexed again."""

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = None

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "properties",
        sa.Column("name", _TEXT, primary_key=True),
        sa.Column("value", _TEXT, nullable=False),
    )
    op.create_table(
        "documents",
        sa.Column("id", _TEXT, primary_key=True),
        sa.Column("fingerprint", _TEXT, nullable=False),
        sa.Column("summary", _TEXT, nullable=False),
        sa.Column("body", _TEXT, nullable=False),
    )
    op.create_table(
        "records",
        sa.Column("key", _SEQUENCE, primary_key=True, autoincrement=True),
        sa.Column("id", _TEXT, nullable=False, unique=True),
        sa.Column("document_id", _TEXT, sa.ForeignKey("documents.id"), nullable=False, index=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("date", sa.Date),
        sa.Column("body", _TEXT, nullable=False),
        sa.Column("text", _TEXT, nullable=False),
        sa.Column("fields", _TEXT, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.Column("attachment", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "removals",
        sa.Column("seq", _SEQUENCE, primary_key=True, autoincrement=True),
        sa.Column("record_key", _SEQUENCE, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "notes",
        sa.Column("name", _TEXT, primary_key=True),
        sa.Column("value", _TEXT, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        # Numbers don't compress: PostgreSQL would try at each write.
        for column in ("vector", "attachment"):
            op.execute(f"ALTER TABLE records ALTER COLUMN {column} SET STORAGE EXTERNAL")
