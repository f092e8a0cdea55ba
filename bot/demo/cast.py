"""Who works at the fictional wholesaler, and what a visitor is told to try first."""

from __future__ import annotations

from dataclasses import dataclass

COMPANY = "Comptoir des Tilleuls"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the wholesaler's staff; `role` is that of `relance invite --role`."""

    telegram_id: int
    first_name: str
    last_name: str
    username: str
    language: str
    role: str
    title: str
    codes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the name that colleagues see."""
        return f"{self.first_name} {self.last_name}"


REPS = (
    Colleague(
        71001, "Camille", "Moreau", "camille_demo", "fr", "rep", "Commerciale · Nord", ("CMO",)
    ),
    Colleague(71002, "Karim", "Haddad", "karim_demo", "fr", "rep", "Commercial · Ouest", ("KHA",)),
    Colleague(71003, "James", "Whitlock", "james_demo", "en", "rep", "Sales rep · South", ("JWH",)),
)
SALES_MANAGER = Colleague(
    71004,
    "Hélène",
    "Vasseur",
    "helene_demo",
    "fr",
    "sales-manager",
    "Cheffe des ventes",
    ("CMO", "KHA", "JWH"),
)
CREDIT_MANAGER = Colleague(
    71005, "Bernard", "Castel", "bernard_demo", "fr", "credit-manager", "Credit manager"
)
STAFF = (*REPS, SALES_MANAGER, CREDIT_MANAGER)

BANNER_FR = (
    "Ouvrez Camille Moreau : une alerte l’attend. Touchez « Appeler » et suivez l’appel guidé.",
    "Tapez /aujourdhui, ou le nom d’un client, par exemple « Boulangerie », ou /tableau.",
    "Dites ce que vous avez vu : /visite. Contrôlez une commande : /commande Garage 3200.",
    "Déposez les fichiers d’exemple dans le dossier in/ et regardez les alertes arriver.",
    "Passez à Bernard Castel : une commande bloquée et un client en redressement l’attendent.",
)
BANNER_EN = (
    "Open Camille Moreau: an alert is waiting. Tap “Call” and follow the guided call.",
    "James Whitlock reads English: type /today, /dashboard, or part of a customer's name.",
    "Say what you saw: /visit. Check an order: /order Garage 3200.",
    "Drop the example files into the in/ folder and watch the alerts arrive.",
    "Then be Bernard Castel: a held order and a customer in receivership wait for him.",
)
