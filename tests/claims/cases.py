"""Panels made to measure, and cases to check on them."""

import numpy as np
import pandas as pd

from core.claims import Case, Evidence, Finding
from core.london.questions import LONDON_FIRST, LONDON_LAST
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from core.tables.quarters import quarters_between

SEED = 1
AREAS = 24


def made(within: float = 0.0, over_time: float = 0.0) -> Panel:
    """A panel whose score follows ln(records) by `within` in each borough, and by `over_time` through the quarter.

    Records move slowly, as they do, so that those of a quarter and of 12 months say the same.
    """
    rng = np.random.default_rng(SEED)
    quarters = quarters_between(LONDON_FIRST, LONDON_LAST)
    index = pd.MultiIndex.from_product([[f"Area {at:02}" for at in range(AREAS)], quarters])
    frame = index.to_frame(index=False, name=["borough", "quarter"])
    quarter = np.tile(np.linspace(-1, 1, len(quarters)), AREAS)
    own = rng.normal(0, 0.1, (AREAS, len(quarters))).cumsum(axis=1).ravel()
    frame["records"] = np.exp(6 + 0.5 * quarter + own).round()
    frame["population"] = 250_000
    frame["score_mean_of_8"] = 0.6 + over_time * 0.5 * quarter + within * own + rng.normal(0, 0.01, len(frame))
    return Panel(frame)


def finding(value: float | None = None, decimals: int | None = None, text: str = "", note: str = "") -> Finding:
    return Finding("made", "amount", "coefficient", value, decimals, text, note)


def case(reported: Finding, panel: Panel, catalogue: Catalogue) -> Case[Panel]:
    return Case(reported, panel, catalogue, no_others)


def no_others(id_: str) -> tuple[str, Evidence]:
    raise AssertionError(f"{id_} was not to be looked up")
