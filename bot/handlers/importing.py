"""Files sent by the credit manager, and the taps on their cards."""

from __future__ import annotations

from bot.handlers.registry import CREDIT, on_document, on_tap
from bot.handlers.request import Answer, Bind, Request
from bot.screens import uploads as screens
from bot.screens.uploads import (
    AnswerColumn,
    CancelUpload,
    ImportUpload,
    SendAnomalies,
    ShowAnomalies,
    ShowUpload,
)
from bot.use_cases import uploads
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


def _shown(request: Request, one: Upload) -> Answer:
    bind = Bind("upload", one.id, request.person.id)
    return Answer(screens.card(request.speaker, one), bind=(bind,))
