"""The sixty fictional customers: invented names, SIRENs that no company bears, invented numbers."""

from __future__ import annotations

from dataclasses import dataclass

TRADES = (
    "Menuiserie",
    "Boulangerie",
    "Garage",
    "Serrurerie",
    "Imprimerie",
    "Hôtel",
    "Pépinière",
    "Carrelage",
    "Plomberie",
    "Traiteur",
    "Ébénisterie",
    "Charpente",
    "Brasserie",
    "Peinture",
    "Toiture",
    "Élagage",
    "Miroiterie",
    "Fromagerie",
    "Transports",
    "Électricité",
)
NAMES = (
    *("Vauquermont", "Tristelune", "Orbaval", "Ferrandoux", "Quatrelieues", "Belfontade"),
    *("Sauvechêne", "Marlavoix", "Rivaucourt-Sec", "Aubeterne", "Craquelin", "Hauteclaude"),
    *("Brumevent", "Coquelarde", "Ardoisance", "Follefeuille", "Glacembourg", "Tommefleur"),
    *("Longbourru", "Voltamère", "Perchecorne", "Miettedor", "Bielle-Rousse", "Clavantin"),
    *("Encrefine", "Dormevoix", "Racinelle", "Grèsclair", "Joncaban", "Bouchegrise"),
    *("Noyerac-le-Fol", "Faîtagne", "Houblonel", "Ocremont", "Tuilassou", "Branchecourt"),
    *("Refletin", "Caillebise", "Roulenbal", "Filovert", "Rabotin", "Levainas", "Carburel"),
    *("Gondard-Lys", "Papivel", "Nuitcalme", "Semaison", "Joinclair", "Siphonard", "Gamelune"),
    *("Marquetin", "Solivaud", "Maltevin", "Badigeonne", "Zinguetor", "Cimarbre"),
    *("Vitralune", "Affinoux", "Hayonnel", "Disjonval"),
)
HOSTILE = "<b>A & B</b>"  # what people type into name fields must never reach the screen as HTML
LEGAL = ("SARL", "SAS", "EURL", "SA")
TOWNS = (
    *("59999 Saint-Fictif", "44999 Port-Exemple", "31999 Villedemo", "80999 Essaimont"),
    *("35999 Trégastel-la-Fable", "34999 Mas-Imaginaire"),
)
CONTACTS = (
    ("Mme Aubin", "Comptable"),
    ("M. Lestrade", "Gérant"),
    ("Mme Corvaisier", "Responsable administrative"),
    ("M. Péchard", "Directeur financier"),
    ("Mme Nivelle", "Assistante de direction"),
)
HOW_MANY = len(NAMES)
SWISS = 57  # the places of customers who stand apart
ORPHAN = 58


@dataclass(frozen=True, slots=True)
class Debtor:
    """One customer of the wholesaler; the limit is in cents of its currency."""

    place: int
    code: str
    name: str
    siren: str
    rep: str
    limit_cents: int | None
    currency: str
    terms: str
    contact: str
    contact_role: str
    phone: str
    email: str
    town: str


def debtors(reps: tuple[str, ...]) -> list[Debtor]:
    """Invent the sixty customers, spread evenly over the reps' codes."""
    return [_debtor(place, reps) for place in range(HOW_MANY)]


def code_of(place: int) -> str:
    """Return the ledger's code of the customer at a place; leading zeros count."""
    return f"{411000 + 10 * place + 7:07d}"


def _debtor(place: int, reps: tuple[str, ...]) -> Debtor:
    contact, role = CONTACTS[place % len(CONTACTS)]
    name = _name(place)
    return Debtor(
        place=place,
        code=code_of(place),
        name=name,
        siren="" if place == SWISS else fictional_siren(place),
        rep="" if place == ORPHAN else reps[place % len(reps)],
        limit_cents=(8 + (place * 7) % 23) * 1_000_00,
        currency="CHF" if place == SWISS else "EUR",
        terms="30 jours fin de mois" if place % 4 == 0 else "30 jours net",
        contact=contact,
        contact_role=role,
        phone=f"06 39 98 {place // 10:02d} {place % 100:02d}",  # kept for fiction by ARCEP
        email=f"compta{place:02d}@client.example",
        town="1299 Lac-Inventé (CH)" if place == SWISS else TOWNS[place % len(TOWNS)],
    )


def _name(place: int) -> str:
    if place == HOW_MANY - 1:
        return HOSTILE
    trade = TRADES[place % len(TRADES)]
    return f"{trade} {NAMES[place]} {LEGAL[place % len(LEGAL)]}"


def fictional_siren(place: int) -> str:
    """Make a number that passes the Luhn check and that no company bears: it starts with 00."""
    body = f"0099{place * 13:04d}"
    return body + str(luhn_digit(body))


def luhn_digit(digits: str) -> int:
    """Return the digit that makes a number pass the Luhn check."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - the Luhn algorithm
    return -total % 10
