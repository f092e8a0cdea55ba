"""Choosing a portfolio among very many: by its page, its code, or the name of its rep."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import insert, select, update

from bot.handlers import wide
from bot.screens.access import InviteFor, InviteRole, ShowPortfolios
from bot.screens.marks import digest_of, mark_of
from bot.screens.uploads import AssignTo, ChooseRep, ShowReps
from credit.people import Person, Role
from storage import customers, tables
from storage.work import Work
from tests.day import company
from tests.day.test_account import clean
from tests.storage.inline import inline

FIRST, LAST = "R001", "R090"


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    """Ninety portfolios of a customer each, the last one Zoé's, and a customer of nobody."""
    with inline(database_url) as one:
        for n in range(1, 91):
            company.a_customer(one, f"C{n:03}", rep=f"R{n:03}")
        company.a_customer(one, "LOST", "PERDU SARL", rep=None)
        company.hire(one, "Zoé Lemaître", Role.REP, LAST)
        yield one


def claire(work: Work, locale: str = "fr") -> Person:
    return company.hire(work, "Claire", Role.CREDIT_MANAGER, locale=locale)


def owner(work: Work, code: str) -> str | None:
    found = customers.by_code(work, code)
    assert found is not None
    return found.rep_code


def lost(work: Work) -> int:
    found = customers.by_code(work, "LOST")
    assert found is not None
    return found.id


def turned(work: Work, person: Person, told: company.Told) -> list[str]:
    """Press « › » until the last page; return the labels of all pages."""
    labels = told.labels
    assert "‹" not in labels  # there is no page before the first
    while "›" in told.labels:
        told = company.taps(work, person, told.data("›"))
        labels += told.labels
    return labels


@pytest.mark.parametrize("asked", ["invite", "give"])
def test_every_portfolio_is_reached_by_turning_pages(work: Work, asked: str) -> None:
    boss = claire(work)
    tap = InviteRole("rep") if asked == "invite" else ChooseRep(lost(work))
    labels = turned(work, boss, company.taps(work, boss, tap))
    found = {label.split(" · ")[0] for label in labels if label.startswith("R0")}
    assert found == {f"R{n:03}" for n in range(1, 91)}
    assert f"{LAST} · Zoé Lemaître" in labels


@pytest.mark.parametrize("typed", ["R090", "r090", "zoe", "lemaître zoé", "lemetre"])
def test_a_rep_is_invited_for_a_portfolio_that_was_typed(work: Work, typed: str) -> None:
    boss = claire(work)
    told = company.says(work, boss, f"/inviter {typed}")
    assert told.labels == [f"{LAST} · Zoé Lemaître"]
    assert "De quel portefeuille" in clean(told.text)
    assert LAST in company.taps(work, boss, told.data(LAST)).text


@pytest.mark.parametrize("typed", ["LOST R090", "lost zoe", "LOST lemaitre"])
def test_a_customer_is_given_to_a_rep_that_was_typed(work: Work, typed: str) -> None:
    boss = claire(work)
    code, _, rep = typed.partition(" ")
    told = company.says(work, boss, f"/affecter {code.upper()} {rep}")
    assert owner(work, "LOST") is None
    given = company.taps(work, boss, told.data(LAST))
    assert f"Affecté à {LAST}" in given.toast
    assert owner(work, "LOST") == LAST


LONG, HIDDEN = "Secteur Grand-Est et Luxembourg", "Nord\u00a0A"


@pytest.mark.parametrize("code", [LAST, "Île-de-France 2 ☂", "NEW", LONG, HIDDEN])
@pytest.mark.parametrize("mark", [mark_of, digest_of])
def test_whom_an_account_goes_to_is_read_from_the_button(
    work: Work, code: str, mark: Callable[[str], str]
) -> None:
    boss = claire(work)
    if code == "NEW":
        company.hire(work, "Nora", Role.REP, code)  # who has no customer yet
    elif code != LAST:
        company.a_customer(work, "MORE", rep=code)
    with company.counted(work) as statements:
        told = company.taps(work, boss, AssignTo(lost(work), mark(code)))
    assert owner(work, "LOST") == code
    assert "Affecté à" in told.toast
    company.taps(work, boss, InviteFor("rep", mark(code)))
    assert work.scalars(select(tables.invitation.c.codes)) == [[code]]
    spelled = mark is mark_of and code not in {LONG, HIDDEN}
    assert any("RECURSIVE" in one for one in statements) is not spelled  # else reads every code


@pytest.mark.parametrize("mark", [mark_of("R999"), mark_of(""), digest_of("R999"), "-", "-%%", ""])
def test_an_account_goes_to_nobody_whom_no_one_knows(work: Work, mark: str) -> None:
    boss = claire(work)
    for tap in (AssignTo(lost(work), mark), InviteFor("rep", mark)):
        data = f"1{tap.VERB}.{lost(work) if isinstance(tap, AssignTo) else 'rep'}.{mark}"
        assert company.taps(work, boss, data).labels == []
    assert owner(work, "LOST") is None
    assert not work.all(select(tables.invitation))


