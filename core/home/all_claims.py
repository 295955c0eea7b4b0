"""The studies whose claims are put to the test; a new one adds its table here."""

from collections.abc import Mapping
from typing import Any

from core.claims.study import ClaimStudy, Judged, judge
from core.crime.claims import WEST_MIDLANDS_CLAIMS
from core.london.claims import LONDON_CLAIMS
from core.tables.catalogue import load_catalogue

STUDIES: Mapping[str, ClaimStudy[Any]] = {study.name: study for study in (LONDON_CLAIMS, WEST_MIDLANDS_CLAIMS)}


def judged(figures: Any, name: str) -> tuple[Judged, ...]:
    """The claims of the study `name` with their verdicts on `figures`; see :func:`core.claims.judge`."""
    return judge(STUDIES[name], figures, load_catalogue())


def judged_all() -> tuple[Judged, ...]:
    """The claims of every study with their verdicts, on the figures in the data folder."""
    return tuple(claim for name, study in STUDIES.items() for claim in judged(study.figures(), name))
