"""Written notices: what was sent and is unpaid, a letter before it leaves, its page to print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.screens import formats, letter_parties
from bot.screens import letter_text as letters
from bot.screens.account import OpenAccount
from bot.screens.credit_taps import ShowCredit
from bot.screens.render import DEFAULT_LOCALE, N_, Speaker
from bot.screens.screen import Button, File, Screen
from bot.screens.tap import Tap, verb
from bot.screens.typography import FRENCH
from bot.screens.worklist import amounts
from credit.money import Money
from storage.formal_notices import FORMAL, SUSPENSION, in_all_currencies

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bot.use_cases.account_calculations import LateInvoice
    from bot.use_cases.formal_notices import Claim
    from bot.use_cases.notice_standing import Notice, Standing

KINDS = (FORMAL, SUSPENSION)
TITLES = {FORMAL: N_("Formal notice"), SUSPENSION: N_("Notice of suspension")}
FILES = {FORMAL: N_("formal-notice"), SUSPENSION: N_("suspension")}
MEANS = {
    "registered": N_("registered letter"),
    "email": N_("e-mail"),
    "officer": N_("court officer"),
    "hand": N_("handed over"),
}
SHOWN = 4
PREVIEW = 2600
"""Characters of a letter that a screen shows; the file has all of it."""


@verb("nl")
@dataclass(frozen=True, slots=True)
class ShowNotices(Tap):
    """Show the written notices of an account."""

    customer: int


@verb("np")
@dataclass(frozen=True, slots=True)
class PreviewNotice(Tap):
    """Show a notice of the kind at `place` as it would be written now."""

    customer: int
    place: int


@verb("nk")
@dataclass(frozen=True, slots=True)
class KeepNotice(Tap):
    """Keep a notice as it is written now, and send its page."""

    customer: int
    place: int


@verb("ns")
@dataclass(frozen=True, slots=True)
class ShowNotice(Tap):
    """Show a notice that was kept."""

    notice: int


@verb("nf")
@dataclass(frozen=True, slots=True)
class NoticeFile(Tap):
    """Send a notice again, as a page to print."""

    notice: int


@verb("nt")
@dataclass(frozen=True, slots=True)
class NoticeSent(Tap):
    """Tell that a notice was sent: the form asks how and when."""

    notice: int


@verb("nx")
@dataclass(frozen=True, slots=True)
class EndNotice(Tap):
    """Take a notice back."""

    notice: int


def text(claim: Claim, kind: str, today: date) -> str:
    """Write a notice, its figures in French as its text is, whatever the company's language."""
    locale, invoices = FRENCH, claim.invoices
    rates = sorted({segment.rate for one in invoices for segment in one.penalty.segments})
    shown = [formats.rate(rate, locale) for rate in rates]
    return letters.written(
        letters.letter(kind),
        {
            **letter_parties.sides(claim),
            "reference": _reference(kind, claim.account.customer.code, today),
            "today": formats.long_day(today, locale) + f" {today.year}",
            "claimed": [formats.money(one, locale) for one in claim.claimed],
            "penalty": [formats.money(one.penalty, locale) for one in claim.sums],
            "flat_fee": formats.money(claim.flat_fee, locale),
            "fee_each": formats.money(claim.fee_each, locale),
            "total": [formats.money(one, locale) for one in claim.total],
            "rates": ", ".join(shown),
            "days": claim.days,
            "signer": claim.signer,
            "phone": claim.phone,
            "email": claim.email,
            "formal_on": formats.day(claim.formal.sent_on, locale) if claim.formal else "",
            "lines": [
                {
                    "number": formats.name(one.item.number or "?", 40),
                    "issued": formats.day(one.item.issued_on, locale) if one.item.issued_on else "",
                    "due": formats.day(one.item.due_on or today, locale),
                    "amount": formats.money(one.claimed, locale),
                    "days": one.item.days_past_due(today),
                    **_parts(one, locale),
                }
                for one in invoices
            ],
        },
    )


def _reference(kind: str, code: str, day: date) -> str:
    """Name a letter for the debtor to quote: its kind, his account, the day it was written."""
    return f"{letters.letter(kind).mark}-{_safe(code)}-{day:%Y%m%d}"


def _parts(one: LateInvoice, locale: str) -> dict[str, str]:
    """Say the whole of an invoice and what of it is not claimed: settled, or contested (7.6).

    Whole less settled less contested is what is claimed.
    """
    item, currency = one.item, one.claimed.currency
    contested = item.open_minor - one.claimed.minor
    whole = max(item.amount_minor, item.open_minor)
    shown = {"total": whole, "settled": whole - item.open_minor, "disputed": contested}
    return {
        name: formats.money(Money.from_minor(minor, currency), locale) if minor else ""
        for name, minor in shown.items()
    }


def listed(speaker: Speaker, found: Standing) -> Screen:
    """Show what was written to a customer, and offer what may be written next."""
    customer = found.account.customer
    page = speaker.page(
        "letter/list.html",
        customer=customer,
        notices=[line(speaker, one) for one in found.notices[:SHOWN]],
        hidden=max(0, len(found.notices) - SHOWN),
        blocks=found.blocks,
        told=found.told,
    )
    rows: list[tuple[Button, ...]] = [
        (Button(line(speaker, one), ShowNotice(one.row.id)),) for one in found.notices[:SHOWN]
    ]
    rows += [
        (Button(f"✉️ {speaker.say(TITLES[kind])}", PreviewNotice(customer.id, place)),)
        for place, kind in enumerate(KINDS)
    ]
    rows.append((_back(speaker, customer.id),))
    return Screen(page, tuple(rows))


