"""What `relance check` found, in words that say how to mend it."""

from __future__ import annotations

from bot.screens import letter_parties
from bot.screens.render import N_, Speaker
from bot.use_cases.health import Finding

MESSAGES = {
    "data_folder": N_("Data folder: {folder}"),
    "data_folder_unwritable": N_(
        "The data folder {folder} cannot be written ({why}): "
        "set RELANCE_DATA_DIR to a folder you own."
    ),
    "store": N_("The credit manager's store: {folder}"),
    "store_unwritable": N_(
        "The store {folder} cannot be written ({why}): mend its rights or set RELANCE_STORE_URL."
    ),
    "policy": N_("Policy: every threshold is readable."),
    "policy_broken": N_("The policy cannot be used: {why}"),
    "letters": N_("Letters: they say all of your company that they should."),
    "letters_incomplete": N_(
        "Letters to customers do not say, of your company: {missing}. "
        "Put it into [company] of policy.toml."
    ),
    "scripts": N_("Scripts: {count} conversations are sound."),
    "scripts_broken": N_("A scripted conversation is broken: {why}"),
    "database": N_("Database: reachable, up to date and sound."),
    "database_damaged": N_(
        "The database is damaged ({why}): restore the last backup with relance restore FILE."
    ),
    "schema_wrong": N_(
        "The database lacks {count} of its tables, columns and indexes ({first}): restore the "
        "last backup with relance restore FILE."
    ),
    "database_unreachable": N_("The database does not answer ({why}): check RELANCE_DATABASE_URL."),
    "database_look_failed": N_(
        "The database answers, but the look into it failed ({why}): restore the last backup if "
        "its content was changed by hand, otherwise report this line to whoever maintains Relance."
    ),
    "database_newer": N_(
        "The database is of a newer release (this one knows no migration {revision}): use that "
        "release, or put back the backup made before it."
    ),
    "people": N_("People with access: {count}"),
    "no_credit_manager": N_(
        "No credit manager has access yet: relance invite --role credit-manager gives a link."
    ),
    "data_age": N_("The book is {hours} h old."),
    "no_data": N_("No receivables were imported yet: relance import FILE."),
    "rates": N_("Late-payment rate of {semester}: known and verified."),
    "rates_missing": N_(
        "The late-payment rate of {semester} is not known: penalties are shown "
        "as estimates until late_payment.toml has it."
    ),
    "machines": N_(
        "Processes run on {count} machines: the store's folder must be one shared disk, "
        "at the same path on each."
    ),
    "outbox": N_("Outbox: nothing is stuck, {waiting} waiting."),
    "outbox_stuck": N_(
        "Outbox: {parked} messages are parked, {uncertain} in doubt: "
        "relance outbox lists them, --retry or --drop decides."
    ),
    "integrity": N_("Sums, references and the audit trail add up."),
    "sums_wrong": N_(
        "{count} invoices are not open by what their payments leave ({first}): "
        "import the whole list again, or restore the last backup."
    ),
    "promise_sums_wrong": N_(
        "{count} promises are not the sum of their instalments (accounts {first}): "
        "restore the last backup."
    ),
    "promise_items_wrong": N_(
        "{count} promises name invoices of another account (accounts {first}): "
        "restore the last backup."
    ),
    "orphans_wrong": N_("{count} rows have lost what they hang on ({first}): restore a backup."),
    "references_wrong": N_(
        "{count} rows name an invoice or a payment that is no more ({first}): restore a backup."
    ),
    "twice_wrong": N_(
        "{count} rows of the book stand twice ({first}): import the whole list again, "
        "or restore a backup."
    ),
    "import_unfinished": N_(
        "An import is under way or was cut short: the next one takes up or cleans up."
    ),
    "trail_wrong": N_("{count} events stand twice in the audit trail ({first}): restore a backup."),
    "queues": N_("Nothing waits that should have been handled or sent."),
    "updates_parked": N_(
        "{count} messages or taps could not be handled and were given up (updates {first}): "
        "look for them in the log."
    ),
    "updates_late": N_("{count} messages or taps wait for the bot: is relance run at work?"),
    "messages_late": N_(
        "{count} messages should have left an hour ago: is relance run at work? See relance outbox."
    ),
    "clock": N_("Clock: it agrees with what happened."),
    "clock_skewed": N_(
        "This machine's clock is {seconds} s away from the database server's: set both by NTP."
    ),
    "clock_behind": N_(
        "This machine's clock is {minutes} min behind what happened already: set it by NTP."
    ),
    "clock_real": N_("Clock: the real one."),
    "clock_offset": N_(
        "The clock is shifted by {seconds} s for a rehearsal: unset RELANCE_CLOCK_OFFSET."
    ),
    "backup_age": N_("Last backup: {days} d ago (relance backup FILE)."),
    "backup_never": N_("No backup was ever taken: relance backup FILE."),
    "backup_elsewhere": N_("Backup: none by relance backup; the server's own means are yours."),
    "files_closed": N_("Database and settings: closed to others on this machine."),
    "files_open": N_("Others on this machine can read {files}: chmod 600."),
    "disk": N_("Disk: {free} MB free, {needed} MB wanted."),
    "disk_full": N_("Disk: only {free} MB free: make room now, nothing can be written soon."),
    "disk_unknown": N_("Disk: its free space is not known."),
    "no_token": N_(
        "No bot token: set RELANCE_BOT_TOKEN (relance init asks for it). "
        "relance demo works without one."
    ),
    "token_not_asked": N_("A bot token is set; Telegram was not asked."),
    "telegram": N_("Telegram answers: this is @{username}."),
    "telegram_refuses": N_(
        "Telegram does not accept the token or cannot be reached ({why}): "
        "check RELANCE_BOT_TOKEN and the network."
    ),
    "webhook_none": N_("Updates: the bot asks Telegram for them."),
    "webhook_right": N_("Updates: Telegram brings them to RELANCE_WEBHOOK_URL."),
    "webhook_differs": N_(
        "Telegram does not bring the updates to RELANCE_WEBHOOK_URL: "
        "a running bot mends that within two minutes."
    ),
    "webhook_left": N_(
        "A webhook is set at Telegram although RELANCE_WEBHOOK_URL is empty: "
        "relance run removes it and asks for the updates."
    ),
}


def words(speaker: Speaker, finding: Finding) -> str:
    """Say one finding in a line."""
    data = dict(finding.data)
    missing = data.get("missing")
    if isinstance(missing, tuple):  # by their names in the policy
        data["missing"] = letter_parties.listed(speaker, letter_parties.OURS, missing)
    return speaker.say(MESSAGES[finding.code], **data)
