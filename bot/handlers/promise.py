"""Promises without the guided call: from the account, in one line, withdrawn by their author."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.handlers import conversation, promised, wide
from bot.handlers.news import News
from bot.handlers.registry import COLLECTORS, on_command, on_tap, on_text
from bot.handlers.request import Answer, Request
from bot.screens import promise as screens
from bot.screens.conversation import REFUSALS
from bot.screens.promise import SaidPromise, StartPromise, WithdrawPromise
from bot.scripts.typed_dates import DateRefusal
from bot.scripts.typed_promises import Said
from bot.use_cases import accounts, alerts, conversations, promises, search
from bot.use_cases.conversations import Opening
from bot.use_cases.refusals import DateRefused, NothingToClaim, Outdated
from bot.use_cases.search import Found, ManyNames
from storage import customers
from storage import promises as rows
from storage.work import Work

if TYPE_CHECKING:
    from bot.screens.screen import Screen

NAMED = "promised"
FEWEST_WORDS = 3  # an amount, a day, a name


@on_tap(StartPromise, roles=COLLECTORS, customer=lambda _work, tap: tap.customer)
def start(request: Request, tap: StartPromise) -> Answer:
    """Ask what the customer promises."""
    return conversation.begin(request, Opening("promise", tap.customer))


@on_command("promesse", "promise", roles=COLLECTORS, menu="A promise in one line")
def promise(request: Request, arguments: str) -> Answer:
    """Read « 1500 vendredi Dupont » over, ready to confirm."""
    return _line(request, f"promesse {arguments}") or Answer(screens.usage(request.speaker))


@on_text
def typed(request: Request) -> Answer | None:
    """Read « promesse 1500 vendredi Dupont » and the like over; other texts are no promise."""
    if request.incoming is None or request.person.role not in COLLECTORS:
        return None
    text = request.incoming.text
    return _line(request, text) or _wordless(request, text)


def _wordless(request: Request, text: str) -> Answer | None:
    """Read « 1500 vendredi Dupont » over too: an amount, a day and surely one name of his."""
    if text.startswith("/") or len(text.split()) < FEWEST_WORDS:
        return None  # a name or a code, as nearly all that is typed
    on = request.incoming.written_on if request.incoming else request.now.today
    said = f"promesse {text}"
    read = promised.said(request, said, on)
    if read is None or not (read[0].figures and isinstance(read[0].day, date) and read[0].name):
        return None
    try:
        whole = search.find(request.work, request.person, text, search.MANY)
        found = promised.meant(request, read[0], search.MANY)[1]
        return _answered(request, said, on) if found.sure and not whole.hits else None
    except ManyNames:
        return None


def _line(request: Request, text: str) -> Answer | None:
    """Answer a line that says a promise; nothing is recorded before it is confirmed."""
    on = request.incoming.written_on if request.incoming else request.now.today
    read = promised.said(request, text, on)
    if read is None:
        return None
    line, _ = read
    if isinstance(line.day, DateRefusal):
        return Answer(screens.unread(request.speaker, REFUSALS[line.day.value]))
    if not line.name:
        return _nobody(request, line, text)
    try:
        return _answered(request, text, on)
    except ManyNames:
        return wide.order(request, NAMED, text=text, on=on.isoformat())


def _nobody(request: Request, line: Said, text: str) -> Answer | None:
    """Ask whose promise it is; a word alone may be a customer's name."""
    if not (line.figures or line.day):
        try:
            if search.find(request.work, request.person, text, search.MANY).sure:
                return None
        except ManyNames:
            return None
    return Answer(screens.usage(request.speaker, whose=bool(line.figures or line.day)))


def _answered(request: Request, text: str, on: date) -> Answer | None:
    line, means, found = _read(request, text, on, search.MANY)
    if found.sure:
        tap = promised.tap(request, line, means, found.hits[0].customer)
        if tap is not None:
            return _begun(request, tap)
    if not found.hits and not (line.figures or line.day):
        return None  # « la promesse » of a name that is looked for as it stands
    return Answer(_offered(request, line, means, found))


def _read(
    asked: Request | News, text: str, on: date, most: int = customers.ALL
) -> tuple[Said, str, Found]:
    read = promised.said(asked, text, on)
    if read is None:  # it was read before
        raise Outdated
    line, means = read
    line, found = promised.meant(asked, line, most)
    return line, means, found


@wide.page(NAMED)
def _later(asked: Request | News, facts: Mapping[str, Any]) -> Screen:
    on = date.fromisoformat(str(facts["on"]))
    return _offered(asked, *_read(asked, str(facts["text"]), on))


def _offered(asked: Request | News, line: Said, means: str, found: Found) -> Screen:
    """Ask which account is meant; nobody found, or an amount that is none, says so."""
    taps = [(one, promised.tap(asked, line, means, one.customer)) for one in found.hits]
    known = [(one, tap) for one, tap in taps if tap is not None]
    if found.hits and not known:  # « 1500,50 » in a currency without decimals, or another's sign
        return screens.no_amount(asked.speaker, line.figures)
    if not found.hits and line.doubtful:
        return screens.no_amount(asked.speaker, line.doubtful)
    return screens.choices(asked.speaker, known, line.name)


@on_tap(SaidPromise, roles=COLLECTORS, customer=lambda _work, tap: tap.customer)
def said(request: Request, tap: SaidPromise) -> Answer:
    """Read over what was typed, for the account that was chosen."""
    aside = conversations.active(request.work, request.person) is not None
    answer = _begun(request, tap)
    if not aside:
        return answer
    toast = screens.put_aside(request.speaker)
    return Answer(answer.screen, edit=False, more=answer.more, bind=answer.bind, toast=toast)


def _begun(request: Request, tap: SaidPromise) -> Answer:
    account = accounts.load(request.work, tap.customer, request.now, request.rules)
    claim = account.claim(account.main_currency)
    if not claim:
        raise NothingToClaim
    if not promised.is_ours(tap, claim, request.rules):
        raise Outdated
    if tap.day and date.fromordinal(tap.day) < request.now.today:
        raise DateRefused(date.fromordinal(tap.day))
    if not (tap.amount or tap.day or tap.means):  # « promesse Dupont »
        return conversation.begin(request, Opening("promise", tap.customer))
    known = promised.given(tap, claim, [one.name for one in account.people])
    return conversation.begin(request, Opening("promise", tap.customer, given=known))


def customer_of(work: Work, tap: WithdrawPromise) -> int:
    """Find whose promise the tap names; 0 when it does not exist."""
    return rows.customer_of(work, tap.promise) or 0


@on_tap(WithdrawPromise, roles=COLLECTORS, customer=customer_of)
def withdraw(request: Request, tap: WithdrawPromise) -> Answer:
    """Take one's own promise back within ten minutes."""
    customer_id = promises.withdraw(
        request.work, request.origin, request.person, tap.promise, request.rules
    )
    alerts.scan(request.work, request.origin, [customer_id], request.rules)
    return Answer(toast=screens.withdrawn(request.speaker), alert=True)
