"""The place: a company, its representatives and their customers, one overdue invoice each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from bot.simulator.client import Person
from tests.journeys import exports
from tests.journeys.harness import Company

FIRST_REP = 7000
BOSS = 6999
NAME = re.compile(r"Atelier \d{3}x\d{3}")


def name_of(rep: int, customer: int) -> str:
    """Return the name of a customer; no other name begins like it."""
    return f"Atelier {rep:03}x{customer:03}"


def code_of(rep: int, customer: int) -> str:
    """Return the code of a customer."""
    return f"C{rep:03}x{customer:03}"


def amount_of(rep: int, customer: int) -> int:
    """Return what is promised for a customer, in cents: no two promise the same."""
    return 100_000 + rep * 1_000 + customer


def disputed_of(rep: int, customer: int) -> int:
    """Return what is disputed for a customer, in cents: no two dispute the same."""
    return 10_000 + rep * 1_000 + customer


def numbers_of(code: str) -> tuple[int, int]:
    """Return the representative and the customer of a customer's code."""
    rep, _, customer = code[1:].partition("x")
    return int(rep), int(customer)


def customers(reps: int, each: int) -> bytes:
    """Write the customers' file: limits that every balance exceeds."""
    return exports.table(
        exports.CUSTOMERS,
        [
            (code_of(r, n), name_of(r, n), f"R{r}", "500,00", "Jeanne Petit", "01 44 55 66 77")
            for r, n in _all(reps, each)
        ],
    )


def receivables(reps: int, each: int) -> bytes:
    """Write the open items' file: two thousand euros per customer, a month late."""
    return exports.receivables(
        (
            *(code_of(r, n), name_of(r, n), f"R{r}", f"F{r:03}x{n:03}", "08/12/2025"),
            *("08/02/2026", "2 000,00", "2 000,00", "EUR"),
        )
        for r, n in _all(reps, each)
    )


def _all(reps: int, each: int) -> Iterable[tuple[int, int]]:
    return [(rep, number) for rep in range(1, reps + 1) for number in range(1, each + 1)]


def bring(company: Company, reps: int, each: int) -> None:
    """Let the books arrive, and wait for their invoices; alerts leave afterwards."""
    company.drop("clients.csv", customers(reps, each))
    company.drop("encours.csv", receivables(reps, each))
    wanted = reps * each

    def arrived() -> bool:
        return int(company.rows("select count(*) as n from item")[0]["n"]) == wanted

    company.until(arrived, f"the {wanted} invoices of the file")


def enrol(company: Company, reps: int) -> list[Person]:
    """Enrol a credit manager and the representatives at once; return their telephones."""
    lines = ["telegram_id;role;code;name", f"{BOSS};credit_manager;;Claire"]
    lines += [f"{FIRST_REP + n};rep;R{n};Rep {n}" for n in range(1, reps + 1)]
    listed = Path(company.folder, "people.csv")
    listed.write_text("\n".join(lines) + "\n", "utf-8")
    company.cli("users", "import", str(listed))
    numbers = [BOSS, *(FIRST_REP + n for n in range(1, reps + 1))]
    people = [
        company.chat.add_person(number, f"P{number}", language_code="fr", started=True)
        for number in numbers
    ]
    return people[1:]
