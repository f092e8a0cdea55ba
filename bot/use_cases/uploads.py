"""Files that a credit manager sends to the bot: read, shown, imported when he says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.use_cases import telling
from bot.use_cases.imports import Wish
from bot.use_cases.refusals import FileRefused, MappingUncertain, NotYours, Outdated
from storage import customers, people, uploads
from storage.events import Origin, record
from storage.sync.reading import NONE_OF_THEM
from storage.uploads import State, Upload

if TYPE_CHECKING:
    from bot.use_cases.import_report import ImportReport
    from credit.people import Person
    from storage.sync.reading import Reading
    from storage.work import Work

UPLOAD = "upload"
LARGEST_BYTES = 20_000_000  # Telegram lets bots download no more (getFile)
MOST_UNDER_WAY = 5
MOST_A_DAY = 60
GIVE_UP = timedelta(minutes=10)
KEEP = timedelta(days=30)
MOST_TRIES = 3
DEFECT = "defect"
TABLES = frozenset(
    {".csv", ".txt", ".tsv", ".asc", ".xlsx", ".xlsm", ".xls", ".ods", ".json", ".jsonl", ""}
)
SAMPLES, CANDIDATES = 5, 14


class FileGone(Exception):
    """Telegram does not give the file and never will."""


def receive(
    work: Work,
    origin: Origin,
    person: Person,
    *,
    file_id: str,
    unique_id: str,
    name: str,
    size: int,
) -> Upload:
    """Take note of a file sent to the bot; raises `FileRefused` when it cannot be a table.

    What Telegram says of its kind is not believed: the reader looks at the bytes.
    """
    shown = name[:300] or unique_id[:40]
    suffix = Path(shown).suffix.lower()
    if suffix not in TABLES:
        raise FileRefused(shown, "unsupported")
    if size > LARGEST_BYTES:
        raise FileRefused(shown, "too_large", {"most_mb": LARGEST_BYTES // 1_000_000})
    day = origin.at.at - timedelta(days=1)
    if (
        uploads.under_way(work, person.id) >= MOST_UNDER_WAY
        or uploads.sent_since(work, person.id, day) >= MOST_A_DAY
    ):
        raise FileRefused(shown, "too_many", {"most": MOST_UNDER_WAY})
    values = {
        "person_id": person.id,
        "file_id": file_id,
        "unique_id": unique_id,
        "name": shown,
        "state": State.WAITING.value,
        "at": origin.at.at,
    }
    return must(uploads.by_id(work, uploads.add(work, values)))


def fetched(work: Work, origin: Origin, upload_id: int, path: Path) -> None:
    """Note where the downloaded file lies."""
    one = must(uploads.by_id(work, upload_id))
    if one.state is State.WAITING:
        uploads.move(work, one, State.FETCHED, path=str(path))
        record(work, origin, "upload.fetched", {"upload": upload_id})


def not_fetched(work: Work, origin: Origin, upload_id: int, *, for_good: bool) -> None:
    """Give up a file that Telegram does not give: at once when told so, else after a while."""
    one = must(uploads.by_id(work, upload_id))
    if for_good or origin.at.at - one.at > GIVE_UP:
        _end(work, origin, one, State.REFUSED, {"refused": "not_downloaded"})


def begin(work: Work, origin: Origin, one: Upload) -> bool:
    """Count a step before it is taken: it may be the process's last.

    False when so many ended in a defect or a death already: then the sender is told.
    """
    if one.tries >= MOST_TRIES:
        _end(work, origin, one, State.REFUSED, {"refused": DEFECT})
        return False
    uploads.tried(work, one, one.tries + 1)
    return True


def met_a_defect(work: Work, origin: Origin, one: Upload) -> None:
    """Leave a step counted that ended in a defect; after the last one the sender is told."""
    if one.tries + 1 >= MOST_TRIES:
        _end(work, origin, one, State.REFUSED, {"refused": DEFECT})


def spare(work: Work, one: Upload) -> None:
    """Do not count a step after all: it was neither a defect nor a death."""
    uploads.tried(work, one, one.tries)


def wish_of(one: Upload) -> Wish:
    """Say how a sent file is imported: its report goes to its card."""
    channel = "folder" if one.dropped else "chat"
    return Wish(
        Path(one.path or ""), channel, overrides=dict(one.overrides), subject={"upload": one.id}
    )


def studied(work: Work, origin: Origin, one: Upload, report: ImportReport) -> None:
    """Show what a file that lies on the disk would change."""
    _end(work, origin, one, State.READY, report.as_json())


def ask(work: Work, origin: Origin, one: Upload, uncertain: MappingUncertain) -> None:
    """Ask who sent a file what its columns mean."""
    _end(work, origin, one, State.ASKING, question(uncertain.reading))


def imported(work: Work, origin: Origin, upload_id: int, report: Mapping[str, Any]) -> None:
    """Show the report of a file on its card."""
    one = uploads.by_id(work, upload_id)
    if one is not None:
        orphans, _ = customers.orphans(work, most=1)
        _end(work, origin, one, State.IMPORTED, {**report, "orphans": orphans})


def refuse(work: Work, origin: Origin, one: Upload, refused: FileRefused) -> None:
    """Show that an accepted file was refused after all."""
    _end(work, origin, one, State.REFUSED, refusal(refused))


def accept(work: Work, person: Person, upload_id: int) -> Upload:
    """Say that a file is to be imported; the clock's next tick does it."""
    one = own(work, person, upload_id)
    if not (one.state is State.READY and uploads.move(work, one, State.ACCEPTED)):
        raise Outdated
    return must(uploads.by_id(work, upload_id))


