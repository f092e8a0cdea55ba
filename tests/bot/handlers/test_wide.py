"""Pages over many accounts: nobody's tap waits for them, and they say the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from sqlalchemy import delete, update

from bot.handlers import wide
from bot.handlers.dashboard import CHART
from bot.handlers.exports import EXPORT
from bot.screens.balance import ShowOwing
from bot.screens.calculation_taps import PickDebtor
from bot.screens.credit_taps import ShowReviews
from bot.screens.dashboard import ShowChart, ShowDashboard
from bot.screens.dispute import ListDisputes
from bot.screens.export_tap import BALANCE, Export
from bot.screens.marks import mark_of
from bot.screens.rules import ShowRules
from bot.screens.tap import Tap
from bot.screens.uploads import AssignTo, ShowOrphans
from bot.screens.worklist import OWN, ShowBalance, ShowDay, ShowTeam
from bot.use_cases import worklist
from bot.use_cases.worklist import EVERYTHING, key_of
from credit.people import Person, Role
from storage import customers, outbox, tables
from storage.work import Work
from tests.day import company
from tests.journeys.processes import ROOT
from tests.storage.inline import inline

ASKED = (
    "/tableau",
    "/resume_du_jour",
    "/aujourdhui",
    "/balance",
    "/litiges",
    "/regles",
    "/revues",
    "/garantie",
    "/visite",
    ShowDashboard("speed"),
    ListDisputes(0),
    ShowReviews(0, 1),
    ShowRules(0),
    ShowTeam(0, "b"),
    ShowBalance(OWN),
)
STATEMENTS = 20
"""However many accounts there are: who asks, whether they are many, and the order."""


def a_company(work: Work, customers: int) -> Person:
    """Hire a credit manager over so many customers who pay late."""
    company.hire(work, "Léa", Role.REP, "R1")
    for n in range(customers):
        company.an_invoice(work, company.a_customer(work, f"C{n}"), f"F{n}", late=n)
    company.fresh(work)
    return company.hire(work, "Claire", Role.CREDIT_MANAGER)


def ask(work: Work, person: Person, asked: str | Tap) -> company.Told:
    """Type a command, or press a button."""
    if isinstance(asked, str):
        return company.says(work, person, asked)
    return company.taps(work, person, asked)


@pytest.mark.parametrize("asked", ASKED, ids=repr)
def test_a_page_over_many_accounts_is_read_when_its_turn_has_come(
    database_url: str, asked: str | Tap
) -> None:
    with inline(database_url) as work:
        claire = a_company(work, wide.FEW)
        at_once = ask(work, claire, asked)
        company.a_customer(work, "ONE-MORE")
        with company.counted(work) as statements:
            told = ask(work, claire, asked)
        assert len(statements) < STATEMENTS
        [row] = company.waiting(work, wide.PAGE)
        later = company.rendered(work, row)
    coming = (
        ""
        if isinstance(asked, str)
        else "Un instant\N{NO-BREAK SPACE}: beaucoup de comptes à lire."
    )
    assert (told.toast, told.labels) == (coming, [])
    seen = "sendChatAction" if isinstance(asked, str) else "answerCallbackQuery"
    assert [body["method"] for body in told.bodies] == [seen]
    assert at_once.text
    assert (later.text, later.labels) == (at_once.text, at_once.labels)
    method = "sendMessage" if isinstance(asked, str) else "editMessageText"
    assert [body["method"] for body in later.bodies] == [method]


HEAVY = (
    ("/tableau", wide.PAGE),
    ("/resume_du_jour", wide.PAGE),
    (ShowChart("speed"), CHART),
    (Export(BALANCE, EVERYTHING), EXPORT),
)


@pytest.mark.parametrize(("asked", "kind"), HEAVY, ids=repr)
def test_what_is_read_of_each_of_very_many_customers_is_made_in_a_process_of_its_own(
    database_url: str, monkeypatch: pytest.MonkeyPatch, asked: str | Tap, kind: str
) -> None:
    monkeypatch.setattr(worklist, "VAST", wide.FEW + 1)
    with inline(database_url) as work:
        claire = a_company(work, wide.FEW + 1)
        lea = company.hire(work, "Léa", Role.REP, "R1")
        ask(work, claire, asked)
        [row] = company.waiting(work, kind)
        assert outbox.ASIDE not in row.body
        here = company.rendered(work, row).bodies
        work.execute(delete(tables.outbox))
        company.a_customer(work, "ONE-MORE", rep=None)  # whom she alone sees
        ask(work, claire, asked)
        ask(work, lea, asked)
        hers, his = company.waiting(work, kind)
        assert (hers.body[outbox.ASIDE], outbox.ASIDE in his.body) == (True, False)
        assert company.rendered(work, hers).bodies[0]["method"] == here[0]["method"]


def test_the_light_pages_of_very_many_customers_are_made_here(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist, "VAST", wide.FEW)
    with inline(sqlite_url) as work:
        claire = a_company(work, wide.FEW + 1)
        ask(work, claire, "/visite")
        [row] = company.waiting(work, wide.PAGE)
        assert outbox.ASIDE not in row.body


def test_a_small_portfolio_is_shown_at_once_in_a_large_company(database_url: str) -> None:
    with inline(database_url) as work:
        a_company(work, wide.FEW + 1)
        paul = company.hire(work, "Paul", Role.REP, "R2")
        company.an_invoice(work, company.a_customer(work, "MINE", rep="R2"), "F-MINE")
        assert "Client MINE" in company.says(work, paul, "/balance").text
        assert company.waiting(work, wide.PAGE) == []


def test_a_portfolio_taken_away_while_its_page_waits_is_not_shown(database_url: str) -> None:
    with inline(database_url) as work:
        a_company(work, wide.FEW + 1)
        mona = company.hire(work, "Mona", Role.SALES_MANAGER, "R1")
        company.taps(work, mona, ShowDay(0, key_of("R1")))
        [row] = company.waiting(work, wide.PAGE)
        assert company.rendered(work, row).bodies
        work.execute(update(tables.portfolio).values(code="R9"))
        assert company.rendered(work, row).bodies == []


def test_very_many_customers_without_a_rep_are_listed_when_their_turn_has_come(
    database_url: str,
) -> None:
    with inline(database_url) as work:
        claire = a_company(work, 0)
        lost = [company.a_customer(work, f"L{n:03}", rep=None) for n in range(wide.FEW)]
        at_once = company.says(work, claire, "/affecter")
        assert len(lost) == wide.FEW
        assert [label for label in at_once.labels if "Client L00" in label] == at_once.labels[:8]
        company.a_customer(work, "L999", rep=None)
        for asked in ("/affecter", ShowOrphans(0)):
            work.execute(delete(tables.outbox))
            assert ask(work, claire, asked).labels == []
            [row] = company.waiting(work, wide.PAGE)
            later = company.rendered(work, row)
            assert [one for one in later.labels if "Client" in one] == at_once.labels[:8]
        work.execute(delete(tables.outbox))
        work.execute(update(tables.person).values(role=Role.SALES_MANAGER.value))
        assert company.rendered(work, row).bodies == []


def test_who_gives_one_of_very_many_accounts_away_goes_on_with_the_list(database_url: str) -> None:
    with inline(database_url) as work:
        claire = a_company(work, 0)
        lost = [company.a_customer(work, f"L{n:03}", rep=None) for n in range(wide.FEW + 2)]
        told = company.taps(work, claire, AssignTo(lost[0], mark_of("R1")))
        [row] = company.waiting(work, wide.PAGE)
        later = company.rendered(work, row)
        assert customers.owner(work, lost[0]) == (True, "R1")
    assert "Affecté à R1" in told.toast
    assert "Client L001" in later.labels[0]
    assert later.bodies[0]["method"] == "editMessageText"


def test_very_many_late_customers_are_offered_when_their_turn_has_come(database_url: str) -> None:
    with inline(database_url) as work:
        claire = a_company(work, wide.FEW)
        lea = company.hire(work, "Léa", Role.REP, "R1")
        at_once = company.taps(work, lea, PickDebtor(1))
        company.a_customer(work, "ONE-MORE")
        assert company.taps(work, lea, PickDebtor(1)).labels == []
        [row] = company.waiting(work, wide.PAGE)
        later = company.rendered(work, row)
        everybody = company.taps(work, claire, PickDebtor(0))  # he has none of his own
        assert len(company.waiting(work, wide.PAGE)) == 1
    assert len(at_once.labels) > 3
    assert (later.text, later.labels) == (at_once.text, at_once.labels)
    assert everybody.text


OF_ONE = (
    lambda key: ShowDay(0, key),
    ShowBalance,
    lambda key: ShowOwing(1, key),
    lambda key: Export(BALANCE, key),
)
WORDLESS = "n’est pas dans votre portefeuille"


@pytest.mark.parametrize("tap", OF_ONE)
@pytest.mark.parametrize("role", [Role.CREDIT_MANAGER, Role.SALES_MANAGER])
def test_who_sees_every_portfolio_has_no_list_of_them_read_by_his_tap(
    database_url: str, tap: Callable[[int], Tap], role: Role
) -> None:
    with inline(database_url) as work:
        a_company(work, wide.FEW + 1)
        boss = company.hire(work, "Boss", role)
        for code in ("R1", "R9"):
            work.execute(delete(tables.outbox))
            with company.counted(work) as statements:
                told = company.taps(work, boss, tap(key_of(code)))
            assert not any("RECURSIVE" in one for one in statements)
            assert WORDLESS not in told.toast
            [row] = company.waiting(work, wide.PAGE) + company.waiting(work, EXPORT)
            [body] = company.rendered(work, row).bodies
            assert (WORDLESS in str(body)) is (code == "R9")


@pytest.mark.parametrize("tap", OF_ONE)
def test_a_portfolio_that_is_not_there_is_refused_at_once_where_that_is_soon_told(
    database_url: str, tap: Callable[[int], Tap]
) -> None:
    with inline(database_url) as work:
        claire = a_company(work, wide.FEW)
        assert WORDLESS in company.taps(work, claire, tap(key_of("R9"))).toast
        mona = company.hire(work, "Mona", Role.SALES_MANAGER, "R1", "R2")
        company.a_customer(work, "ONE-MORE", rep="R9")
        assert WORDLESS in company.taps(work, mona, tap(key_of("R9"))).toast
        assert company.waiting(work, wide.PAGE) + company.waiting(work, EXPORT) == []


def test_a_process_that_only_sends_knows_every_page(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        claire = a_company(work, wide.FEW + 1)
        company.says(work, claire, "/balance")
    code = (
        "import sys\n"
        "from bot.handlers.rendering import renderers\n"
        "from bot.screens.render import speaker\n"
        "from tests.day import company\n"
        "from tests.storage.inline import inline\n"
        "draw = renderers(company.rules(), lambda locale: speaker(locale, company.PARIS))\n"
        "with inline(sys.argv[1]) as work:\n"
        "    [row] = company.waiting(work, 'page')\n"
        "    assert draw['page'](work, row, company.MORNING)['method'] == 'sendMessage'\n"
    )
    subprocess.run([sys.executable, "-c", code, sqlite_url], cwd=ROOT, check=True)
