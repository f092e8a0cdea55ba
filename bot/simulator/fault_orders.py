"""Orders of faults as requests and files describe them, checked."""

from __future__ import annotations

from bot.simulator.errors import ChatError
from bot.simulator.faults import CAN_BE_EITHER, Fault, FaultKind, Faults, Step
from bot.simulator.values import JsonObject

_KNOWN = frozenset(
    {
        *("method", "kind", "script", "chat", "each_chat", "skip", "count", "rate", "done"),
        *("retry_after", "seconds"),
    }
)


def order(faults: Faults, raw: JsonObject) -> None:
    """Carry out an order: `faults` replace those that wait, or follow them with `add`.

    `seed` changes the seed; `reset` puts the count of injected faults back to zero.
    """
    wanted, seed = raw.get("faults", []), raw.get("seed", faults.seed)
    if not isinstance(wanted, list):
        raise ChatError(400, "faults must be a list")
    if not isinstance(seed, int) or isinstance(seed, bool):
        raise ChatError(400, "seed must be a whole number")
    made = [_fault(item) for item in wanted]
    if raw.get("reset") is True:
        faults.injected.clear()
    faults.seed = seed
    faults.waiting = [*faults.waiting, *made] if raw.get("add") is True else made
    for number, fault in enumerate(faults.waiting):
        fault.number = number


def _fault(raw: object) -> Fault:
    try:
        if not isinstance(raw, dict) or not raw.keys() <= _KNOWN:
            raise TypeError  # noqa: TRY301 - one refusal for every malformed fault
        return _checked(_read(raw))
    except (KeyError, TypeError, ValueError):
        raise ChatError(400, f"this is not a fault: {raw!r}") from None


def _read(raw: JsonObject) -> Fault:
    script = raw.get("script")
    rate = float(str(raw.get("rate", 1.0)))
    # A rate strikes until it is withdrawn, unless a count is given with it.
    count = raw.get("count", 0 if rate < 1.0 else 1)
    return Fault(
        method=str(raw["method"]).lower(),
        steps=_steps(raw["kind"] if script is None else script, may_pass=script is not None),
        script=script is not None,
        chat=None if raw.get("chat") is None else int(str(raw["chat"])),
        each_chat=_flag(raw.get("each_chat", False)),
        skip=int(str(raw.get("skip", 0))),
        count=0 if script is not None else int(str(count)),
        rate=rate,
        done=None if raw.get("done") is None else _flag(raw["done"]),
        retry_after=int(str(raw.get("retry_after", 1))),
        seconds=None if raw.get("seconds") is None else float(str(raw["seconds"])),
    )


def _checked(fault: Fault) -> Fault:
    numbers = (fault.skip, fault.count, fault.retry_after, fault.seconds or 0.0)
    if not fault.steps or min(numbers) < 0 or not 0.0 < fault.rate <= 1.0:
        raise ValueError
    if fault.script and fault.rate < 1.0:
        raise ValueError
    if fault.done is not None and not CAN_BE_EITHER.issuperset(filter(None, fault.steps)):
        raise ValueError
    return fault


def _flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise TypeError
    return raw


def _steps(raw: object, *, may_pass: bool) -> tuple[Step, ...]:
    names = raw if isinstance(raw, list) else [raw]
    return tuple(None if may_pass and name == "ok" else FaultKind(str(name)) for name in names)
