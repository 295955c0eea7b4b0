"""What a tooltip may hold: labels in words, and numbers that are rounded."""

import re
from collections.abc import Iterator
from typing import Any

RAW = re.compile(r"_|^[a-z]+$")  # a column's name and not a label
GOES_ON = {"to"}  # the second of two ends: "95% interval from 1 to 2"


def faults(spec: dict[str, Any]) -> list[str]:
    """What is wrong with the tooltips of a Vega-Lite specification; empty where nothing is."""
    mark = spec.get("config", {}).get("mark", {})
    # Without this, Streamlit's theme shows every column that a mark is drawn from.
    bare = [] if mark.get("tooltip", "theme") is None else ["marks without tooltips of their own show raw columns"]
    return bare + [f"{shown}: {fault}" for shown in _shown(spec) if (fault := _fault(shown))]


def _shown(spec: Any) -> Iterator[dict[str, Any]]:
    """Each line of each tooltip in `spec`."""
    if isinstance(spec, list):
        for part in spec:
            yield from _shown(part)
    elif isinstance(spec, dict):
        lines = spec.get("encoding", {}).get("tooltip", [])
        yield from lines if isinstance(lines, list) else [lines]
        for name in ("layer", "hconcat", "vconcat", "concat", "spec"):
            yield from _shown(spec.get(name, []))


def _fault(line: dict[str, Any]) -> str:
    title = line.get("title")
    if not title or (RAW.search(title) and title not in GOES_ON):
        return "no label in words"
    if line["type"] in ("quantitative", "temporal") and not line.get("format"):
        return "not rounded"
    return ""
