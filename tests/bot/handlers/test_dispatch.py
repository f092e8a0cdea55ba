"""One update, one transaction: rights, refusals, answers, in the order they are to be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from bot.handlers.registry import COLLECTORS, EVERYONE, REGISTRY, on_tap
from bot.handlers.request import Answer, Attached, Bind, Incoming, Request
from bot.screens.access import ChooseLanguage, InviteFor, InviteRole
from bot.screens.account import OpenAccount
from bot.screens.alert import ShowAlert, TakeCharge
from bot.screens.screen import Screen
from bot.screens.tap import VERBS, Tap, encode, verb
from bot.use_cases.refusals import NotYours, Refused
from credit.people import Role
from storage import facts, people, tables
from storage.work import Work
from tests.bot.handlers.reception import (
    CHAT,
    a_wish,
    command,
    deliver,
    enrolled,
    events,
    press,
    says,
    statements,
)
from tests.day.company import MORNING, a_customer, an_invoice, fresh
from tests.storage.inline import inline

TAP_STATEMENTS = 20


@verb("t1")
@dataclass(frozen=True, slots=True)
class Probe(Tap):
    """Only here: do what `ANSWERS` says."""

    row: int


VERBS.pop("t1")  # no tap of the product: known only while a test of this module runs
ANSWERS: dict[str, object] = {}


@pytest.fixture
def work(sqlite_url: str) -> Iterator[Work]:
    with inline(sqlite_url) as one:
        yield one


@pytest.fixture(autouse=True)
def probe() -> Iterator[None]:
    """Listen to a tap of our own, for as long as a test lasts."""

    @on_tap(Probe, roles=COLLECTORS)
    def answered(request: Request, _tap: Probe) -> Answer:
        facts.put(request.work, "probe", "written")
        given = ANSWERS["probe"]
        if isinstance(given, Exception):
            raise given
        assert isinstance(given, Answer)
        return given

    VERBS["t1"] = Probe
    yield
    REGISTRY.taps.pop(Probe)
    VERBS.pop("t1")
    ANSWERS.clear()


def answering(given: object) -> Probe:
    ANSWERS["probe"] = given
    return Probe(1)


def test_an_answer_edits_the_message_that_was_tapped(work: Work) -> None:
    enrolled(work, CHAT, Role.REP, "R1")
    left = press(
        work, answering(Answer(Screen("fait"), toast="Noté", bind=(Bind("card", 3, 4, 5),)))
    )
    assert left.bodies == [
        {
            "method": "editMessageText",
            "params": {
                "chat_id": CHAT,
                "message_id": 77,
                "parse_mode": "HTML",
                "text": "fait",
                "link_preview_options": {"is_disabled": True},
                "reply_markup": {"inline_keyboard": []},
            },
            "fallback": True,
            "bind": [{"what": "card", "id": 3, "person_id": 4, "version": 5}],
            "query": {"id": "q9", "text": "Noté", "show_alert": False},
        }
    ]
    assert (left.rows[0].kind, left.rows[0].priority, left.rows[0].ready) == ("answer", 0, True)


def test_an_answer_can_be_a_new_message_and_further_ones(work: Work) -> None:
    enrolled(work, CHAT, Role.REP, "R1")
    left = press(
        work, answering(Answer(Screen("un"), edit=False, more=(Screen("deux"),), retire=5))
    )
    assert left.methods == ["sendMessage", "sendMessage", "editMessageReplyMarkup"]
    assert left.texts[:2] == ["un", "deux"]
    assert left.bodies[0]["query"] == {"id": "q9"}
    assert "query" not in left.bodies[1]


def test_an_answer_can_go_to_another_message(work: Work) -> None:
    enrolled(work, CHAT, Role.REP, "R1")
    left = press(work, answering(Answer(Screen("un"), redirect=12)))
    assert left.bodies[0]["params"]["message_id"] == 12


def test_an_answer_can_be_a_toast_alone_and_is_cut_at_its_limit(work: Work) -> None:
    enrolled(work, CHAT, Role.REP, "R1")
    left = press(work, answering(Answer(toast="x" * 300, alert=True)))
    assert left.methods == ["answerCallbackQuery"]
    params = left.bodies[0]["params"]
    assert params == {"callback_query_id": "q9", "text": "x" * 200, "show_alert": True}


def test_an_answer_of_nothing_still_stops_the_key_from_waiting(work: Work) -> None:
    enrolled(work, CHAT, Role.REP, "R1")
    left = press(work, answering(Answer()))
    assert left.bodies == [{"method": "answerCallbackQuery", "params": {"callback_query_id": "q9"}}]


def test_a_refusal_is_a_toast_and_undoes_what_the_handler_had_written(work: Work) -> None:
    enrolled(work, CHAT, Role.REP, "R1")
    left = press(work, answering(NotYours()))
    assert left.methods == ["answerCallbackQuery"]
    assert left.toast
    assert facts.get(work, "probe") is None
    assert [one.data for one in events(work, "access.refused")] == [
        {"what": encode(Probe(1)), "why": "NotYours"}
    ]


def test_what_the_handler_wrote_is_kept_when_it_answers(work: Work) -> None:
    enrolled(work, CHAT, Role.REP, "R1")
    press(work, answering(Answer()))
    assert facts.get(work, "probe") == "written"


def test_a_long_refusal_is_a_message(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.screens import refusal

    class Wordy(Refused):
        pass

    monkeypatch.setitem(refusal.WORDS, Wordy, lambda _speaker, _refused: "mot " * 60)
    enrolled(work, CHAT, Role.REP, "R1")
    left = press(work, answering(Wordy()))
    assert left.methods == ["sendMessage"]
    assert left.text.startswith("✋ mot")
    assert left.bodies[0]["query"] == {"id": "q9"}


def test_a_defect_comes_out_so_that_the_transaction_is_lost(work: Work) -> None:
    enrolled(work, CHAT, Role.REP, "R1")
    with pytest.raises(ZeroDivisionError):
        press(work, answering(ZeroDivisionError()))


def test_a_wrong_role_is_refused_and_noted(work: Work) -> None:
    enrolled(work, CHAT, Role.ADMIN)
    left = press(work, answering(Answer(Screen("non"))))
    assert left.methods == ["answerCallbackQuery"]
    assert left.bodies[0]["params"]["show_alert"] is True
    assert [one.data["why"] for one in events(work, "access.refused")] == ["NotYourRole"]


def test_a_command_of_another_role_is_refused_as_a_message(work: Work) -> None:
    person = enrolled(work, CHAT, Role.REP, "R1")
    left = command(work, "/inviter")
    assert left.methods == ["sendMessage"]
    assert left.text.startswith("✋")
    event = events(work, "access.refused")[0]
    assert (event.data, event.person_id) == ({"what": "inviter", "why": "NotYourRole"}, person.id)
    assert event.update_id is not None


@pytest.mark.parametrize("kind", [OpenAccount, ShowAlert, TakeCharge])
def test_somebody_elses_row_is_refused_exactly_as_one_that_does_not_exist(
    work: Work, kind: type[OpenAccount | ShowAlert | TakeCharge]
) -> None:
    enrolled(work, CHAT, Role.REP, "R1")
    theirs = a_customer(work, "C9", rep="R2")
    nobodys = a_customer(work, "C8", rep=None)
    answers = [press(work, kind(row)).bodies for row in (theirs, nobodys, 10**9, 0, -5, 2**53 - 1)]
    assert all(one == answers[0] for one in answers)
    assert answers[0][0]["method"] == "answerCallbackQuery"
    assert len(events(work, "access.refused")) == 6


@pytest.mark.parametrize("data", ["", "zz", "1zz.1", "1oa", "0oa.1", "1oa.1.2", "\x00", "é" * 30])
def test_an_unknown_button_says_that_it_is_of_another_time(work: Work, data: str) -> None:
    enrolled(work, CHAT, Role.REP, "R1")
    left = press(work, data)
    assert left.methods == ["answerCallbackQuery"]
    assert "n’est plus valable" in left.toast
    assert events(work, "access.refused") == []


def test_an_unknown_command_or_a_sticker_says_what_can_be_typed(work: Work) -> None:
    enrolled(work, CHAT, Role.REP, "R1")
    assert "/aide" in command(work, "/nonsense").text
    assert "/aide" in says(work, "", kind="other").text


def test_a_photo_or_a_document_nobody_waits_for_gets_an_answer(work: Work) -> None:
    enrolled(work, CHAT, Role.REP, "R1")
    for kind in ("photo", "document"):
        one = Attached("f", "u", "a.bin", "application/octet-stream", 10)
        incoming = Incoming(1, "", MORNING.today, photo=one, document=one)
        assert deliver(work, a_wish(kind=kind, incoming=incoming)).methods == ["sendMessage"]


def test_a_photo_or_a_voice_note_nobody_waits_for_is_told_where_it_goes(work: Work) -> None:
    enrolled(work, CHAT, Role.REP, "R1")
    assert "/visite" in says(work, "", kind="photo").text
    assert "/visite" in says(work, "", kind="voice").text


def test_a_tap_costs_few_statements(work: Work) -> None:
    enrolled(work, CHAT, Role.REP, "R1")
    customer = a_customer(work, "C1")
    for number in range(20):
        an_invoice(work, customer, f"F{number}")
    fresh(work)
    with statements() as seen:
        left = press(work, OpenAccount(customer))
    assert left.methods == ["editMessageText"]
    assert len(seen) <= TAP_STATEMENTS, "\n".join(seen)


def test_who_taps_was_just_seen(work: Work) -> None:
    person = enrolled(work, CHAT, Role.REP, "R1")
    press(work, answering(Answer()))
    table = tables.person
    assert work.scalar(select(table.c.last_seen_at).where(table.c.id == person.id)) == MORNING.at


def test_the_language_changes_screen_commands_and_toast_at_once(work: Work) -> None:
    enrolled(work, CHAT, Role.CREDIT_MANAGER)
    left = press(work, ChooseLanguage("en"))
    screen = next(body for body in left.bodies if body["method"] == "editMessageText")
    menu = next(body for body in left.bodies if body["method"] == "setMyCommands")
    assert screen["query"]["text"] == "From now on I write to you in English."
    assert "✓ English" in str(screen["params"]["reply_markup"])
    named = {one["command"] for one in menu["params"]["commands"]}
    assert {"help", "language", "invite", "today"} <= named
    again = people.by_telegram(work, CHAT)
    assert again is not None
    assert again.locale == "en"


def test_a_language_nobody_speaks_is_refused(work: Work) -> None:
    enrolled(work, CHAT, Role.REP, "R1")
    assert press(work, ChooseLanguage("de")).methods == ["answerCallbackQuery"]


def test_the_credit_manager_invites_a_rep_from_the_chat(work: Work) -> None:
    enrolled(work, CHAT, Role.CREDIT_MANAGER)
    a_customer(work, "C1", rep="R1")
    a_customer(work, "C2", rep="<b>R&2")
    asked = press(work, InviteRole("rep"))
    labels = [key["text"] for row in _keys(asked.bodies[0]) for key in row]
    assert labels == ["<b>R&2", "R1"]
    [button] = [key for row in _keys(asked.bodies[0]) for key in row if key["text"] == "R1"]
    a_customer(work, "C3", rep="A0")  # an import moves the list before he taps
    offer = press(work, button["callback_data"])
    assert "https://t.me/relance_bot?start=" in offer.text
    assert offer.methods == ["sendMessage"]
    assert offer.bodies[0]["params"]["protect_content"] is False
    payload = offer.text.split("start=")[1].split()[0]
    came = command(work, f"/start {payload}", chat=99)
    assert "Bienvenue" in came.text
    newcomer = people.by_telegram(work, 99)
    assert newcomer is not None
    assert newcomer.codes == {"R1"}


@pytest.mark.parametrize(
    ("role", "wanted", "allowed"),
    [
        (Role.CREDIT_MANAGER, "admin", False),
        (Role.CREDIT_MANAGER, "nobody", False),
        (Role.CREDIT_MANAGER, "sales_manager", True),
        (Role.ADMIN, "admin", True),
        (Role.REP, "rep", False),
    ],
)
def test_each_role_hands_out_only_what_it_may(
    work: Work, role: Role, wanted: str, *, allowed: bool
) -> None:
    enrolled(work, CHAT, role, "R1")
    left = press(work, InviteRole(wanted))
    assert ("start=" in left.text) is allowed


def test_a_mark_that_no_portfolio_has_is_refused(work: Work) -> None:
    enrolled(work, CHAT, Role.CREDIT_MANAGER)
    a_customer(work, "C1", rep="R1")
    for mark in ("", "0", "R1"):
        assert press(work, InviteFor("rep", mark)).methods == ["answerCallbackQuery"]


@pytest.mark.parametrize("fate", [{"active": False}, {"role": "rep"}])
def test_who_may_invite_no_more_lets_nobody_in(work: Work, fate: dict[str, object]) -> None:
    boss = enrolled(work, CHAT, Role.CREDIT_MANAGER)
    payload = press(work, InviteRole("credit_manager")).text.split("start=")[1].split()[0]
    work.execute(tables.person.update().where(tables.person.c.id == boss.id).values(**fate))
    assert "Bienvenue" not in command(work, f"/start {payload}", chat=99).text
    assert people.by_telegram(work, 99) is None


def test_help_lists_the_commands_of_the_role(work: Work) -> None:
    enrolled(work, CHAT, Role.REP, "R1")
    rep = command(work, "/aide").text
    assert "/langue" in rep
    assert "/inviter" not in rep
    enrolled(work, 99, Role.CREDIT_MANAGER, locale="en")
    assert "/invite" in command(work, "/help", chat=99).text


def test_everyone_means_every_role() -> None:
    assert frozenset(Role) == EVERYONE


def _keys(body: dict[str, object]) -> list[list[dict[str, str]]]:
    params = body["params"]
    assert isinstance(params, dict)
    rows: list[list[dict[str, str]]] = params["reply_markup"]["inline_keyboard"]
    return rows
