"""Files on screen: being read, asked about, ready to import, imported, refused; orphan accounts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bot.screens import formats, import_questions, importing, upload_words
from bot.screens.account import pager
from bot.screens.import_words import settles
from bot.screens.marks import mark_of
from bot.screens.render import N_, Speaker
from bot.screens.screen import Button, File, Screen
from bot.screens.tap import Tap, verb
from bot.use_cases.refusals import FileRefused
from credit.money import Money
from storage.sync.spreadsheets import disarmed
from storage.uploads import State

if TYPE_CHECKING:
    from bot.use_cases.portfolios import Offered
    from storage.customers import Customer
    from storage.uploads import Upload

PAGE = 8
FIRST_FAULTS = 3
HEADINGS = (N_("Line"), N_("Column"), N_("Letter"), N_("Value"), N_("Reason"))
_LABEL = 34


@verb("ug")
@dataclass(frozen=True, slots=True)
class ImportUpload(Tap):
    """Import the file for real."""

    upload: int


@verb("ux")
@dataclass(frozen=True, slots=True)
class CancelUpload(Tap):
    """Give the file up."""

    upload: int


@verb("uc")
@dataclass(frozen=True, slots=True)
class ShowUpload(Tap):
    """Show the file's card."""

    upload: int


@verb("ua")
@dataclass(frozen=True, slots=True)
class ShowAnomalies(Tap):
    """Show a page of the lines that were rejected or changed."""

    upload: int
    page: int


@verb("uf")
@dataclass(frozen=True, slots=True)
class SendAnomalies(Tap):
    """Send every such line as a file."""

    upload: int


@verb("uq")
@dataclass(frozen=True, slots=True)
class AnswerColumn(Tap):
    """Answer the open question with the candidate at a place."""

    upload: int
    asked: int
    place: int


@verb("ol")
@dataclass(frozen=True, slots=True)
class ShowOrphans(Tap):
    """List the customers without a rep."""

    page: int


@verb("oa")
@dataclass(frozen=True, slots=True)
class ChooseRep(Tap):
    """Ask who takes a customer."""

    customer: int


@verb("ov")
@dataclass(frozen=True, slots=True)
class ShowReps(Tap):
    """Show a page of who may take a customer."""

    customer: int
    page: int


@verb("ot")
@dataclass(frozen=True, slots=True)
class AssignTo(Tap):
    """Give a customer to the rep code with this mark."""

    customer: int
    mark: str


def card(speaker: Speaker, one: Upload) -> Screen:
    """Show a file as it stands."""
    shows = {
        State.ASKING: _asking,
        State.READY: _ready,
        State.IMPORTED: _imported,
        State.REFUSED: _refused,
        State.CANCELLED: _cancelled,
    }
    return shows.get(one.state, _busy)(speaker, one)


def _busy(speaker: Speaker, one: Upload) -> Screen:
    importing = one.state is State.ACCEPTED
    return Screen(speaker.page("uploads/busy.html", name=one.name, importing=importing))


def _asking(speaker: Speaker, one: Upload) -> Screen:
    asked = one.report["question"]
    candidates: Sequence[str] = asked["candidates"]
    samples: Sequence[Sequence[str]] = one.report["samples"]
    columns = [*zip(candidates, samples, strict=False), *one.report.get("concerned", ())]
    shown = [(name, [cell for cell in cells if cell]) for name, cells in columns if any(cells)]
    text = speaker.page(
        "uploads/asking.html",
        name=one.name,
        question=import_questions.question(speaker, asked["kind"], asked["key"]),
        samples=shown,
        left=asked["left"],
    )
    given = len(one.overrides)
    rows = tuple(
        (Button(_answer_label(speaker, name, asked["kind"]), AnswerColumn(one.id, given, place)),)
        for place, name in enumerate(candidates)
    )
    return Screen(text, (*rows, (_cancel(speaker, one),)))


def _answer_label(speaker: Speaker, candidate: str, kind: str) -> str:
    words = import_questions.answer(speaker, candidate, kind)
    return formats.name(words, _LABEL) or candidate[:_LABEL]


def _ready(speaker: Speaker, one: Upload) -> Screen:
    go = Button(speaker.say("Import"), ImportUpload(one.id), style="success")
    look = _look(speaker, one)
    return Screen(_page(speaker, one), ((go, *look), (_cancel(speaker, one),)))


def _imported(speaker: Speaker, one: Upload) -> Screen:
    rows: tuple[tuple[Button, ...], ...] = (_look(speaker, one),)
    if _orphans(one):
        rows = ((Button(speaker.say("👤 Assign"), ShowOrphans(0), style="primary"),), *rows)
    return Screen(_page(speaker, one), tuple(row for row in rows if row))


def _refused(speaker: Speaker, one: Upload) -> Screen:
    told = _told(one.name, one.report)
    faults = told.data.get("rejections", ())[:FIRST_FAULTS]
    why = upload_words.refusal(speaker, told)
    text = speaker.page(
        "uploads/refused.html",
        why=why,
        faults=[(fault, upload_words.reason(speaker, fault["reason"])) for fault in faults],
    )
    return Screen(text)


def _told(name: str, report: Mapping[str, Any]) -> FileRefused:
    return FileRefused(name, report["refused"], dict(report.get("data", {})))


def _cancelled(speaker: Speaker, one: Upload) -> Screen:
    return Screen(speaker.page("uploads/cancelled.html", name=one.name))


