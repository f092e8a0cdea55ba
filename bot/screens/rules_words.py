"""The names of the rules, in a few words each; what is seen on site is named elsewhere."""

from __future__ import annotations

from bot.screens.render import N_

RULES = {
    "C1-01": N_("Late now"),
    "C1-02": N_("Pays later than before"),
    "C1-03": N_("Share overdue"),
    "C1-04": N_("Broken promise"),
    "C1-05": N_("Bank return"),
    "C1-06": N_("Odd payments"),
    "C1-07": N_("Another means of payment"),
    "C1-08": N_("Asked for more time"),
    "C1-09": N_("Late disputes"),
    "C1-10": N_("Limit passed"),
    "C1-11": N_("First purchase unpaid"),
    "C1-12": N_("Large invoice left aside"),
    "C1-13": N_("Silence"),
    "C2-01": N_("Fall of orders"),
    "C2-02": N_("Unusual order"),
    "C2-03": N_("Buys more, pays later"),
    "C2-04": N_("Split orders"),
    "C2-06": N_("New delivery address"),
    "C2-08": N_("Unusual returns"),
    "C2-10": N_("Weighs much in our sales"),
    "C3-01": N_("Insolvency"),
    "C3-02": N_("Ceased"),
    "C3-03": N_("Privilege entered"),
    "C3-04": N_("Insurer's limit"),
    "C3-05": N_("Rating down"),
    "C3-06": N_("Accounts not filed"),
    "C3-07": N_("Own funds too low"),
    "C3-08": N_("Losses"),
    "C3-09": N_("Change of management"),
    "C3-10": N_("Office moved"),
    "C3-11": N_("Business sold"),
    "C3-12": N_("Pledge entered"),
    "C3-14": N_("Activity under watch"),
}
