"""The register of guarantees on the phone: what a customer gave, until when, what it covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.screens import formats
from bot.screens.credit_taps import ShowCredit
from bot.screens.render import N_, Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from credit.guarantees import GuaranteeKind, Mentions
from credit.money import Money
from storage import guarantees

if TYPE_CHECKING:
    from bot.use_cases.guarantees import Held, Register

KINDS = {
    GuaranteeKind.RETENTION_OF_TITLE: N_("retention of title"),
    GuaranteeKind.PERSONAL_SURETY: N_("personal surety"),
    GuaranteeKind.BANK_SURETY: N_("bank surety"),
    GuaranteeKind.DEMAND_GUARANTEE: N_("first-demand guarantee"),
    GuaranteeKind.AVAL: N_("aval"),
    GuaranteeKind.COMFORT_LETTER: N_("comfort letter"),
    GuaranteeKind.CREDIT_INSURANCE: N_("credit insurance"),
    GuaranteeKind.DELEGATION: N_("delegation of payment"),
    GuaranteeKind.DEPOSIT: N_("security deposit"),
    GuaranteeKind.PLEDGE: N_("pledge on goods"),
    GuaranteeKind.BUSINESS_PLEDGE: N_("pledge on the business"),
    GuaranteeKind.OFFSET: N_("agreed set-off"),
}
MENTIONS = {
    Mentions.COMPLETE: N_("mentions of art. 2297 complete"),
    Mentions.MISSING: N_("mentions of art. 2297 missing: covers nothing"),
    Mentions.UNSEEN: N_("mentions of art. 2297 still to be checked"),
}
ENDS = {
    guarantees.RELEASED: N_("Given back"),
    guarantees.CALLED: N_("Called"),
    guarantees.MISTAKE: N_("Mistake"),
}
LABEL = 24
SHOWN = 12


@verb("gl")
@dataclass(frozen=True, slots=True)
class ShowGuarantees(Tap):
    """Show the running guarantees of an account."""

    customer: int


@verb("ga")
@dataclass(frozen=True, slots=True)
class AddGuarantee(Tap):
    """Enter a guarantee: the form asks for it."""

    customer: int


@verb("gs")
@dataclass(frozen=True, slots=True)
class ShowGuarantee(Tap):
    """Show one guarantee."""

    guarantee: int


@verb("ge")
@dataclass(frozen=True, slots=True)
class EndGuarantee(Tap):
    """End a guarantee for the reason at `place`."""

    guarantee: int
    place: int


@verb("gf")
@dataclass(frozen=True, slots=True)
class GuaranteePhotos(Tap):
    """Send the pictures of a guarantee's deed."""

    guarantee: int


def named(speaker: Speaker, kind: str) -> str:
    """Name a kind of guarantee."""
    return speaker.say(KINDS[GuaranteeKind(kind)])


def listed(speaker: Speaker, found: Register, *, may_add: bool) -> Screen:
    """Show a customer's guarantees, the one that ends first in front, and what they cover."""
    customer = found.account.customer
    page = speaker.page(
        "guarantee/list.html",
        customer=customer,
        held=[_facts(speaker, one) for one in found.held[:SHOWN]],
        hidden=max(0, len(found.held) - SHOWN),
        covered=[formats.round_money(one, speaker.locale) for one in found.covered],
    )
    rows = [
        (Button(f"{n} · {_short(speaker, one)}", ShowGuarantee(one.row.id)),)
        for n, one in enumerate(found.held[:SHOWN], 1)
    ]
    if may_add:
        add = Button(speaker.say("➕ Add a guarantee"), AddGuarantee(customer.id), style="primary")
        rows.append((add,))
    rows.append((Button(speaker.say("← Credit"), ShowCredit(customer.id)),))
    return Screen(page, tuple(rows))


def _short(speaker: Speaker, one: Held) -> str:
    amount = one.value.amount
    words = named(speaker, one.value.kind)
    if amount is not None:
        words += f" · {formats.round_money(amount, speaker.locale)}"
    return words


def _facts(speaker: Speaker, one: Held) -> dict[str, Any]:
    return {
        "title": named(speaker, one.value.kind),
        "amount": one.value.amount,
        "until": one.value.valid_until,
        "left": one.days_left,
        "counts": one.counts,
        "expired": one.days_left is not None and one.days_left < 0,
        "checked": one.rule.verified,
        "source": one.rule.source,
        "mentions": speaker.say(MENTIONS[one.value.mentions]) if one.value.mentions else "",
        "void": one.value.mentions is Mentions.MISSING,
        "giver": one.row.giver or "",
        "reference": one.row.reference or "",
        "photos": len(one.row.files),
    }


def shown(speaker: Speaker, one: Held, *, may_end: bool) -> Screen:
    """Show one guarantee with its law, its paper, and the ways to end it."""
    row = one.row
    overdue = Money.from_minor(row.overdue_minor, row.currency or "EUR")
    page = speaker.page(
        "guarantee/one.html",
        customer=row.customer,
        author=row.author,
        added_on=row.added_at.astimezone(speaker.zone).date(),
        overdue=overdue if overdue.minor else None,
        **_facts(speaker, one),
    )
    rows: list[tuple[Button, ...]] = []
    if row.files:
        label = speaker.count("📷 {n} picture", "📷 {n} pictures", len(row.files))
        rows.append((Button(label, GuaranteePhotos(row.id)),))
    if may_end:
        keys = (
            Button(speaker.say(words), EndGuarantee(row.id, n))
            for n, words in enumerate(ENDS.values())
        )
        rows.append(tuple(keys))
    rows.append((Button(speaker.say("← Guarantees"), ShowGuarantees(row.customer_id)),))
    return Screen(page, tuple(rows))


def reason(place: int) -> str | None:
    """Return why a guarantee ends, by the place of its key; None for a forged one."""
    return dict(enumerate(ENDS)).get(place)


def ended(speaker: Speaker) -> str:
    """Confirm in a toast that a guarantee has ended."""
    return speaker.say("Ended: it covers nothing any more.")


def photo(speaker: Speaker, one: Held, file_id: str) -> Screen:
    """Send a picture of a guarantee's deed again."""
    return Screen(speaker.page("guarantee/photo.html", title=_short(speaker, one)), photo=file_id)


def ending(speaker: Speaker, one: Held) -> Screen:
    """Tell the credit manager that a guarantee ends soon."""
    page = speaker.page("guarantee/ending.html", customer=one.row.customer, **_facts(speaker, one))
    keys = (
        Button(speaker.say("Open the guarantee"), ShowGuarantee(one.row.id), style="primary"),
        Button(speaker.say("🛡 Credit"), ShowCredit(one.row.customer_id)),
    )
    return Screen(page, (keys,))