def line(speaker: Speaker, one: Notice) -> str:
    """Say a notice in a line: what, how much, and where it stands."""
    amount = amounts(speaker, one.amounts)
    title = speaker.say(TITLES[one.row.kind])
    if one.row.sent_on is None:
        return speaker.say("{title}, {amount}: not sent yet", title=title, amount=amount)
    day = formats.day(one.row.sent_on, speaker.locale)
    if not one.unpaid:
        return speaker.say("{title} of {day}: paid", title=title, day=day)
    return speaker.say("{title} of {day}: {amount} unpaid", title=title, day=day, amount=amount)


def told(speaker: Speaker, row: Any) -> Screen:  # noqa: ANN401 - a row
    """Tell a rep what becomes of a letter to his customer, and what to do now."""
    page = speaker.page(
        "letter/told.html",
        title=speaker.say(TITLES[row.kind]),
        customer=row.customer,
        amount=amounts(speaker, in_all_currencies(row)),
        author=row.author,
        days=row.days,
        sent_on=row.sent_on,
        ended=row.ended_at is not None,
    )
    account = Button(
        speaker.say("Open the account"), OpenAccount(int(row.customer_id)), style="primary"
    )
    return Screen(page, ((account,),))


def preview(speaker: Speaker, claim: Claim, kind: str, body: str, lacking: Iterable[str]) -> Screen:
    """Show a letter before it is kept, with what to look at first.

    `lacking` are the names of what it does not say of our company.
    """
    law, customer = letters.letter(kind), claim.account.customer
    page = speaker.page(
        "letter/preview.html",
        title=speaker.say(TITLES[kind]),
        customer=customer,
        body=_cut(body),
        foreign=_is_foreign(speaker),
        source=law.source,
        checked_on=law.checked_on,
        checked=law.verified,
        rates_checked=claim.verified or kind != FORMAL,
        reachable=bool(claim.phone or claim.email),
        lacking=letter_parties.listed(speaker, letter_parties.OURS, lacking),
        unknown=letter_parties.listed(
            speaker, letter_parties.THEIRS, letter_parties.unknown(claim.addressee)
        ),
        promised=[
            (Money.from_minor(one.amount_minor, one.currency), one.last_due_on)
            for one in (kept.promise for kept in claim.account.promises)
        ],
        unmatched=[formats.money(one, speaker.locale) for one in claim.unmatched],
    )
    keep = KeepNotice(customer.id, KINDS.index(kind))
    return Screen(
        page,
        (
            (Button(speaker.say("📄 Keep it and send me the page"), keep, style="primary"),),
            (Button(speaker.say("← Letters"), ShowNotices(customer.id)),),
        ),
    )


def shown(speaker: Speaker, row: Any, lacking: Iterable[str]) -> Screen:  # noqa: ANN401 - a row
    """Show a kept notice: sent or not, what it does not say of us, and what to do with it."""
    waits = row.ended_at is None and row.sent_on is None
    page = speaker.page(
        "letter/one.html",
        title=speaker.say(TITLES[row.kind]),
        customer=row.customer,
        amounts=in_all_currencies(row),
        author=row.author,
        drawn_on=row.drawn_at.astimezone(speaker.zone).date(),
        sent_on=row.sent_on,
        means=speaker.say(MEANS[row.means]) if row.means in MEANS else "",
        reference=row.reference or "",
        ended=row.ended_at is not None,
        lacking=letter_parties.listed(speaker, letter_parties.OURS, lacking if waits else ()),
        body=_cut(row.body),
        foreign=_is_foreign(speaker),
    )
    rows: list[tuple[Button, ...]] = []
    if row.ended_at is None:
        if row.sent_on is None:
            sent = Button(speaker.say("✅ I have sent it"), NoticeSent(row.id), style="success")
            rows.append((sent,))
        rows.append(
            (
                Button(speaker.say("📄 The page"), NoticeFile(row.id)),
                Button(speaker.say("Take it back"), EndNotice(row.id), style="danger"),
            )
        )
    rows.append((Button(speaker.say("← Letters"), ShowNotices(row.customer_id)),))
    return Screen(page, tuple(rows))


def document(speaker: Speaker, kind: str, code: str, body: str, drawn_on: date) -> Screen:
    """Send a notice as a page to print; it may be forwarded."""
    title = speaker.say(TITLES[kind])
    name = f"{speaker.say(FILES[kind])}-{_safe(code)}-{drawn_on.isoformat()}.html"
    file = File(name, letters.page(letters.letter(kind).subject, body), letters.MIME)
    return Screen(speaker.page("letter/caption.html", title=title), file=file, protected=False)


def _is_foreign(speaker: Speaker) -> bool:
    """Tell whether the reader's language is another than the letters'."""
    return speaker.locale != DEFAULT_LOCALE


def _safe(code: str) -> str:
    return "".join(one if one.isalnum() else "-" for one in code)[:30] or "-"


def _cut(body: str) -> str:
    return body if len(body) <= PREVIEW else body[:PREVIEW].rsplit("\n", 1)[0] + "\n…"


def _back(speaker: Speaker, customer: int) -> Button:
    return Button(speaker.say("← Credit"), ShowCredit(customer))