def _page(speaker: Speaker, one: Upload) -> str:
    report = one.report
    moved = report.get("alerts", {})
    return speaker.page(
        "uploads/report.html",
        name=one.name,
        done=one.state is State.IMPORTED,
        kind=upload_words.kind(speaker, report["kind"]),
        as_of=date.fromisoformat(report["as_of"]),
        report=report,
        settles=settles(report["kind"], report["settled"]),
        totals=[Money(Decimal(text), code) for code, text in sorted(report["totals"].items())],
        notices=[upload_words.notice(speaker, one) for one in report["notices"]],
        judged=len(report.get("promises_judged", ())),
        raised=moved.get("raised", 0) + moved.get("worsened", 0),
        calmed=moved.get("eased", 0) + moved.get("cleared", 0),
        orphans=_orphans(one),
    )


def _orphans(one: Upload) -> int:
    """Count the customers without a rep, after the files that can bring one."""
    about = one.report.get("kind") in {"receivables", "customers", "history"}
    return int(one.report.get("orphans", 0)) if about and one.state is State.IMPORTED else 0


def _look(speaker: Speaker, one: Upload) -> tuple[Button, ...]:
    count = len(anomalies(one.report))
    if not count:
        return ()
    label = speaker.say("🔎 Anomalies ({n})", n=one.report["rejected"] or count)
    return (Button(label, ShowAnomalies(one.id, 0)),)


def _cancel(speaker: Speaker, one: Upload) -> Button:
    return Button(speaker.say("Cancel"), CancelUpload(one.id), style="danger")


def anomalies(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the rejected lines, then the cells that were changed, in the file's order."""
    return [*report.get("rejections", ()), *report.get("warnings", ())]


def anomaly_list(speaker: Speaker, one: Upload, page: int) -> Screen:
    """Show a page of the anomalies: line, column, value, reason."""
    found = anomalies(one.report)
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 0), pages - 1)
    shown = [
        (fault, upload_words.reason(speaker, fault["reason"]))
        for fault in found[page * PAGE : (page + 1) * PAGE]
    ]
    text = speaker.page("uploads/anomalies.html", name=one.name, faults=shown, count=len(found))
    below = (
        Button(speaker.say("← Report"), ShowUpload(one.id)),
        Button(speaker.say("📄 All as CSV"), SendAnomalies(one.id)),
    )
    turn = pager(page, pages, lambda wanted: ShowAnomalies(one.id, wanted))
    return Screen(text, (*turn, below))


def anomaly_file(speaker: Speaker, one: Upload) -> Screen:
    """Send every anomaly as a table that a spreadsheet opens safely."""
    page = io.StringIO()
    writer = csv.writer(page, delimiter=";", lineterminator="\r\n")
    writer.writerow([speaker.say(heading) for heading in HEADINGS])
    for fault in anomalies(one.report):
        where = (fault["line"], disarmed(fault["column"] or ""), fault["letter"] or "")
        why = upload_words.reason(speaker, fault["reason"])
        writer.writerow((*where, disarmed(fault["value"]), why))
    content = page.getvalue().encode("utf-8-sig")
    file = File(speaker.say("anomalies") + f"-{one.id}.csv", content, "text/csv")
    return Screen(speaker.page("uploads/anomaly_file.html", name=one.name), file=file)


def refusal_note(speaker: Speaker, refused: FileRefused) -> str:
    """Write the plain text that lies beside a refused file."""
    first = importing.blamed(speaker, refused)
    return "\n".join((upload_words.refusal(speaker, refused), *first)) + "\n"


def only_credit(speaker: Speaker) -> Screen:
    """Tell somebody else politely that files are the credit manager's."""
    return Screen(speaker.page("uploads/only_credit.html"))


def orphans(
    speaker: Speaker, total: int, found: Sequence[tuple[int, str, str]], page: int
) -> Screen:
    """List the customers without a rep, each a button."""
    pages = max(1, -(-total // PAGE))
    rows = (*_account_keys(found), *pager(page, pages, ShowOrphans))
    return Screen(speaker.page("uploads/orphans.html", total=total), rows)


def _account_keys(found: Sequence[tuple[int, str, str]]) -> tuple[tuple[Button, ...], ...]:
    return tuple(
        (Button(formats.account(name, code), ChooseRep(customer)),)
        for customer, code, name in found
    )


def choose_rep(speaker: Speaker, customer: Customer, offered: Offered) -> Screen:
    """Ask who takes a customer: each portfolio that is offered is a button."""
    page = speaker.page("uploads/choose_rep.html", customer=customer, offered=offered)
    rows = (
        *portfolio_keys(offered, lambda mark: AssignTo(customer.id, mark)),
        *pager(offered.page, offered.pages, lambda wanted: ShowReps(customer.id, wanted)),
        (Button(speaker.say("← List"), ShowOrphans(0)),),
    )
    return Screen(page, rows)


def portfolio_keys(offered: Offered, tap: Callable[[str], Tap]) -> tuple[tuple[Button, ...], ...]:
    """Make a button of each portfolio, two in a row: its code, and its rep when it has one."""
    keys = [
        Button(
            formats.name(f"{one.code} · {one.rep}" if one.rep else one.code, _LABEL),
            tap(mark_of(one.code)),
        )
        for one in offered.portfolios
    ]
    return tuple(tuple(keys[at : at + 2]) for at in range(0, len(keys), 2))


def choose_account(speaker: Speaker, found: Sequence[tuple[int, str, str]]) -> Screen:
    """Offer the accounts that a typed name may mean, to be given to a rep."""
    rows = _account_keys(found)
    return Screen(speaker.page("uploads/choose_account.html", count=len(found)), rows)


def assigned(speaker: Speaker, code: str) -> str:
    """Confirm whose the customer is now."""
    return speaker.say("Assigned to {code}: its alerts go there from now on.", code=code[:60])
