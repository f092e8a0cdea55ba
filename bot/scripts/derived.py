"""Figures that a conversation needs about its own answers: totals, limits passed, what is left."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

Seen = Mapping[str, object]
Line = dict[str, object]

MOST_LINES = 6
"""Instalments of one promise, unless the fact `promise_most_lines` says otherwise (8.1)."""


def derive(seen: Seen) -> dict[str, object]:
    """Return the derived facts that the facts and answers seen so far allow; others are absent."""
    dispute = _dispute(seen)
    kept_back = None if seen.get("dispute_pause") == "none" else dispute.get("disputed_now")
    claimable = _claimable(seen, kept_back)
    found = {
        **dispute,
        **_ruling(seen),
        "claimable_now": claimable,
        "rest_due": _any(claimable),
        **_promise(seen, claimable),
    }
    return {name: value for name, value in found.items() if value is not None}


def _promise(seen: Seen, claimable: object) -> dict[str, object]:
    lines = [*_lines(seen), *_current_line(seen)]
    dates = sorted(str(line["due_on"]) for line in lines if line.get("due_on"))
    total = _total([line.get("amount") for line in lines])
    partial = _below(total, claimable)
    most = seen.get("promise_most_lines", MOST_LINES)
    return {
        "promise_total": total,
        "promise_count": len(lines) or None,
        "promise_lines": lines or None,
        "promise_first_date": dates[0] if dates else None,
        "promise_last_date": dates[-1] if dates else None,
        "promise_rest": _minus(claimable, total) if partial else None,
        "promise_partial": partial,
        "promise_may_grow": bool(partial) and isinstance(most, int) and len(lines) < most,
        "promise_too_late": _after(dates[:1], seen.get("promise_latest_date")),
        "promise_too_far": _after(dates[-1:], seen.get("promise_authority_date")),
        "promise_too_small": _below(total, seen.get("promise_least_amount")),
        "promise_beyond_due": _below(claimable, total),
        "cash_too_high": _cash_too_high(lines, seen.get("cash_ceiling")),
    }


def _dispute(seen: Seen) -> dict[str, object]:
    label = _disputed_label(seen)
    balance = label.get("amount")
    whole = seen.get("dispute_scope") == "whole"
    disputed = (balance or seen.get("dispute_recorded")) if whole else seen.get("dispute_amount")
    photos = seen.get("photos")
    return {
        "disputed_number": label.get("number"),
        "disputed_balance": balance,
        "disputed_now": disputed,
        "dispute_too_high": _below(balance or seen.get("amount_overdue"), disputed),
        "photo_count": len(photos) if isinstance(photos, list) else None,
    }


def _ruling(seen: Seen) -> dict[str, object]:
    contested, accepted = seen.get("dispute_contested"), seen.get("ruling_amount")
    return {
        "ruling_rest": _minus(seen.get("dispute_at_stake"), accepted),
        "ruling_too_high": _below(contested, accepted),
    }


def _disputed_label(seen: Seen) -> Line:
    """Return the label of the option that was chosen as the disputed invoice."""
    options, chosen = seen.get("invoice_options"), seen.get("invoice")
    for option in options if isinstance(options, list) and chosen is not None else ():
        if getattr(option, "value", None) == chosen:
            return dict(option.label)
    return {}


def _claimable(seen: Seen, disputed: object) -> object:
    """Return the lesser of what the account says and what this call's own dispute leaves.

    The account's figure already takes the dispute off once it has been recorded: taking the
    lesser never takes it off twice.
    """
    known, left = seen.get("amount_claimable"), _minus(seen.get("amount_overdue"), disputed)
    return left if left and (known is None or _below(left, known)) else known


def _any(amount: object) -> bool | None:
    figure = _figure(amount)
    return figure[0] > 0 if figure else None


def _lines(seen: Seen) -> list[Line]:
    lines = seen.get("lines")
    return [dict(line) for line in lines] if isinstance(lines, list) else []


def _current_line(seen: Seen) -> list[Line]:
    if _figure(seen.get("amount")) is None:
        return []
    line = {name: seen.get(name) for name in ("amount", "due_on", "means")}
    return [{name: value for name, value in line.items() if value is not None}]


def _total(amounts: list[object]) -> dict[str, str] | None:
    read = [figure for figure in map(_figure, amounts) if figure]
    if not read or len({currency for _, currency in read}) > 1:
        return None
    return _money(sum((figure for figure, _ in read), Decimal(0)), read[0][1])


def _minus(whole: object, part: object) -> dict[str, str] | None:
    pair = _pair(whole, part)
    return _money(max(pair[0] - pair[1], Decimal(0)), pair[2]) if pair else None


def _below(amount: object, bound: object) -> bool | None:
    pair = _pair(amount, bound)
    return pair[0] < pair[1] if pair else None


def _after(dates: list[str], latest: object) -> bool | None:
    return dates[0] > str(latest) if dates and latest else None


def _cash_too_high(lines: list[Line], ceiling: object) -> bool | None:
    cash = _total([line.get("amount") for line in lines if line.get("means") == "cash"])
    return _below(ceiling, cash)


def _pair(one: object, other: object) -> tuple[Decimal, Decimal, str] | None:
    left, right = _figure(one), _figure(other)
    if not left or not right or left[1] != right[1]:
        return None
    return left[0], right[0], left[1]


def _figure(amount: object) -> tuple[Decimal, str] | None:
    if not isinstance(amount, Mapping):
        return None
    try:
        figure = Decimal(str(amount.get("amount")))
    except InvalidOperation:
        return None
    return (figure, str(amount.get("currency"))) if figure.is_finite() else None


def _money(figure: Decimal, currency: str) -> dict[str, str]:
    return {"amount": str(figure), "currency": currency}