def test_a_customer_is_named_before_his_rep_is_asked_for(work: Work) -> None:
    boss = claire(work)
    assert "Qui s’occupe de ce client" in clean(company.says(work, boss, "/affecter perdu").text)
    several = company.says(work, boss, "/affecter client")
    assert "Quel client" in clean(several.text)
    assert "Qui s’occupe" in clean(company.taps(work, boss, several.data("Client C001")).text)
    assert "Aucun client" in clean(company.says(work, boss, "/affecter xylophage").text)
    assert "PERDU SARL · LOST" in company.says(work, boss, "/affecter").labels


def test_the_screens_say_how_to_find_a_rep_in_both_languages(work: Work) -> None:
    french, english = claire(work), claire(work, "en")
    offered = clean(company.taps(work, french, InviteRole("rep")).text).splitlines()
    assert offered[-1] == "🔎 Un autre ? Tapez /inviter suivi d’un code ou d’un nom."
    assert "Type /invite" in clean(company.taps(work, english, InviteRole("rep")).text)
    told = company.taps(work, french, ChooseRep(lost(work)))
    assert "<code>/affecter LOST</code>" in told.text.splitlines()[-1]
    assert clean(told.text).splitlines()[1] == "Qui s’occupe de ce client ?"
    assert "<code>/assign LOST</code>" in company.taps(work, english, ChooseRep(lost(work))).text
    nobody = company.says(work, french, "/inviter <b>personne")
    assert "Aucun portefeuille ne correspond à « &lt;b&gt;personne »." in clean(nobody.text)


def test_a_name_that_very_many_reps_have_is_to_be_told_more_of(work: Work) -> None:
    for n in range(1, 31):
        company.hire(work, f"Martin {n}", Role.REP, f"R{n:03}")
    told = company.says(work, claire(work), "/inviter martin")
    assert "D’autres correspondent aussi" in clean(told.text)
    assert len(told.labels) == 20


def test_the_portfolios_of_a_large_company_are_read_when_their_turn_has_come(work: Work) -> None:
    boss = claire(work)
    for n in range(91, 103):
        company.a_customer(work, f"C{n:03}", rep=f"R{n:03}")
    assert company.says(work, boss, "/inviter zoe").labels == []
    assert company.taps(work, boss, ShowReps(lost(work), 4)).labels == []
    for row in company.waiting(work, wide.PAGE):
        assert any(LAST in label for label in company.rendered(work, row).labels)
    assert len(company.waiting(work, wide.PAGE)) == 2


@pytest.mark.parametrize("tap", [ShowPortfolios(1), ShowReps(1, 1), ChooseRep(1)], ids=repr)
def test_who_is_no_credit_manager_any_more_is_not_shown_the_reps(
    work: Work, tap: ShowPortfolios | ShowReps | ChooseRep
) -> None:
    boss = claire(work)
    for n in range(91, 103):
        company.a_customer(work, f"C{n:03}", rep=f"R{n:03}")
    company.taps(work, boss, tap)
    [row] = company.waiting(work, wide.PAGE)
    assert company.rendered(work, row).bodies
    person = tables.person
    work.execute(update(person).where(person.c.id == boss.id).values(role=Role.SALES_MANAGER.value))
    assert company.rendered(work, row).bodies == []


def test_reps_and_their_managers_neither_search_nor_give(work: Work) -> None:
    zoe = company.hire(work, "Zoé", Role.REP, FIRST)
    mona = company.hire(work, "Mona", Role.SALES_MANAGER)
    for person in (zoe, mona):
        for asked in ("/inviter zoe", "/affecter LOST R001", "/affecter"):
            told = company.says(work, person, asked)
            assert (told.labels, "R090" in told.text) == ([], False)
        told = company.taps(work, person, InviteFor("rep", "zz"))
        assert told.labels == []
    assert owner(work, "LOST") is None
    assert not work.all(select(tables.invitation))


def test_a_code_of_two_words_is_read_before_the_rep(work: Work) -> None:
    facts = {"code": "AB 12", "name": "Deux Mots", "search": "ab 12 deux mots"}
    row = {**facts, "rep_code": FIRST, "changed_at": company.MORNING.at}
    work.execute(insert(tables.customer_row), row)
    told = company.says(work, claire(work), "/affecter AB 12 zoe")
    assert "Deux Mots" in told.text
    assert any(LAST in label for label in told.labels)


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("fr", "Ce portefeuille est déjà suivi par Zoé Lemaître, Omar &lt;i&gt;Naïm. La personne"),
        ("en", "Already with this portfolio: Zoé Lemaître, Omar &lt;i&gt;Naïm. Whoever"),
    ],
)
def test_an_invitation_names_who_has_the_portfolio_already(
    work: Work, locale: str, said: str
) -> None:
    company.hire(work, "Omar <i>Naïm", Role.REP, LAST)
    gone = company.hire(work, "Partie", Role.REP, LAST)
    work.execute(update(tables.person).where(tables.person.c.id == gone.id).values(active=False))
    person = claire(work, locale)
    told = company.taps(work, person, InviteFor("rep", mark_of(LAST)))
    assert said in clean(told.text)
    assert "Partie" not in told.text
    alone = company.taps(work, person, InviteFor("rep", mark_of(FIRST)))
    assert "⚠️" not in alone.text
