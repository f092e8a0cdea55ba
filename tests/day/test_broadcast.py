"""A broadcast: counted, previewed, sent once to each, seen, reported, reminded."""

from __future__ import annotations

from base64 import b64decode
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from bot.screens.broadcast import ExportReaders, Remind, Seen
from bot.use_cases import broadcasts
from bot.use_cases.refusals import MessageTooLong, NobodyThere, NotYourRole
from credit.people import Person, Role
from storage import outbox, people
from storage.binding import bind
from storage.outbox import State
from storage.tables import person
from storage.work import Work
from tests.credit.builders import TODAY
from tests.day import company
from tests.day.company import MORNING, Told, rules
from tests.day.test_account import clean
from tests.storage.inline import inline


class Staff:
    """Three reps, a sales manager with two of them, and the credit manager."""

    def __init__(self, work: Work) -> None:
        self.lea = company.hire(work, "Léa", Role.REP, "R1")
        self.marc = company.hire(work, "Marc", Role.REP, "R2")
        self.zoe = company.hire(work, "Zoé", Role.REP, "R3")
        self.paul = company.hire(work, "Paul", Role.SALES_MANAGER, "R1", "R2")
        self.boss = company.hire(work, "Sophie", Role.CREDIT_MANAGER)


def sent(work: Work, staff: Staff, audience: str = "reps", team: Any = None, **more: Any) -> int:
    wish = {"message": "Réunion <b>vendredi</b>", "audience": audience, "team": team, **more}
    now = wish.pop("now", MORNING)
    origin = company.signed(now, staff.boss)
    return broadcasts.send(work, origin, staff.boss, **wish, rules=rules()).broadcast


@pytest.mark.parametrize(
    ("audience", "names"),
    [
        ("reps", ["Léa", "Marc", "Zoé"]),
        ("team", ["Léa", "Marc", "Paul"]),
        ("managers", ["Paul"]),
        ("everyone", ["Léa", "Marc", "Paul", "Zoé"]),
    ],
)
def test_who_is_counted_is_who_receives(database_url: str, audience: str, names: list[str]) -> None:
    with inline(database_url) as work:
        staff = Staff(work)
        team = staff.paul.id if audience == "team" else None
        counted = broadcasts.count(work, staff.boss, audience, team)
        broadcast = sent(work, staff, audience, team)
        tally = broadcasts.tally(work, broadcast)
        rows = company.waiting(work, "broadcast")
        reached = [people.by_id(work, row.person_id or 0) for row in rows]
    assert counted == len(names) == tally.waiting
    assert [one and one.name for one in reached] == names
    assert {row.priority for row in rows} == {3}


def test_a_team_is_who_shares_a_code_with_its_manager_and_he_himself(database_url: str) -> None:
    with inline(database_url) as work:
        staff = Staff(work)
        dan = company.hire(work, "Dan", Role.SALES_MANAGER)
        audience = partial(broadcasts.count, work, staff.boss, "team")
        assert audience(staff.paul.id) == len("LMP")
        assert audience(dan.id) == len("LMZD")  # who has no code leads every rep
        assert audience(staff.lea.id) == audience(999) == audience(None) == 0
        people.revoke(work, staff.marc.id, MORNING.at)
        assert audience(staff.paul.id) == len("LP")
        people.revoke(work, dan.id, MORNING.at)
        assert audience(dan.id) == 0


def test_nobody_who_left_or_never_started_is_written_to(database_url: str) -> None:
    with inline(database_url) as work:
        staff = Staff(work)
        gone = update(person).where(person.c.id == staff.lea.id).values(telegram_id=None)
        work.execute(gone)
        people.revoke(work, staff.marc.id, MORNING.at)
        for audience, reached in (("reps", "Z"), ("everyone", "ZP"), ("managers", "P")):
            assert broadcasts.count(work, staff.boss, audience) == len(reached)
        assert broadcasts.count(work, staff.boss, "team", staff.paul.id) == len("P")


