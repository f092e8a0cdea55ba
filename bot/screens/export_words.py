"""Words of the workbooks: their headers, and the states that their lines tell."""

from __future__ import annotations

from bot.screens.render import N_

WHO = (N_("Code"), N_("Customer"), N_("Rep"))
SUMS = (N_("No date"), N_("Credits"), N_("Overdue"), N_("Balance"), N_("Limit"))
CALLS = (
    N_("Rank"),
    N_("Code"),
    N_("Customer"),
    N_("Amount"),
    N_("Currency"),
    N_("Days late"),
    N_("Level"),
    N_("Why"),
)
ALERTS = (
    *WHO,
    N_("Level"),
    N_("Meaning"),
    N_("State"),
    N_("Answered by"),
    N_("Since"),
    N_("Overdue"),
    N_("Points"),
    N_("Why"),
)
PROMISES = (
    *WHO,
    N_("Made on"),
    N_("Due on"),
    N_("Promised"),
    N_("Received"),
    N_("Credited"),
    N_("Currency"),
    N_("State"),
    N_("Means"),
    N_("Commitment"),
    N_("Recorded by"),
)
DISPUTES = (
    *WHO,
    N_("Reason"),
    N_("Invoice"),
    N_("Amount"),
    N_("Currency"),
    N_("Opened on"),
    N_("Target"),
    N_("State"),
    N_("Closed on"),
    N_("Recorded by"),
    N_("Founded"),
    N_("Credit note"),
)
REQUESTS = (
    *WHO,
    N_("Amount"),
    N_("Currency"),
    N_("Rules"),
    N_("Reason"),
    N_("Asked"),
    N_("State"),
    N_("Answered"),
    N_("Hours"),
    N_("Deposit"),
    N_("Asked by"),
)
HELD = (*WHO, N_("Order"), N_("Ordered on"), N_("Amount"), N_("Currency"))
READERS = (N_("Name"), N_("Role"), N_("State"), N_("Since"))
READ = {
    "waiting": N_("waiting"),
    "sent": N_("delivered, not seen"),
    "seen": N_("seen"),
    "blocked": N_("not reached: the bot is blocked"),
    "failed": N_("not reached"),
}
FIRM, NOT_FIRM = N_("firm"), N_("not firm")
ANSWERS = {
    "raised": N_("without an answer"),
    "acknowledged": N_("taken charge of"),
    "snoozed": N_("put off"),
    "dismissed": N_("set aside"),
}
DISPUTED = {
    "open": N_("open"),
    "under_review": N_("under review"),
    "founded": N_("founded"),
    "partly_founded": N_("partly founded"),
    "unfounded": N_("unfounded"),
    "closed": N_("closed"),
}
