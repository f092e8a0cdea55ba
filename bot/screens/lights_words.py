"""Words for the signals of orders, public records and visits: one sentence each, by its id."""

from __future__ import annotations

from bot.screens.render import N_

LEVELS = {
    0: N_("All clear"),
    1: N_("Watch"),
    2: N_("Alert"),
    3: N_("Red alert"),
    4: N_("Frozen"),
}

# Each signal in one sentence: its figure, then the rule that it passed.
SENTENCES = {
    "C1-05": N_(
        "Bank return: {amount}, lack of funds, on {on} · rule: {count} in {window_days} days"
    ),
    "C1-07": N_("Pays in another way: {what}, seen on {on} · rule: {threshold} days"),
    "C2-01": N_("Orders fall: {lately} in {days} days for {usual} before · rule: −{threshold}%"),
    "C2-02": N_(
        "Unusual order: {number}, {amount}, {times} times the mean · rule: {threshold} times"
    ),
    "C2-03": N_("Buys much more while paying later: {lately} in {days} days · rule: +{threshold}%"),
    "C2-04": N_(
        "Split orders: {count} within {days} days just under the release amount · rule: {threshold}"
    ),
    "C2-05": N_("Accepts every price and term, in a hurry: told on {on}"),
    "C2-06": N_(
        "New delivery address: {place}, order {number} · not an address known of the company"
    ),
    "C2-07": N_("Another supplier stopped deliveries: told on {on}"),
    "C2-08": N_(
        "Unusual returns: {returned} in {days} days, {percent}% of sales · rule: {threshold}%"
    ),
    "C2-09": N_("Sells at a loss or clears stock: told on {on}"),
    "C2-10": N_("This customer makes {percent}% of our sales · rule: {threshold}%"),
    "C2-11": N_("Another buyer, not announced: since {on}"),
    "C3-01": N_("Insolvency: {procedure}, published on {published_on} (BODACC)"),
    "C3-02": N_("The company has ceased or is being wound up: {published_on}"),
    "C3-03": N_("Privilege entered: {count} in {window_days} days, last on {on}"),
    "C3-04": N_("Credit insurance: limit {decision} on {on}"),
    "C3-05": N_("Rating down: {lost} classes, on {on} · rule: {threshold}"),
    "C3-06": N_("Accounts of {closing} not filed: {days} days late · rule: {threshold} months"),
    "C3-07": N_(
        "Own funds too low in the accounts of {closing} · rule: {threshold}% of the capital"
    ),
    "C3-08": N_("Losses: {count} years running · rule: {threshold}"),
    "C3-09": N_("Change of management: {count} in {window_days} days, last on {on}"),
    "C3-10": N_("Registered office moved: {on}"),
    "C3-11": N_("Business sold: published on {published_on}, oppose by {until} at the latest"),
    "C3-12": N_("Pledge entered: {count} in {window_days} days, last on {on}"),
    "C3-13": N_("Sued or served: known since {on}"),
    "C3-14": N_("Activity under watch: {naf}"),
}

# What a rep may see or be told at the customer's (handbook 4.4, and 4.2 for C2 and C3).
SEEN = {
    "T01": N_("Premises closed during opening hours"),
    "T02": N_("Premises run down, works stopped"),
    "T03": N_("For-sale sign, lease on offer"),
    "T04": N_("Moving out, equipment leaving"),
    "T05": N_("Shelves or stock unusually empty"),
    "T06": N_("Overstock, dated goods, our goods unsold"),
    "T07": N_("Our goods present, identifiable"),
    "T08": N_("Equipment worn out, broken, newly rented"),
    "T09": N_("Little activity, empty car park, site stopped"),
    "T10": N_("Loss of a large customer or contract"),
    "T11": N_("Aggressive sales, selling at a loss"),
    "T12": N_("Accountant or finance director left"),
    "T13": N_("Many departures, short time, lay-offs"),
    "T14": N_("Wages paid late (told by staff)"),
    "T15": N_("Tense atmosphere"),
    "T16": N_("Manager unreachable or avoiding us"),
    "T17": N_("Manager away for long, succession not prepared"),
    "T18": N_("Spending out of line with the business"),
    "T19": N_("Gloomy about business or the bank"),
    "T20": N_("Enforcement officer seen on site"),
    "T21": N_("A supplier asks for cash"),
    "T22": N_("New bank or overdraft ended (told by them)"),
    "T23": N_("Rumour of insolvency (source given)"),
    "T24": N_("Address, sign or letter box changed"),
    "T25": N_("Refuses to sign delivery notes or orders"),
    "T26": N_("New investment, hiring, full order book"),
    "C2-05": N_("Accepts every price and term, in a hurry"),
    "C2-07": N_("Another supplier stopped deliveries"),
    "C2-09": N_("Sells at a loss, clears stock"),
    "C2-11": N_("Another buyer, not announced"),
    "C3-13": N_("Sued or served (told or seen)"),
}

# Coded words inside figures.
CODED = {
    "procedure": {
        "safeguard": N_("safeguard"),
        "receivership": N_("receivership"),
        "liquidation": N_("liquidation"),
    },
    "decision": {
        "granted": N_("made smaller"),
        "reduced": N_("reduced"),
        "refused": N_("refused"),
        "cancelled": N_("cancelled"),
    },
    "what": {
        "bank_account": N_("a new bank account"),
        "means": N_("a means that binds less"),
    },
}
ACTIONS = {
    "stop_and_declare": N_("Stop calling and delivering; list our unpaid goods on site."),
    "stop_deliveries": N_("Deliver nothing more; tell your credit manager."),
    "oppose_sale": N_("Oppose the sale in time: send your credit manager the amounts."),
    "cash_only": N_("New orders against payment only."),
    "ask_for_accounts": N_("Ask for the latest accounts."),
    "confirm_order": N_("Call back to confirm the order before it leaves."),
    "call_bank_reject": N_("Call the same day: an immediate transfer replaces the payment."),
    "check_identity": N_("Check who orders and where it goes, by a number you know."),
    "look_again": N_("Go and look again, and say what you see."),
}

# What puts a signal out; C and T stand for all others.
GREEN_WHEN = {
    "C1-01": N_("the late invoice is paid"),
    "C1-02": N_("three payments on time"),
    "C1-03": N_("the overdue part is paid"),
    "C1-04": N_("no promise broken for 90 days"),
    "C1-05": N_("no return for 180 days"),
    "C1-10": N_("back under the limit"),
    "C1-11": N_("the first invoice is paid"),
    "C1-12": N_("the large invoice is paid"),
    "C1-13": N_("somebody answers"),
    "C2-01": N_("orders come back"),
    "C3-01": N_("the procedure ends or is lifted"),
    "C3-03": N_("the entry is struck off"),
    "C3-04": N_("the insurer grants again"),
    "C3-06": N_("the accounts are filed"),
    "C": N_("time, or the cause goes"),
    "T": N_("a visit that finds better, or 60 days"),
}