def test_the_chat_writes_chooses_previews_and_sends(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        staff = Staff(work)
        asked = company.says(work, staff.boss, "/diffuser")
        written = company.says(work, staff.boss, "Réunion <b>vendredi</b> à 9 h")
        team = company.taps(work, staff.boss, written.data("Une équipe"))
        preview = company.taps(work, staff.boss, team.data("Paul"))
        done = company.taps(work, staff.boss, preview.data("Envoyer"))
        rows = company.waiting(work, "broadcast")
        told = company.rendered(work, rows[0])
    assert "Écrivez le message" in asked.text
    assert "Aperçu · Une équipe : Paul · destinataires : 3" in clean(preview.text)
    assert "&lt;b&gt;vendredi&lt;/b&gt;" in preview.text
    assert "C’est parti" in done.text.replace("'", "’")
    assert len(rows) == 3
    assert "📣 <b>Sophie</b>" in told.text
    assert told.labels == ["👍 Vu"]


def delivered(work: Work, staff: Staff, broadcast: int) -> Told:
    """Send what waits: Zoé has blocked the bot; the report gets message number 500."""
    for row in company.waiting(work, "broadcast"):
        if row.person_id == staff.zoe.id:
            outbox.unreachable(work, row, MORNING.at, "Forbidden: bot was blocked by the user")
        else:
            outbox.settle(work, row, State.SENT, MORNING.at, 100)
    return reported(work, broadcast)


def reported(work: Work, broadcast: int) -> Told:
    rows = [r for r in company.waiting(work, "report") if r.body["broadcast_id"] == broadcast]
    told = company.rendered(work, rows[-1])
    for row in rows:
        outbox.settle(work, row, State.SENT, MORNING.at, 500)
    bind(work, rows[-1], 500, told.bodies[0]["bind"][0])
    return told


def refreshed(work: Work) -> int:
    changed = broadcasts.behind(work, MORNING)
    return broadcasts.refresh(work, company.signed(), changed)


def test_the_report_follows_until_everything_is_told(database_url: str) -> None:
    with inline(database_url) as work:
        staff = Staff(work)
        broadcast = sent(work, staff)
        first = delivered(work, staff, broadcast)
        assert refreshed(work) == 1
        second = reported(work, broadcast)
        assert refreshed(work) == 0
        seen = company.taps(work, staff.lea, Seen(broadcast))
        company.taps(work, staff.lea, Seen(broadcast))
        assert refreshed(work) == 1
        third = reported(work, broadcast)
    assert first.bodies[0]["method"] == "sendMessage"
    assert second.bodies[0]["method"] == "editMessageText"
    assert second.bodies[0]["params"]["message_id"] == 500
    assert "Remis      ▓▓▓▓▓░░░</code> 2 / 3" in clean(second.text)
    assert "Pas encore vu par : Léa, Marc" in clean(second.text)
    assert "Non remis à : Zoé" in clean(second.text)
    assert "Vu         ▓▓▓░░░░░</code> 1 / 3" in clean(third.text)
    assert "✅ Vu" in seen.text
    assert not seen.labels


def test_only_those_who_have_not_seen_are_reminded_once_a_day(database_url: str) -> None:
    with inline(database_url) as work:
        staff = Staff(work)
        broadcast = sent(work, staff)
        delivered(work, staff, broadcast)
        company.taps(work, staff.lea, Seen(broadcast))
        told = [company.taps(work, staff.boss, Remind(broadcast)) for _ in range(2)]
        rows = company.waiting(work, "broadcast")
        reminder = company.rendered(work, rows[0])
        company.taps(work, staff.marc, Seen(broadcast))
        overtaken = company.rendered(work, rows[0])
    assert [row.person_id for row in rows] == [staff.marc.id]
    assert "1 personne est relancée" in told[0].toast
    assert "déjà été relancé" in told[1].toast
    assert "rappel" in reminder.text
    assert not overtaken.bodies


def test_a_report_leaves_as_a_workbook_with_everybody_in_it(database_url: str) -> None:
    with inline(database_url) as work:
        staff = Staff(work)
        broadcast = sent(work, staff)
        report = delivered(work, staff, broadcast)
        company.taps(work, staff.lea, Seen(broadcast))
        told = company.taps(work, staff.boss, report.data("Exporter (XLSX)"))
        (row,) = company.waiting(work, "export")
        body = company.rendered(work, row).bodies[0]
    book = CalamineWorkbook.from_filelike(BytesIO(b64decode(body["file"]["content_base64"])))
    lines = book.get_sheet_by_name("Compte rendu de diffusion").to_python()
    assert "Le classeur arrive" in told.toast
    assert str(lines[1][0]).endswith("Réunion <b>vendredi</b>")
    assert lines[3] == ["Nom", "Rôle", "État", "Depuis"]
    assert [line[:3] for line in lines[4:]] == [
        ["Léa", "commercial", "vu"],
        ["Marc", "commercial", "remis, pas encore vu"],
        ["Zoé", "commercial", "non remis\xa0: le bot est bloqué"],
    ]


def test_nobody_else_presses_these_buttons(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        staff = Staff(work)
        broadcast = sent(work, staff, "team", staff.paul.id)
        told = [
            company.taps(work, staff.zoe, Seen(broadcast)),
            company.taps(work, staff.zoe, Seen(999)),
            company.taps(work, staff.zoe, Remind(broadcast)),
            company.taps(work, staff.paul, Remind(broadcast)),
            company.taps(work, staff.paul, ExportReaders(broadcast)),
            company.says(work, staff.paul, "/diffuser"),
        ]
        assert broadcasts.tally(work, broadcast).waiting == 3
    assert told[0].toast == told[1].toast
    for one in told:
        assert "Réunion" not in str(one.bodies)


def test_what_cannot_be_sent_is_refused(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        boss = company.hire(work, "Sophie", Role.CREDIT_MANAGER)
        rep = company.hire(work, "Léa", Role.REP, "R1")
        for message in ("  ", "é" * 3501, "😀" * 1751):
            with pytest.raises(MessageTooLong):
                written(work, boss, message)
        with pytest.raises(NotYourRole):
            written(work, rep, "Bonjour")
        with pytest.raises(NobodyThere):
            written(work, boss, "Bonjour", "managers")
        assert not company.waiting(work, "broadcast")


def written(work: Work, author: Person, message: str, audience: str = "reps") -> None:
    origin = company.signed(person=author)
    broadcasts.send(
        work, origin, author, message=message, audience=audience, team=None, rules=rules()
    )


def test_a_message_written_at_night_waits_for_the_morning(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        staff = Staff(work)
        sent(work, staff, now=company.at(TODAY, 22))
        row = company.waiting(work, "broadcast")[0]
        report = company.waiting(work, "report")[0]
    assert row.not_before == company.at(TODAY + timedelta(days=1), 7, 30).at
    assert report.not_before == company.at(TODAY, 22).at


def test_three_thousand_five_hundred_characters_arrive_whole(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        staff = Staff(work)
        sent(work, staff, message="&" * 3_499 + "!")
        told = company.rendered(work, company.waiting(work, "broadcast")[0])
    assert "!" in told.text
    assert told.text.count("&amp;") == 3_499
