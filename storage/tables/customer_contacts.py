"""The people at a customer's: named by a file, or met by a rep."""

from sqlalchemy import Column, String, Table, UniqueConstraint

from storage.tables.schema import Key, metadata
from storage.tables.seen import of_customer

customer_contact = Table(
    "customer_contact",
    metadata,
    Column("id", Key, primary_key=True),
    Column("customer_id", *of_customer(), nullable=False),
    Column("name", String(120), nullable=False),
    Column("role", String(120)),
    Column("phone", String(60)),
    Column("email", String(200)),
    Column("source", String(10), nullable=False),  # "file" or "rep"
    UniqueConstraint("customer_id", "name"),
)
