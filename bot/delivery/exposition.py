"""The text format in which Prometheus reads metrics (version 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
ESCAPES: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def family(
    name: str, kind: str, help_text: str, samples: Iterable[tuple[Mapping[str, str], float]]
) -> str:
    """Write a metric of a kind (counter, gauge) with its samples: labels and value."""
    lines = _head(name, kind, help_text)
    lines += [f"{name}{_labels(labels)} {_number(value)}" for labels, value in samples]
    return _ended(lines)


def histogram(
    name: str, help_text: str, edges: Iterable[float], buckets: Iterable[int], total: float
) -> str:
    """Write a histogram; `buckets` are counts of each alone, one more than there are edges."""
    lines = _head(name, "histogram", help_text)
    count = 0
    for edge, held in zip([*edges, float("inf")], buckets, strict=True):
        count += held
        lines.append(f"{name}_bucket{_labels({'le': _number(edge)})} {count}")
    lines += [f"{name}_sum {_number(total)}", f"{name}_count {count}"]
    return _ended(lines)


def _head(name: str, kind: str, help_text: str) -> list[str]:
    said = help_text.replace("\\", r"\\").replace("\n", r"\n")
    return [f"# HELP {name} {said}", f"# TYPE {name} {kind}"]


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    pairs = ",".join(f'{name}="{value.translate(ESCAPES)}"' for name, value in labels.items())
    return f"{{{pairs}}}"


def _number(value: float) -> str:
    if value == float("inf"):
        return "+Inf"
    return str(int(value)) if value == int(value) else repr(float(value))


def _ended(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
