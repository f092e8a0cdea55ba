"""A list of colleagues comes in whatever its habits; what is wrong is told by line and cell."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.screens.render import speaker
from bot.screens.users_table import summary
from bot.use_cases import users_import
from bot.use_cases.refusals import UsersFileRefused
from bot.use_cases.users_file import Entry, Wrong, read
from config.settings import Settings
from credit.people import Person, Role
from storage import people, tables
from storage.work import Work
from tests.bot.commands.telegram_here import forget_settings, relance
from tests.day.company import signed
from tests.storage.inline import inline

LIST = """telegram_id,role,code,name
101,rep,R1,Léa Martin
101,rep,R2,
102,sales-manager,"R1,R2",Magali
103,credit-manager,,Camille
"""


def brought(work: Work, text: str) -> users_import.Enrolled:
    return users_import.import_list(work, signed(), text.encode(), "fr")


def known(work: Work, telegram_id: int) -> Person:
    person = people.by_telegram(work, telegram_id)
    assert person is not None
    return person


def events(work: Work, kind: str) -> int:
    counted = select(func.count()).select_from(tables.event).where(tables.event.c.kind == kind)
    return int(work.scalar(counted))


def test_several_lines_of_a_person_are_several_codes(database_url: str) -> None:
    with inline(database_url) as work:
        done = brought(work, LIST)
        lea, magali, camille = (known(work, n) for n in (101, 102, 103))
        assert events(work, "person.enrolled") == 3
    assert (done.new, done.changed, done.unchanged, done.wrong) == (3, 0, 0, ())
    assert (lea.role, lea.name, lea.codes) == (Role.REP, "Léa Martin", frozenset({"R1", "R2"}))
    assert (magali.role, magali.codes) == (Role.SALES_MANAGER, frozenset({"R1", "R2"}))
    assert (camille.role, camille.codes, camille.active) == (Role.CREDIT_MANAGER, frozenset(), True)


def test_the_same_list_again_changes_nothing(database_url: str) -> None:
    with inline(database_url) as work:
        brought(work, LIST)
        done = brought(work, LIST)
        assert events(work, "person.enrolled") == 3
        assert events(work, "person.changed") == 0
    assert (done.new, done.changed, done.reopened, done.unchanged) == (0, 0, 0, 3)


def test_somebody_known_is_brought_up_to_date_and_keeps_his_name(database_url: str) -> None:
    with inline(database_url) as work:
        brought(work, LIST)
        done = brought(work, "telegram_id,role,code\n101,rep,R9\n")
        lea = known(work, 101)
        assert events(work, "person.changed") == 1
    assert (done.changed, done.unchanged) == (1, 0)
    assert (lea.name, lea.codes) == ("Léa Martin", frozenset({"R9"}))


def test_somebody_revoked_has_access_again(database_url: str) -> None:
    with inline(database_url) as work:
        brought(work, LIST)
        people.revoke(work, known(work, 103).id, signed().at.at)
        done = brought(work, LIST)
        assert known(work, 103).active
    assert (done.reopened, done.unchanged) == (1, 2)


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8-sig", ";"), ("cp1252", ";"), ("utf-16", "\t")]
)
def test_french_titles_encodings_and_separators_are_understood(
    encoding: str, separator: str
) -> None:
    text = "Identifiant Telegram;Rôle;Code représentant;Prénom Nom\r\n101;Chef d’agence;;Zoé\r\n"
    [one] = read(text.replace(";", separator).encode(encoding, "replace"))
    assert isinstance(one, Entry)
    assert (one.telegram_id, one.role, one.name) == (101, Role.SALES_MANAGER, "Zoé")


def test_a_wrong_line_is_told_by_its_place_and_the_others_come_in(database_url: str) -> None:
    text = (
        "ID Telegram;Fonction;Portefeuille;Nom\n"
        "\n"
        "abc;rep;R1;A\n"
        "-5;rep;R1;A\n"
        "104;pilote;R1;A\n"
        "105;rep;;A\n"
        f"106;rep;{'R' * 61};A\n"
        "107;rep;R1;Good\n"
        "107;Chef-des-ventes;;Good\n"
        "99999999999999999999;rep;R1;A\n"
    )
    with inline(database_url) as work:
        done = brought(work, text)
        assert known(work, 107).role is Role.REP
    assert done.new == 1
    assert [(one.line, one.column, one.reason) for one in done.wrong] == [
        (3, "ID Telegram", "telegram_id"),
        (4, "ID Telegram", "telegram_id"),
        (5, "Fonction", "role"),
        (6, "Portefeuille", "code_missing"),
        (7, "Portefeuille", "code_too_long"),
        (9, "Fonction", "two_roles"),
        (10, "ID Telegram", "telegram_id"),
    ]
    assert done.wrong[2].value == "pilote"
    assert done.wrong[5].value == "Chef-des-ventes"


@pytest.mark.parametrize("text", ["", "\n\n", "name,code\nA,R1\n", "101,rep,R1,A\n"])
def test_a_file_without_the_columns_is_refused(text: str) -> None:
    with pytest.raises(UsersFileRefused):
        read(text.encode())


@given(st.binary(max_size=400))
def test_any_bytes_are_lines_or_a_refusal(data: bytes) -> None:
    try:
        lines = read(b"telegram_id;role;code\n" + data)
    except UsersFileRefused:
        return
    assert all(isinstance(one, Entry | Wrong) for one in lines)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    forget_settings(monkeypatch)
    return tmp_path / "users.csv"


def test_a_quotation_mark_left_open_swallows_nobody_in_silence() -> None:
    lines = read(b'telegram_id;role;code\n101;rep;R1\n102;rep;"R2\n103;rep;R3\n104;rep;R4\n')
    assert [one.line for one in lines] == [2, 3]
    joined = lines[1]
    assert isinstance(joined, Wrong)
    assert (joined.column, joined.reason) == ("code", "lines_joined")
    assert joined.value == "R2 103;rep;R3 104;rep;R4"  # on one line, as a terminal shows it


def test_a_title_cannot_move_a_terminal_s_cursor() -> None:
    with pytest.raises(UsersFileRefused) as refused:
        read(b"\x1b[2Jnumber;other\n1;2\n")
    assert "\x1b" not in "".join(map(str, refused.value.args)) + repr(vars(refused.value))


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("fr", "1 nouvelle personne, 0 modifiée, 0 de nouveau autorisée, 0 inchangée"),
        ("en", "1 new person, 0 changed, 0 with access again, 0 unchanged; 0 lines left out"),
    ],
)
def test_one_is_not_several_in_the_summary(locale: str, said: str) -> None:
    words = summary(speaker(locale, ZoneInfo("UTC")), users_import.Enrolled(new=1), dry_run=False)
    assert words.startswith(said)


def test_the_command_enrols_ten_thousand_in_one_transaction(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (f"{n + 1},rep,R{n % 500},Rep {n}" for n in range(10_000))
    elsewhere.write_text("telegram_id,role,code,name\n" + "\n".join(lines))
    assert relance("users", "import", str(elsewhere), "--json") == 0
    assert json.loads(capsys.readouterr().out)["new"] == 10_000
    with inline(Settings().database) as work:
        assert len(people.active(work)) == 10_000
        assert known(work, 10_000).codes == {"R499"}


def test_a_dry_run_of_the_command_says_the_same_and_changes_nothing(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere.write_text(LIST + "x,rep,R1,A\n")
    assert relance("users", "import", str(elsewhere), "--dry-run") == 1
    said = capsys.readouterr()
    assert "À blanc\xa0: 3 nouvelles personnes" in said.out
    assert said.err.startswith("Ligne 6, telegram_id\xa0: «\xa0x\xa0»\xa0: pas un identifiant")
    assert relance("users", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []
    assert relance("users", "import", str(elsewhere), "--json") == 1
    assert json.loads(capsys.readouterr().out)["rejections"][0]["line"] == 6


def test_a_list_without_its_columns_is_one_line(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere.write_text("name;city\nA;Lyon\n")
    assert relance("users", "import", str(elsewhere)) == 1
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "telegram_id, role" in said
    assert relance("users", "import", str(elsewhere.with_name("none.csv"))) == 1
