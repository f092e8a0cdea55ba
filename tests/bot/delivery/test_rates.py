"""How fast messages may leave."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.rates import SMALL_ENOUGH, Bucket, Pace, Rates


def a_bucket(rate: float = 10.0, burst: float = 5.0, most_owed: float = 10.0) -> Bucket:
    return Bucket(rate, burst, most_owed)


def test_a_burst_leaves_at_once_then_the_rate_is_kept() -> None:
    bucket = a_bucket()
    for _ in range(5):
        assert bucket.wait(100.0) == 0.0
        bucket.take(100.0)
    assert bucket.wait(100.0) == 0.1
    assert bucket.wait(100.1) < 1e-9


@given(st.lists(st.floats(min_value=0, max_value=0.5), min_size=1, max_size=200))
def test_no_second_ever_sees_more_than_the_rate_and_the_burst(pauses: list[float]) -> None:
    bucket, now, sent = a_bucket(), 50.0, []
    for pause in pauses:
        now += max(pause, bucket.wait(now + pause))
        if bucket.wait(now) <= 1e-9:
            bucket.take(now)
            sent.append(now)
    for start in sent:
        assert len([at for at in sent if start <= at < start + 1.0]) <= 10 + 5 + 1


def test_a_flood_of_taps_is_paced_in_its_own_chat() -> None:
    rates = Rates(Pace())
    passed = 0
    while rates.chat_wait(7, 1.0) == 0.0:
        rates.take(7, 1.0)
        passed += 1
    assert passed == 23
    assert rates.chat_wait(8, 1.0) == 0.0
    assert rates.chat_wait(7, 2.01) == 0.0


def test_news_waits_while_a_chat_is_busy_with_answers() -> None:
    rates = Rates(Pace())
    for _ in range(3):
        rates.take(7, 1.0)
    rates.take(8, 1.0)
    assert rates.crowded(1.0) == {7}
    assert rates.crowded(2.01) == set()


def test_a_pause_of_the_whole_bot_is_as_long_as_the_longest() -> None:
    rates = Rates(Pace())
    rates.close(1.0, 5.0)
    rates.close(2.0, 1.0)
    assert rates.pause(2.0) == 4.0
    assert rates.pause(6.5) == 0.0


def test_a_closed_bucket_opens_without_a_burst() -> None:
    bucket = a_bucket()
    bucket.close(10.0, 3.0)
    assert bucket.wait(11.0) == 2.0
    assert bucket.wait(13.0) == 0.0
    bucket.take(13.0)
    assert bucket.wait(13.0) > 0.05


def test_chats_at_rest_are_forgotten() -> None:
    rates = Rates(Pace())
    for number in range(SMALL_ENOUGH + 1):
        rates.take(number, 1.0)
    assert len(rates._chats) == SMALL_ENOUGH + 1
    rates.take(0, 100.0)
    assert len(rates._chats) == 1
