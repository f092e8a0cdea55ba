"""The metadata that every table belongs to, and the type of their keys."""

from sqlalchemy import BigInteger, Integer, MetaData

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# SQLite gives a rowid only to INTEGER PRIMARY KEY; PostgreSQL wants 64 bits.
Key = BigInteger().with_variant(Integer, "sqlite")
