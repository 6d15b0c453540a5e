"""Keys for proofs, the domains that are allowed, relays, and which activities are for followers."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from peewee import SqliteDatabase

_STATEMENTS = (
    "ALTER TABLE signing_key ADD COLUMN ed25519_pem TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE activity ADD COLUMN for_followers BOOLEAN NOT NULL DEFAULT {no}",
    """
    CREATE TABLE allowed_domain (
        id BIGINT PRIMARY KEY,
        domain TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX allowed_domain_domain ON allowed_domain (domain)",
    """
    CREATE TABLE relay (
        id BIGINT PRIMARY KEY,
        address TEXT NOT NULL,
        kind TEXT NOT NULL,
        inbox TEXT NOT NULL,
        actor_uri TEXT NOT NULL,
        state TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX relay_address ON relay (address)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        statement = statement.replace("{no}", "0" if sqlite else "FALSE")
        db.execute_sql(statement.replace("BIGINT", "INTEGER").replace("BOOLEAN", "INTEGER") if sqlite else statement)
    change = "UPDATE signing_key SET ed25519_pem = %s WHERE id = %s".replace("%s", "?" if sqlite else "%s")
    for (key_id,) in db.execute_sql("SELECT id FROM signing_key").fetchall():
        db.execute_sql(change, (_new_key(), key_id))
    # Whoever keeps a rendered actor takes it for another one now: it lists a key more.
    db.execute_sql("UPDATE account SET version = version + 1 WHERE domain = ''")


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DROP TABLE relay")
    db.execute_sql("DROP TABLE allowed_domain")
    db.execute_sql("ALTER TABLE activity DROP COLUMN for_followers")
    db.execute_sql("ALTER TABLE signing_key DROP COLUMN ed25519_pem")


def _new_key() -> str:
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode("ascii")