def cancel(work: Work, origin: Origin, person: Person, upload_id: int) -> Upload:
    """Give a file up before it is imported."""
    one = own(work, person, upload_id)
    live = one.state in {State.WAITING, State.ASKING, State.READY}
    if not (live and uploads.move(work, one, State.CANCELLED)):
        raise Outdated
    record(work, origin, "upload.cancelled", {"upload": upload_id})
    return must(uploads.by_id(work, upload_id))


def answer(work: Work, person: Person, upload_id: int, asked: int, place: int) -> Upload:
    """Take the candidate at a place as the answer to the question that is open.

    `asked` is the number of answers given when the question was shown: a button of an
    earlier question is refused as outdated.
    """
    one = own(work, person, upload_id)
    open_question = one.report.get("question")
    if one.state is not State.ASKING or open_question is None or asked != len(one.overrides):
        raise Outdated
    candidates = open_question["candidates"]
    if not 0 <= place < len(candidates):
        raise NotYours
    answers = {**one.overrides, open_question["key"]: candidates[place]}
    if not uploads.move(work, one, State.FETCHED, overrides=answers, report={}):
        raise Outdated
    return must(uploads.by_id(work, upload_id))


def own(work: Work, person: Person, upload_id: int) -> Upload:
    """Find a file of this person; anybody else's is refused as one that does not exist."""
    one = uploads.by_id(work, upload_id)
    if one is None or one.person_id != person.id:
        raise NotYours
    return one


def show_dropped(  # a file of the folder, shown to each of the people who answer for it
    work: Work,
    origin: Origin,
    readers: Iterable[Person],
    path: Path,
    sha256: str,
    state: State,
    report: Mapping[str, Any],
) -> None:
    """Show a file of the folder to its readers, each of them once per state."""
    orphans, _ = customers.orphans(work, most=1)
    for person in readers:
        if uploads.was_shown(work, person.id, sha256, state):
            continue
        values = {
            "person_id": person.id,
            "file_id": "",
            "unique_id": sha256,
            "name": path.name[:300],
            "path": str(path),
            "state": state.value,
            "report": {**report, "orphans": orphans},
            "at": origin.at.at,
        }
        post(work, origin, must(uploads.by_id(work, uploads.add(work, values))))


def question(reading: Reading) -> dict[str, Any]:
    """Keep the first open question of a reading with the lines to answer it by."""
    first = reading.questions[0]
    places = {name: place for place, name in enumerate(reading.headers)}
    lines = reading.samples[:SAMPLES]
    candidates = _candidates(first.candidates)
    return {
        "question": {
            "kind": first.kind.value,
            "key": first.key,
            "candidates": candidates,
            "left": len(reading.questions) - 1,
        },
        "samples": [[_cell(line, places.get(name)) for line in lines] for name in candidates],
        "concerned": [
            [reading.headers[at][:60], [_cell(line, at) for line in lines]]
            for at in reading.concerned(first)[:CANDIDATES]
        ],
    }


def _candidates(offered: Sequence[str]) -> list[str]:
    """Choose what fits on a card; the answer that it is none of them always does."""
    if len(offered) > CANDIDATES and offered[-1] == NONE_OF_THEM:
        return [*offered[: CANDIDATES - 1], NONE_OF_THEM]
    return list(offered[:CANDIDATES])


def _cell(line: tuple[str, ...], place: int | None) -> str:
    return line[place][:30] if place is not None and place < len(line) else ""


def refusal(refused: FileRefused) -> dict[str, Any]:
    """Keep why a file was refused."""
    return {"refused": refused.code, "data": dict(refused.data)}


def post(work: Work, origin: Origin, one: Upload) -> None:
    """Bring the card of a file to its reader, in place when there is one already."""
    person = people.by_id(work, one.person_id)
    if person is None:
        return
    telling.tell(
        work,
        origin.at,
        person,
        UPLOAD,
        {"upload_id": one.id, "state": one.state.value},
        dedupe=f"upload:{one.id}:{one.state}:{len(one.overrides)}",
    )


def must(one: Upload | None) -> Upload:
    """Return the file; one that does not exist is refused as somebody else's."""
    if one is None:
        raise NotYours
    return one


def _end(work: Work, origin: Origin, one: Upload, state: State, report: Mapping[str, Any]) -> None:
    if uploads.move(work, one, state, report=report):
        post(work, origin, must(uploads.by_id(work, one.id)))
