"""Files sent by the credit manager, the taps on their cards, and customers without a rep."""

from __future__ import annotations

from bot.handlers.registry import CREDIT, on_document, on_tap
from bot.handlers.request import Answer, Bind, Request
from bot.screens import uploads as screens
from bot.screens.uploads import (
    AnswerColumn,
    AssignTo,
    CancelUpload,
    ChooseRep,
    ImportUpload,
    SendAnomalies,
    ShowAnomalies,
    ShowOrphans,
    ShowUpload,
)
from bot.use_cases import handover, uploads
from bot.use_cases.refusals import NotYours
from storage import customers, people
from storage.uploads import Upload


@on_document
def receive(request: Request) -> Answer | None:
    """Take note of the file; the clock's next tick downloads and reads it."""
    document = request.incoming.document if request.incoming else None
    if document is None:
        return None
    if request.person.role not in CREDIT:
        return Answer(screens.only_credit(request.speaker), edit=False)
    one = uploads.receive(
        request.work,
        request.origin,
        request.person,
        file_id=document.file_id,
        unique_id=document.unique_id,
        name=document.name,
        size=document.size,
    )
    return _shown(request, one)


@on_tap(ShowUpload, roles=CREDIT, own=True)
def show(request: Request, tap: ShowUpload) -> Answer:
    """Show the card as it stands."""
    return _shown(request, uploads.own(request.work, request.person, tap.upload))


@on_tap(ImportUpload, roles=CREDIT, own=True)
def accept(request: Request, tap: ImportUpload) -> Answer:
    """Import the file for real."""
    return _shown(request, uploads.accept(request.work, request.person, tap.upload))


@on_tap(CancelUpload, roles=CREDIT, own=True)
def cancel(request: Request, tap: CancelUpload) -> Answer:
    """Give the file up."""
    one = uploads.cancel(request.work, request.origin, request.person, tap.upload)
    return _shown(request, one)


@on_tap(AnswerColumn, roles=CREDIT, own=True)
def answer(request: Request, tap: AnswerColumn) -> Answer:
    """Take the answer and read the file again."""
    one = uploads.answer(request.work, request.person, tap.upload, tap.asked, tap.place)
    return _shown(request, one)


@on_tap(ShowAnomalies, roles=CREDIT, own=True)
def anomalies(request: Request, tap: ShowAnomalies) -> Answer:
    """Show a page of what was wrong."""
    one = uploads.own(request.work, request.person, tap.upload)
    return Answer(screens.anomaly_list(request.speaker, one, tap.page))


@on_tap(SendAnomalies, roles=CREDIT, own=True)
def anomaly_file(request: Request, tap: SendAnomalies) -> Answer:
    """Send everything that was wrong as a file."""
    one = uploads.own(request.work, request.person, tap.upload)
    return Answer(screens.anomaly_file(request.speaker, one), edit=False)


@on_tap(ShowOrphans, roles=CREDIT)
def orphans(request: Request, tap: ShowOrphans) -> Answer:
    """List the customers without a rep."""
    page = max(0, tap.page)
    total, found = customers.orphans(request.work, page * screens.PAGE, screens.PAGE)
    return Answer(screens.orphans(request.speaker, total, found, page))


@on_tap(ChooseRep, roles=CREDIT, customer=lambda _work, tap: tap.customer)
def choose_rep(request: Request, tap: ChooseRep) -> Answer:
    """Ask who takes the customer."""
    customer = customers.by_id(request.work, tap.customer)
    if customer is None:
        raise NotYours
    codes = handover.rep_codes(request.work)[: screens.MOST_CODES]
    names = people.rep_names(request.work, frozenset(codes))
    known = [(code, names.get(code, [""])[-1]) for code in codes]
    return Answer(screens.choose_rep(request.speaker, customer, known))


@on_tap(AssignTo, roles=CREDIT, customer=lambda _work, tap: tap.customer)
def assign(request: Request, tap: AssignTo) -> Answer:
    """Give the customer to a rep code, and go on with the list."""
    codes = handover.rep_codes(request.work)
    code = next((one for one in codes if screens.mark_of(one) == tap.mark), None)
    if code is None:
        raise NotYours
    handover.assign(request.work, request.origin, request.person, tap.customer, code, request.rules)
    total, found = customers.orphans(request.work, 0, screens.PAGE)
    toast = screens.assigned(request.speaker, code)
    return Answer(screens.orphans(request.speaker, total, found, 0), toast=toast)


def _shown(request: Request, one: Upload) -> Answer:
    bind = Bind("upload", one.id, request.person.id)
    return Answer(screens.card(request.speaker, one), bind=(bind,))
