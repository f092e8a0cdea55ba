"""The book as versioned rows behind views, so that an import is seen all at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STILL, OVER = sa.text("until = 1000000000"), sa.text("until <> 1000000000")

CUSTOMER = (
    "id, code, name, search, siren, rep_code, assigned_code, credit_limit_minor, "
    "limit_currency, terms, risk_class, group_code, address, changed_at"
)
ITEM = (
    "id, customer_id, key, kind, number, issued_on, due_on, currency, amount_minor, open_minor, "
    "total_known, disputed_in_ledger, order_number, stated_on, first_import, settled_on"
)
PAYMENT = (
    "id, customer_id, key, received_on, currency, amount_minor, means, invoice_number, "
    "reference, item_id, import_id"
)
SETTLEMENT = "id, item_id, settled_on, amount_minor, payment_id, import_id"
SEEN = "since <= (select version from book) and until > (select version from book)"


def upgrade() -> None:
    """Turn every table of the book into one of rows with versions; all hold from now on."""
    _without_foreign_keys()
    op.rename_table("customer", "customer_row")
    op.add_column("customer_row", sa.Column("since", KEY, server_default="0", nullable=False))
    _make_items()
    _make_payments()
    _make_settlements()
    for name, columns in (("settlement", SETTLEMENT), ("payment", PAYMENT), ("item", ITEM)):
        op.execute(
            f"insert into {name}_row ({columns}, since) "  # noqa: S608 - our own names
            f"select {columns}, coalesce((select max(id) from import_run), 0) from {name}"
        )
        op.drop_table(name)
    _make_book()
    _make_views()
    _tell_partial_imports()


def _without_foreign_keys() -> None:
    """Let go of the foreign keys to rows that change: an id stands for one of several."""
    if op.get_bind().dialect.name == "postgresql":
        for table, column in (
            ("promise_item", "item_id"),
            ("dispute", "item_id"),
            ("settlement", "item_id"),
            ("settlement", "payment_id"),
            ("payment", "item_id"),
        ):
            op.drop_constraint(f"fk_{table}_{column}", table, type_="foreignkey")
        return
    for table in ("promise_item", "dispute"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(f"fk_{table}_item_id", type_="foreignkey")


def _versioned(name: str, *columns: sa.Column[object]) -> None:
    """Create a table whose first columns say in which versions a row is seen."""
    foreign = (
        [
            sa.ForeignKeyConstraint(
                ["customer_id"], ["customer_row.id"], name=f"fk_{name}_customer_id"
            )
        ]
        if any(one.name == "customer_id" for one in columns)
        else []
    )
    op.create_table(
        name,
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("since", KEY, autoincrement=False, server_default="0", nullable=False),
        sa.Column("until", KEY, server_default="1000000000", nullable=False),
        *columns,
        *foreign,
        sa.PrimaryKeyConstraint("id", "since", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_ended", name, ["until"], sqlite_where=OVER, postgresql_where=OVER)


def _make_items() -> None:
    _versioned(
        "item_row",
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("open_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_known", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("disputed_in_ledger", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("order_number", sa.String(length=120), nullable=True),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("first_import", KEY, nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
    )
    _once("item_row", "customer_id", "key")
    op.create_index("ix_item_row_open", "item_row", ["customer_id", "due_on", "open_minor"])
    op.create_index("ix_item_row_number", "item_row", ["number"])


def _make_payments() -> None:
    _versioned(
        "payment_row",
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("means", sa.String(length=20), nullable=True),
        sa.Column("invoice_number", sa.String(length=120), nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("item_id", KEY, nullable=True),
        sa.Column("import_id", KEY, nullable=False),
    )
    _once("payment_row", "customer_id", "key")
    op.create_index("ix_payment_row_customer_on", "payment_row", ["customer_id", "received_on"])
    op.create_index("ix_payment_row_item", "payment_row", ["item_id"])


def _make_settlements() -> None:
    _versioned(
        "settlement_row",
        sa.Column("item_id", KEY, nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("payment_id", KEY, nullable=True),
        sa.Column("import_id", KEY, nullable=False),
    )
    op.create_index("ix_settlement_row_item", "settlement_row", ["item_id", "settled_on"])
    op.create_index("ix_settlement_row_payment", "settlement_row", ["payment_id"])


def _once(name: str, *columns: str) -> None:
    op.create_index(
        f"uq_{name}_key",
        name,
        list(columns),
        unique=True,
        sqlite_where=STILL,
        postgresql_where=STILL,
    )


def _make_book() -> None:
    op.create_table(
        "book",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", KEY, server_default="0", nullable=False),
        sa.Column("previous", KEY, server_default="0", nullable=False),
        sa.Column("pending", KEY, nullable=True),
        sa.Column("owner", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book")),
    )
    op.execute(
        "insert into book (id, version, previous) "
        "select 1, coalesce(max(id), 0), coalesce(max(id), 0) from import_run"
    )
    op.create_table(
        "book_touched",
        sa.Column("version", KEY, autoincrement=False, nullable=False),
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("scan", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer_row.id"], name=op.f("fk_book_touched_customer_id")
        ),
        sa.PrimaryKeyConstraint("version", "customer_id", name=op.f("pk_book_touched")),
    )
    op.create_table(
        "book_later",
        sa.Column("version", KEY, autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("data", types.JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("version", "n", name=op.f("pk_book_later")),
    )
    op.create_table(
        "book_follow",
        sa.Column("version", KEY, autoincrement=False, nullable=False),
        sa.Column("subject", types.JsonText(), nullable=False),
        sa.Column("report", types.JsonText(), nullable=False),
        sa.Column("found", types.JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_book_follow")),
    )


def _make_views() -> None:
    op.execute(
        f"create view customer as select {CUSTOMER} from customer_row "  # noqa: S608
        "where since <= (select version from book)"
    )
    for name, columns in (
        ("item", f"{ITEM}, since as last_import"),
        ("payment", PAYMENT),
        ("settlement", SETTLEMENT),
    ):
        op.execute(f"create view {name} as select {columns} from {name}_row where {SEEN}")  # noqa: S608


def _tell_partial_imports() -> None:
    """Say in a column which files were a part of the book: reports are not kept for ever."""
    op.add_column(
        "import_run", sa.Column("partial", sa.Boolean(), server_default="0", nullable=False)
    )
    runs = sa.table(
        "import_run",
        sa.column("id", KEY),
        sa.column("report", types.JsonText()),
        sa.column("partial", sa.Boolean()),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(runs.c.id, runs.c.report)).all():
        if row.report.get("partial"):
            connection.execute(sa.update(runs).where(runs.c.id == row.id).values(partial=True))
