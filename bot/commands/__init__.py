"""The verbs of the command line, one module each; heavy imports happen only when run."""

VERBS = (
    "init",
    "demo",
    "run",
    "check",
    "import",
    "sync",
    "scan",
    "balance",
    "calc",
    "digest",
    "broadcast",
    "outbox",
    "invite",
    "users",
    "revoke",
    "scripts",
    "backup",
    "restore",
    "retention",
)
