"""The names of a portfolio: of the code given by the credit manager, else of the ledger's."""

from __future__ import annotations

from itertools import chain, combinations, product

from sqlalchemy import update

from storage import customers
from storage.tables import customer_row
from tests.day.company import a_customer
from tests.storage.inline import inline

CODES = ("R1", "R2", "", None)


def test_a_customer_is_named_in_the_portfolio_of_its_owner_alone(database_url: str) -> None:
    with inline(database_url) as work:
        owners = {}
        for n, (given, stated) in enumerate(product(CODES, CODES)):
            one = a_customer(work, f"C{n}")
            row = update(customer_row).where(customer_row.c.id == one)
            work.execute(row.values(assigned_code=given, rep_code=stated))
            owners[one] = stated if given is None else given
        asked = list(chain.from_iterable(combinations(("R1", "R2", "", "R9"), n) for n in range(4)))
        for codes in asked:
            named = [one for one, _ in customers.names(work, frozenset(codes))]
            assert named == [one for one, owner in owners.items() if (owner or "") in codes]
            assert named == [
                one for one in owners if (customers.owner(work, one)[1] or "") in codes
            ]


def test_a_code_is_found_as_the_first_word_of_what_is_searched(database_url: str) -> None:
    codes = ("C1", "c1", "C1-2", "C10", "C", "Çé1", "C1 X", "C1!", "411", "4110", "ÉTÉ")
    with inline(database_url) as work:
        for code in codes:
            a_customer(work, code, "ÉTÉ C1")
        everybody = customers.names(work, None)
        for typed in ("c1", "c", "c10", "411", "41", "ete", "ce1", "x", "1"):
            found = [one for one, search in everybody if search.split()[:1] == [typed]]
            assert customers.coded(work, typed) == found
