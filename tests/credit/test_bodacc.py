"""Published notices: what was cancelled, corrected, converted, closed, and what is history."""

from datetime import date, timedelta

import pytest

from credit.bodacc import (
    Notice,
    NoticeKind,
    Procedure,
    Revision,
    Standing,
    Trouble,
    in_force,
    standing,
)

SIREN, OTHER = "552100554", "732829320"
DAY = date(2026, 3, 2)
TODAY = date(2026, 11, 25)
TEN_YEARS = 3653


def a_notice(
    kind: NoticeKind,
    after_days: int = 0,
    *,
    procedure: Procedure | None = None,
    id: str = "",  # noqa: A002 - the field's own name
    siren: str = SIREN,
    revision: Revision = Revision.FIRST,
    corrects: str = "",
) -> Notice:
    return Notice(
        id or f"A{after_days:04}",
        siren,
        kind,
        DAY + timedelta(days=after_days),
        procedure,
        revision,
        corrects,
    )


def now(*notices: Notice, today: date = TODAY) -> Standing:
    return standing(in_force(notices), today, TEN_YEARS)


OPENED = a_notice(NoticeKind.OPENING, procedure=Procedure.RECEIVERSHIP)


def test_an_opening_runs_from_the_day_of_its_publication() -> None:
    found = now(OPENED)
    assert (found.trouble, found.procedure) == (Trouble.RUNNING, Procedure.RECEIVERSHIP)
    assert (found.opened_on, found.since, found.cause) == (DAY, DAY, "A0000")


def test_a_company_without_notices_stands_well() -> None:
    assert now() == Standing()


def test_a_notice_of_tomorrow_says_nothing_today() -> None:
    assert now(OPENED, today=DAY - timedelta(days=1)) == Standing()


def test_a_conversion_changes_the_words_and_keeps_the_day_of_the_opening() -> None:
    found = now(
        a_notice(NoticeKind.OPENING, procedure=Procedure.SAFEGUARD),
        a_notice(NoticeKind.CONVERSION, 60, procedure=Procedure.RECEIVERSHIP),
        a_notice(NoticeKind.CONVERSION, 120, procedure=Procedure.LIQUIDATION),
    )
    assert (found.trouble, found.procedure) == (Trouble.RUNNING, Procedure.LIQUIDATION)
    assert (found.opened_on, found.cause) == (DAY, "A0120")


def test_a_conversion_whose_opening_is_unknown_opens() -> None:
    found = now(a_notice(NoticeKind.CONVERSION, 5, procedure=Procedure.LIQUIDATION))
    assert found.opened_on == DAY + timedelta(days=5)


@pytest.mark.parametrize(
    ("kind", "trouble"),
    [
        (NoticeKind.PLAN, Trouble.PLAN),
        (NoticeKind.CLEARED, Trouble.NONE),
        (NoticeKind.NO_ASSETS, Trouble.CEASED),
        (NoticeKind.STRUCK_OFF, Trouble.CEASED),
        (NoticeKind.DISSOLVED, Trouble.RUNNING),
        (NoticeKind.ACCOUNTS, Trouble.RUNNING),
    ],
)
def test_what_follows_an_opening(kind: NoticeKind, trouble: Trouble) -> None:
    assert now(OPENED, a_notice(kind, 100)).trouble is trouble


def test_a_plan_that_fails_runs_again_and_one_carried_out_is_over() -> None:
    plan = a_notice(NoticeKind.PLAN, 100)
    failed = a_notice(NoticeKind.PLAN_ENDED, 200, procedure=Procedure.LIQUIDATION)
    again = now(OPENED, plan, failed)
    assert (again.trouble, again.opened_on) == (Trouble.RUNNING, DAY + timedelta(days=200))
    assert now(OPENED, plan, a_notice(NoticeKind.CLEARED, 200)).trouble is Trouble.NONE


def test_a_cancelled_notice_was_never_published() -> None:
    gone = a_notice(NoticeKind.OTHER, 10, revision=Revision.CANCELLATION, corrects="A0000")
    assert now(OPENED, gone) == Standing()


def test_a_correction_keeps_the_earlier_day_and_what_it_does_not_say() -> None:
    corrected = a_notice(NoticeKind.OTHER, 10, revision=Revision.CORRECTION, corrects="A0000")
    found = now(OPENED, corrected)
    assert (found.opened_on, found.procedure) == (DAY, Procedure.RECEIVERSHIP)
    worse = a_notice(
        NoticeKind.OPENING,
        10,
        procedure=Procedure.LIQUIDATION,
        revision=Revision.CORRECTION,
        corrects="A0000",
    )
    assert now(OPENED, worse).procedure is Procedure.LIQUIDATION


def test_a_correction_that_names_another_company_clears_the_first() -> None:
    corrected = a_notice(
        NoticeKind.OPENING, 10, siren=OTHER, revision=Revision.CORRECTION, corrects="A0000"
    )
    kept = in_force([OPENED, corrected])
    assert [one.siren for one in kept] == [OTHER]


def test_a_correction_of_an_unknown_notice_stands_for_itself() -> None:
    alone = a_notice(NoticeKind.OPENING, 10, revision=Revision.CORRECTION, corrects="A9999")
    assert now(alone).trouble is Trouble.RUNNING


def test_without_any_news_for_ten_years_a_procedure_is_history() -> None:
    sold = a_notice(NoticeKind.SALE, 20)
    later = DAY + timedelta(days=TEN_YEARS + 1)
    assert now(OPENED, today=DAY + timedelta(days=TEN_YEARS)).trouble is Trouble.RUNNING
    assert now(OPENED, sold, today=later) == Standing(sold_on=sold.published_on, sale="A0020")


def test_a_sale_stands_beside_everything_else() -> None:
    found = now(a_notice(NoticeKind.SALE, 5), a_notice(NoticeKind.OPENING, 20))
    assert (found.sold_on, found.trouble) == (DAY + timedelta(days=5), Trouble.RUNNING)


def test_winding_up_is_red_until_the_company_is_struck_off() -> None:
    dissolved = a_notice(NoticeKind.DISSOLVED)
    assert now(dissolved).trouble is Trouble.DISSOLVED
    assert now(dissolved, a_notice(NoticeKind.STRUCK_OFF, 90)).trouble is Trouble.CEASED


def test_a_second_correction_that_names_the_first_notice_keeps_its_day() -> None:
    first = a_notice(NoticeKind.OPENING, 10, revision=Revision.CORRECTION, corrects=OPENED.id)
    second = a_notice(NoticeKind.OPENING, 20, revision=Revision.CORRECTION, corrects=OPENED.id)
    third = a_notice(NoticeKind.OPENING, 30, revision=Revision.CORRECTION, corrects=first.id)
    found = now(OPENED, first, second, third)
    assert (found.opened_on, found.cause) == (DAY, third.id)


def test_a_notice_that_was_corrected_is_cancelled_by_its_first_number() -> None:
    corrected = a_notice(NoticeKind.OPENING, 10, revision=Revision.CORRECTION, corrects=OPENED.id)
    cancelled = a_notice(NoticeKind.OTHER, 20, revision=Revision.CANCELLATION, corrects=OPENED.id)
    assert now(OPENED, corrected, cancelled) == Standing()


def test_a_correction_of_the_same_day_counts_whatever_its_number() -> None:
    wrong = a_notice(NoticeKind.OPENING, id="A9")
    right = a_notice(
        NoticeKind.OPENING, id="A10", siren=OTHER, revision=Revision.CORRECTION, corrects="A9"
    )
    assert [one.id for one in in_force([wrong, right])] == ["A10"]
