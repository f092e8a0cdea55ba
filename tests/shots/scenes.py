"""What is played in the demo and where a picture is taken: labels in French and English."""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.cast import CREDIT_MANAGER, REPS

CAMILLE, JAMES, BERNARD = REPS[0].telegram_id, REPS[2].telegram_id, CREDIT_MANAGER.telegram_id
FR, EN = 0, 1
READERS = {"fr": CAMILLE, "en": JAMES}


@dataclass(frozen=True, slots=True)
class Step:
    """One gesture: a press on a button, or words; then perhaps a picture of what is shown."""

    press: tuple[str, str] | None = None
    write: tuple[str, str] | None = None
    shot: str = ""
    photo: bool = False
    sees: tuple[str, str] | None = None  # words of what comes next, where buttons do not tell
    picture: bool = False  # what comes next is a picture


def press(fr: str, en: str, shot: str = "") -> Step:
    """Press the newest button that holds these words."""
    return Step(press=(fr, en), shot=shot)


def write(fr: str, en: str, shot: str = "") -> Step:
    """Write these words."""
    return Step(write=(fr, en), shot=shot)


ACCOUNT = ("Menuiserie Vauquermont", "Garage Orbaval")
CALL = (
    press("Appeler", "Call", "gate"),
    press("Commencer", "Begin", "call-01-prepare"),
    press("j’appelle", "I am calling", "call-02-reach"),
    press("est en ligne", "is on the line", "call-03-verify"),
    press("Oui", "Yes", "call-04-state"),
    press("C’est dit", "Said", "call-05-silence"),
    press("Il a répondu", "He has answered", "call-06-listen"),
    press("Il n’a pas l’argent", "He has no money"),
    press("trésorerie", "Cash problem", "call-07-objection"),
    press("Plutôt de bonne foi", "Rather in good faith"),
    write("2 500 € vendredi, le solde mardi", "€2,500 on Friday, the rest on Tuesday"),
    press("Il verse maintenant", "He pays now", "call-08-commit"),
    write("2500", "2500"),
    press("Les plus anciennes", "The oldest first"),
    write("vendredi", "Friday"),
    press("Virement", "Bank transfer"),
    press("Ajouter une échéance", "Add an instalment"),
    press("Le solde", "The balance"),
    write("dans 8 jours", "in 8 days", "promise"),
    press("Valider la promesse", "Confirm the promise", "call-09-lock"),
    press("Oui, c’est d’accord", "Yes, agreed", "call-10-reformulate"),
    press("Confirmé", "Confirmed", "call-11-close"),
    press("Appel terminé", "Call over", "call-12-confirm"),
    Step(
        press=("Par e-mail", "By e-mail"),
        sees=("confirme l’engagement", "confirme l’engagement"),  # the customer reads French
        shot="confirmation",
    ),
)
DISPUTE = (
    write("Brasserie Brumevent", "Hôtel Belfontade"),
    press("Litige", "Dispute"),
    press("La marchandise", "Goods"),
    press("Quantité", "Quantity"),
    press("· éch. ", "· due "),
    press("Une partie", "Part of it"),
    write("480", "480"),
    write("12 cartons livrés au lieu de 18", "12 boxes delivered instead of 18"),
    Step(photo=True),
    press("Terminé", "Done", "dispute"),
    press("Ouvrir le litige", "Open the dispute"),
)
# The credit manager decides what the rep has just contested.
RULING = (
    Step(write=("/litiges", "/disputes"), sees=("Litiges", "disputes"), shot="disputes"),
    press("1 · ", "1 · ", "dispute-to-decide"),
)
# What the credit handbook decides with: the dashboard, orders, a card, a light, a visit.
CREDIT = (
    Step(write=("/tableau", "/dashboard"), sees=("📊", "📊"), shot="dashboard"),
    press("📦 Volume", "📦 Volume", "dashboard-volume"),
    Step(press=("Graphique", "Chart"), picture=True, shot="chart-volume"),
    write("/tableau", "/dashboard"),
    press("⏱ Vitesse", "⏱ Speed"),
    Step(press=("Graphique", "Chart"), picture=True, shot="chart-speed"),
    write("/commande Follefeuille 1200", "/order Racinelle 1800", "order-amber"),
    write("/commande Vauquermont 3200", "/order Orbaval 600", "order-red"),
    write("/fiche chèque", "/card cheque"),
    press("3 points", "3 points", "card"),
)
# What did not ring by itself comes in one message, some minutes after the cards.
GATHERED = ("autres alertes", "more alerts")
SETTINGS = (
    Step(write=("/reglages", "/settings"), sees=("Vos réglages", "Your settings"), shot="settings"),
)
LIT = ("Imprimerie Encrefine", "Pépinière Racinelle")
WHY = (
    press("Pourquoi", "Why", "lights"),
    press("constats", "things seen", "seen"),
)
VISIT = (
    write("/visite Encrefine", "/visit Racinelle", "visit-topics"),
    press("Locaux", "Premises"),
    press("À vendre", "For sale"),
    Step(photo=True, sees=("pièce jointe", "attachment")),
    press("Un mot", "A word"),
    write("Panneau d’agence sur la vitrine, vu à 9 h", "Agency sign in the window, 9 am", "visit"),
    press("Terminé", "Done"),
)
BROADCAST = (
    write("/diffuser", "/broadcast"),
    write(
        "Réunion crédit jeudi à 9 h : apportez vos comptes de plus de 60 jours.",
        "Credit meeting on Thursday at 9: bring your accounts older than 60 days.",
    ),
    press("Tous les commerciaux", "All reps", "broadcast"),
    Step(press=("Envoyer", "Send"), sees=("C’est parti", "On its way")),
)
# The credit manager reads French; his pictures in English are taken after he has changed to it.
IN_ENGLISH = (
    write("/langue", "/language"),
    Step(press=("English", "English"), sees=("Which language", "Which language")),
    Step(write=("/aujourdhui", "/today"), sees=("day", "day")),  # what was French is above
)
