"""The claims of all studies, put to the test."""

from typing import Any

from core.claims.study import Judged, judge
from core.registry.studies import CLAIMS
from core.tables.catalogue import load_catalogue


def judged(figures: Any, name: str) -> tuple[Judged, ...]:
    """The claims of the study `name` with their verdicts on `figures`; see :func:`core.claims.judge`."""
    return judge(CLAIMS[name], figures, load_catalogue())


def judged_all() -> tuple[Judged, ...]:
    """The claims of every study with their verdicts, on the figures in the data folder."""
    return tuple(claim for name, study in CLAIMS.items() for claim in judged(study.figures(), name))
