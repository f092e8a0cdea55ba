"""What else a day holds: an alert put off, one set aside, a file sent in the chat, a language."""

from __future__ import annotations

from tests.journeys import story
from tests.journeys.harness import PATIENCE, Company
from tests.journeys.story import plain, play


def opened(company: Company) -> None:
    payloads = {
        "Rémi": company.invitation("rep", "R1", "R2", name="Rémi"),
        "Claire": company.invitation("credit-manager", name="Claire"),
    }
    for name in payloads:
        company.meet(name)
    company.start()
    play(company, story.arrivals(payloads))
    play(company, story.FILES)
    company.people["Rémi"].wait_for("Boulangerie Martin", PATIENCE, anywhere=True)


def alert_of(company: Company, code: str) -> dict[str, object]:
    [alert] = company.rows(
        "select alert.state, alert.snoozed_until from alert"
        " join customer on customer.id = alert.customer_id where customer.code = :code",
        code=code,
    )
    return alert


def the_card_says(company: Company, name: str, text: str) -> bool:
    """Tell whether an answered card says so, and asks nothing any more."""
    card = story.find(company.people["Rémi"], "Factures", name)
    return text in plain(card.text) and not story.says(card, "Plus tard")


def answered(company: Company, kind: str) -> list[dict[str, object]]:
    return [one for one in company.journal() if one["kind"] == kind]


def test_an_alert_is_put_off_another_set_aside_and_the_language_changed(company: Company) -> None:
    opened(company)
    play(company, story.SNOOZE)
    assert alert_of(company, "C002")["state"] == "snoozed"
    company.until(
        lambda: the_card_says(company, "Boulangerie Martin", "Reportée au mer. 11/03"), "the card"
    )

    play(company, story.UPLOAD)
    assert len(company.rows("select id from item where open_minor > 0")) == 5

    play(company, story.NOT_RELEVANT)
    assert alert_of(company, "C003")["state"] == "dismissed"
    [dismissed] = company.until(lambda: answered(company, "alert.dismissed"), "the journal")
    assert (dismissed["author"], dismissed["customer"]) == ("Rémi", "C003")
    assert "virement du 9 mars" in str(dismissed)
    assert [one["customer"] for one in answered(company, "alert.snoozed")] == ["C002"]

    play(company, story.LANGUAGE)
    assert company.rows("select locale from person where name = 'Rémi'") == [{"locale": "fr"}]
    company.stop()
