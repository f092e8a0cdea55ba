"""From files and visits to a red alert and a freeze: what handbook 4.3 and 3.9 ask, end to end."""

from __future__ import annotations

from datetime import datetime

from bot.simulator.client import Shown
from tests.journeys import exports, notices, story
from tests.journeys.exports import MARTIN, MOREL
from tests.journeys.harness import PARIS, PATIENCE, Company
from tests.journeys.story import Step, both, drop, find, labelled, plain, play, say, tap

TWO_WEEKS_LATER = datetime(2026, 3, 23, 9, 0, tzinfo=PARIS)
VOICE = b"OggS" + bytes(4000)

# On 10 March the garage is 20 days late; on the 23rd 33, his promise is broken.
LATE = (*MOREL, "F-101", "18/01/2026", "18/02/2026", "1 200,00", "1 200,00", "EUR")
LARGE = (*MOREL, "F-103", "02/03/2026", "02/05/2026", "9 000,00", "9 000,00", "EUR")
ANOTHER = (*MARTIN, "F-201", "02/03/2026", "02/05/2026", "60 000,00", "60 000,00", "EUR")
ORDERS = ("Code client", "N° commande", "Date commande", "Montant TTC", "Statut")

PROMISE = [
    say("morel", both("C001", "Échu")),
    tap("Promesse", "Quel montant"),
    tap("Tout", "À quelle date"),
    say("vendredi", "Par quel moyen"),
    tap("Virement", "Qui prend cet engagement"),
    tap("Jeanne Petit", "À relire"),
    tap("Valider", "Je vous confirme"),
]
VISIT = [
    say("morel", labelled("👁 Visite")),
    tap("👁 Visite", "Qu’avez-vous vu"),
    tap("Stocks", "Stocks"),
    tap("Rayons ou stock vides", "Noté"),
    Step("voice", lambda _c, p: p.upload("voice", VOICE, "note.ogg", seconds=12), "pièce jointe"),
    tap("Terminé", "Visite enregistrée"),
]
HEARD = [
    Step("told", lambda _c, _p: None, both("🔴🔴", "Garage Morel", "Rayons"), who="Claire"),
    tap("Pourquoi", both("Terrain", "Vert avec"), who="Claire", on="🔴🔴"),
    tap("1 constat", both("Rayons ou stock", "Rémi"), who="Claire"),
]


def orders() -> bytes:
    """Write 4 000 € ordered a year ago in these weeks and 2 200 € lately: 45 % less."""
    lines = [
        *((f"B{n}", f"{day}/02/2025", "1 000,00") for n, day in enumerate((3, 10, 17, 24))),
        ("B9", "11/03/2026", "2 200,00"),
    ]
    return exports.table(ORDERS, [("C001", *line, "Livrée") for line in lines])


def opened(company: Company) -> None:
    payloads = {
        "Rémi": company.invitation("rep", "R1", name="Rémi"),
        "Claire": company.invitation("credit-manager", name="Claire"),
    }
    for name in payloads:
        company.meet(name)
    company.start()
    play(company, story.arrivals(payloads))


def levels(company: Company) -> dict[str, int]:
    rows = company.rows(
        "select customer.code, alert.level from alert"
        " join customer on customer.id = alert.customer_id where alert.level > 0"
    )
    return {str(row["code"]): int(row["level"]) for row in rows}


def cards(company: Company, name: str, mark: str) -> list[str]:
    """Return the first lines of the alert cards that somebody was sent."""
    lines = (plain(one.text).partition("\n")[0] for one in company.people[name].messages())
    return [line for line in lines if line.startswith(mark)]


def spoken(shown: Shown) -> bool:
    return shown.file is not None and shown.file.get("duration") == 12


def test_data_a_scan_and_what_a_rep_saw_make_a_red_alert_that_the_credit_manager_hears(
    company: Company,
) -> None:
    opened(company)
    limit = [(*MOREL, "40 000,00", "Jeanne Petit", "01 44 55 66 77")]
    clients = exports.table(exports.CUSTOMERS, limit)
    play(company, [drop("clients.csv", clients, "clients.csv", who="Claire")])
    owed = exports.receivables([LATE, LARGE, ANOTHER])
    play(company, [drop("encours.csv", owed, "encours.csv", who="Claire")])
    play(company, PROMISE)
    company.later(TWO_WEEKS_LATER)
    owed = exports.receivables([LATE, LARGE])  # the baker has paid
    play(company, [drop("encours-2.csv", owed, "encours-2.csv", who="Claire")])
    play(company, [drop("commandes.csv", orders(), "commandes.csv", who="Claire")])
    company.until(lambda: levels(company).get("C001") == 2, "an alert")
    company.people["Rémi"].wait_for("Promesses non tenues", PATIENCE, anywhere=True)
    assert cards(company, "Claire", "🔴") == []
    play(company, VISIT)
    assert levels(company)["C001"] == 3
    play(company, HEARD)
    claire = company.people["Claire"]
    claire.press(find(claire, "🎤"), "🎤")
    heard = claire.wait_for(spoken, PATIENCE)
    assert claire.download(heard) == VOICE
    assert len(cards(company, "Claire", "🔴🔴")) == 1
    company.stop()


def test_of_a_file_with_every_trap_only_the_right_customers_freeze(company: Company) -> None:
    opened(company)
    header = ("Code client", "Raison sociale", "SIREN", "Représentant")
    book = exports.table(header, notices.EVERYBODY)
    owed = [
        (code, name, rep, f"F-{code}", "02/02/2026", "02/05/2026", "500,00", "500,00", "EUR")
        for code, name, _, rep in notices.EVERYBODY
    ]
    play(company, [drop("clients.csv", book, "clients.csv", who="Claire")])
    play(company, [drop("encours.csv", exports.receivables(owed), "encours.csv", who="Claire")])
    file = notices.every_trap(company.now.date())
    play(company, [drop("annonces.json", file, "annonces.json", who="Claire")])
    company.until(lambda: levels(company) == {"C101": 4, "C106": 4}, "the two frozen accounts")
    for name in ("Rémi", "Claire"):
        person = company.people[name]
        person.wait_for(both("⛔", "redressement judiciaire", "C101"), PATIENCE, anywhere=True)
        person.wait_for(both("⛔", "liquidation judiciaire", "C106"), PATIENCE, anywhere=True)
        assert len(cards(company, name, "⛔")) == 2
    play(
        company,
        [
            say("/commande C101 100", both("🔴", "B01")),
            say("/commande C102 100", both("DUPONT", "🟢")),
        ],
    )
    tasks = {str(row["kind"]) for row in company.rows("select kind from task")}
    assert {"claim_declaration", "claim_goods", "claim_relief", "seek_goods"} <= tasks
    company.stop()
