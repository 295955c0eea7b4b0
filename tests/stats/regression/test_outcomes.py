"""One model for several outcomes: each is the fit alone, and p-values are adjusted as statsmodels does."""

from dataclasses import replace

import pytest
from statsmodels.stats.multitest import multipletests

from core.stats.panels.outcomes import side_by_side
from core.stats.regression import ModelSpec, fit
from core.tables.panel import Panel

SPEC = ModelSpec("trust", ("records",), form="log", effects=("borough", "quarter"))
OUTCOMES = ("trust", "crime", "arrested", "imd_score", "records", "trust")


def test_outcomes_side_by_side_are_fits_with_adjusted_p_values(gappy: Panel) -> None:
    found = side_by_side(gappy, SPEC, "records", OUTCOMES)
    assert list(found.found) == ["trust", "crime", "arrested"]
    alone = {name: fit(gappy, replace(SPEC, outcome=name), wild=False) for name in found.found}
    adjusted = multipletests([each.estimate("records").p for each in alone.values()], method="holm")[1]
    for (name, each), p in zip(found.found.items(), adjusted, strict=True):
        assert each.estimate == alone[name].estimate("records")
        assert each.n == alone[name].n
        assert each.adjusted == pytest.approx(p)
    assert "borough" in found.left_out["imd_score"]
    assert "twice" in found.left_out["records"]


def test_no_outcome_that_can_be_fitted_leaves_reasons_alone(panel: Panel) -> None:
    found = side_by_side(panel, SPEC, "records", ("imd_score",))
    assert (dict(found.found), list(found.left_out)) == ({}, ["imd_score"])
