"""Written notices: shown as they would read, kept, sent as a page, told as having left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.handlers import conversation
from bot.handlers.registry import CREDIT, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import letter as screens
from bot.screens import letter_parties
from bot.screens.letter import (
    KINDS,
    EndNotice,
    KeepNotice,
    NoticeFile,
    NoticeSent,
    PreviewNotice,
    ShowNotice,
    ShowNotices,
)
from bot.use_cases import accounts, formal_notices, notice_news, notice_standing
from bot.use_cases.conversations import Opening
from bot.use_cases.refusals import Outdated
from credit.moment import Moment

if TYPE_CHECKING:
    from bot.screens.screen import Screen
    from bot.use_cases.accounts import Account
    from bot.use_cases.formal_notices import Claim
    from storage.work import Work

FORM = "notice_sent"


def customer_of(work: Work, tap: ShowNotice | NoticeFile | NoticeSent | EndNotice) -> int:
    """Find whose notice a tap is about."""
    return formal_notices.customer_of(work, tap.notice)


@on_tap(ShowNotices, roles=CREDIT, customer=lambda _work, tap: tap.customer)
def show_all(request: Request, tap: ShowNotices) -> Answer:
    """Show what was written to a customer."""
    return Answer(_listed(request, tap.customer))


def _listed(request: Request, customer_id: int) -> Screen:
    account = accounts.load(request.work, customer_id, request.now, request.rules)
    return screens.listed(request.speaker, notice_standing.standing(request.work, account))


@on_tap(PreviewNotice, roles=CREDIT, customer=lambda _work, tap: tap.customer)
def preview(request: Request, tap: PreviewNotice) -> Answer:
    """Show the letter as it would read today; nothing is kept."""
    kind = _kind(tap.place)
    claim = _claim(request, tap.customer)
    body = _written(request, claim, kind)
    return Answer(screens.preview(request.speaker, claim, kind, body, _lacking(request, body)))


@on_tap(KeepNotice, roles=CREDIT, customer=lambda _work, tap: tap.customer)
def keep(request: Request, tap: KeepNotice) -> Answer:
    """Keep the letter as it reads now, and send its page."""
    kind = _kind(tap.place)
    claim = _claim(request, tap.customer)
    body = _written(request, claim, kind)
    notice = formal_notices.draw(request.work, request.origin, request.person, claim, kind, body)
    _told(request, notice, notice_news.DRAWN)
    row = formal_notices.read(request.work, notice)
    code = claim.account.customer.code
    file = screens.document(request.speaker, kind, code, body, request.now.today)
    return Answer(_shown(request, row), more=(file,))


def _kind(place: int) -> str:
    kind = dict(enumerate(KINDS)).get(place)
    if kind is None:
        raise Outdated
    return kind


def _claim(request: Request, customer_id: int) -> Claim:
    return formal_notices.claim(
        request.work, request.person, customer_id, request.now, request.rules
    )


def _written(request: Request, claim: Claim, kind: str) -> str:
    """Write a letter as it reads today: in French, whatever the reader's language."""
    return screens.text(claim, kind, request.now.today)


@on_tap(ShowNotice, roles=CREDIT, customer=customer_of)
def show(request: Request, tap: ShowNotice) -> Answer:
    """Show a notice that was kept."""
    return Answer(_shown(request, formal_notices.read(request.work, tap.notice)))


def _shown(request: Request, row: Any) -> Screen:  # noqa: ANN401 - a row of the database
    return screens.shown(request.speaker, row, _lacking(request, row.body))


def _lacking(request: Request, body: str) -> tuple[str, ...]:
    """Name what a letter does not say of our company."""
    return letter_parties.lacking(request.rules.policy.creditor, body)


@on_tap(NoticeFile, roles=CREDIT, customer=customer_of)
def page(request: Request, tap: NoticeFile) -> Answer:
    """Send the page of a notice again."""
    row = formal_notices.read(request.work, tap.notice)
    drawn_on = Moment(row.drawn_at, request.now.zone).today
    file = screens.document(request.speaker, row.kind, row.code, row.body, drawn_on)
    return Answer(more=(file,))


@on_tap(NoticeSent, roles=CREDIT, customer=customer_of)
def sent(request: Request, tap: NoticeSent) -> Answer:
    """Ask how and when a notice left."""
    row = formal_notices.read(request.work, tap.notice)
    if row.sent_on is not None or row.ended_at is not None:
        return Answer(_shown(request, row))
    return conversation.begin(request, Opening(FORM, int(row.customer_id), tap.notice))


@on_tap(EndNotice, roles=CREDIT, customer=customer_of)
def end(request: Request, tap: EndNotice) -> Answer:
    """Take a notice back."""
    customer = formal_notices.end(request.work, request.origin, request.person, tap.notice)
    _told(request, tap.notice, notice_news.ENDED)
    return Answer(_listed(request, customer))


def _told(request: Request, notice: int, what: str) -> None:
    """Let the account's reps hear of it before their customer speaks of it."""
    notice_news.tell(request.work, request.origin, request.person, notice, what, request.rules)


def unpaid(request: Request, account: Account) -> list[str]:
    """Say each letter to a customer that still counts, for whoever is about to speak to him."""
    found = notice_standing.standing(request.work, account)
    return [screens.line(request.speaker, one) for one in found.notices if one.unpaid]
