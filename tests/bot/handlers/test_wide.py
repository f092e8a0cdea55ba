"""Pages over many accounts: nobody's tap waits for them, and they say the same."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy import update

from bot.handlers import wide
from bot.screens.credit_taps import ShowReviews
from bot.screens.dashboard import ShowDashboard
from bot.screens.dispute import ListDisputes
from bot.screens.rules import ShowRules
from bot.screens.tap import Tap
from bot.screens.worklist import OWN, ShowBalance, ShowDay, ShowTeam
from bot.use_cases.worklist import key_of
from credit.people import Person, Role
from storage import tables
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
    coming = "" if isinstance(asked, str) else "Un instant : beaucoup de comptes à lire."
    assert (told.toast, told.labels) == (coming, [])
    assert at_once.text
    assert (later.text, later.labels) == (at_once.text, at_once.labels)
    method = "sendMessage" if isinstance(asked, str) else "editMessageText"
    assert [body["method"] for body in later.bodies] == [method]


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
