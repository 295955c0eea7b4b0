"""The study's random forest as figures: scored both ways, and the importance of its features."""

import pandas as pd

from core.london.forecast.text import AGES_LEFT_OUT
from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.numbers import lower_first, number, quoted
from core.tables.catalogue import Catalogue
from core.tables.panel import POINTS


def forest_figure(scores: pd.DataFrame) -> Figure:
    """The study's forest scored both ways: R-squared, and the error compared with that of no change."""
    drawn, ahead = (scores.set_index("split").to_dict("index")[name] for name in ("random", "forward"))
    r2 = pd.DataFrame(
        {
            "label": ["Rows drawn at random, as in the study", f"The last {ahead['quarters']} quarters, as a forecast"],
            "points": [drawn["r2"], ahead["r2"]],
            "low": [drawn["r2_lowest"], ahead["r2"]],
            "high": [drawn["r2_highest"], ahead["r2"]],
            "highlighted": [False, True],
        }
    )
    errors = pd.DataFrame(
        {
            "label": [*r2["label"], f"{quoted('No change')} on those quarters"],
            "error": [drawn["mae"] * POINTS, ahead["mae"] * POINTS, ahead["no_change_mae"] * POINTS],
        }
    )
    table = pd.DataFrame(
        {
            "Test rows": errors["label"],
            "R-squared": r2["points"],
            "Lowest of ten draws": [drawn["r2_lowest"], None, None],
            "Highest of ten draws": [drawn["r2_highest"], None, None],
            "Mean absolute error (points)": errors["error"],
        }
    )
    return Figure(
        name="forest",
        title=(
            f"The study's random forest: R-squared {number(drawn['r2'])} on rows drawn at random, "
            f"{number(ahead['r2'])} forward in time, where it errs by {number(ahead['mae'] * POINTS, 1)} points and "
            f"{quoted('no change')} by {number(ahead['no_change_mae'] * POINTS, 1)}"
        ),
        charts=(
            charts.estimates(
                r2, "R-squared (1 is perfect, 0 no better than the average)", unit="R-squared", bars="Draws"
            ),
            charts.sorted_bars(errors, "error", "label", "Mean absolute error (points)", ".1f"),
        ),
        alt=(
            f"R-squared {number(drawn['r2'])} at random and {number(ahead['r2'])} forward; mean absolute error "
            + ", ".join(f"{row.error:.1f} points: {row.label}" for row in errors.itertuples())
            + "."
        ),
        table=table,
        note=f"The bar at random spans ten draws of the test rows. {AGES_LEFT_OUT}",
        side_by_side=True,
    )


SPREADS = {"": "", "_sd": ", standard deviation"}


def importance_figure(importance: pd.DataFrame, catalogue: Catalogue) -> Figure:
    """By how much R-squared falls when a feature is shuffled, for both ways of scoring."""
    rows = importance.sort_values("random", ascending=False, ignore_index=True)
    rows["label"] = [_feature(name, catalogue) for name in rows["feature"]]
    ways = {"random": "Rows drawn at random", "forward": "The last quarters"}
    top = {way: str(rows["label"].iloc[int(rows[way].argmax())]) for way in ways}
    parts = {
        way: pd.DataFrame(
            {
                "label": rows["label"],
                "points": rows[way],
                "low": rows[way] - 2 * rows[f"{way}_sd"],
                "high": rows[way] + 2 * rows[f"{way}_sd"],
                "highlighted": rows["label"] == top[way],
            }
        ).sort_values("points", ascending=False)
        for way in ways
    }
    named = {
        f"{way}{ending}": f"Fall of R-squared, {lower_first(ways[way])}{suffix}"
        for way in ways
        for ending, suffix in SPREADS.items()
    }
    return Figure(
        name="forest_importance",
        title=(
            f"It relies most on {quoted(top['random'])}"
            + ("" if top["random"] == top["forward"] else f", and forward in time on {quoted(top['forward'])}")
        ),
        charts=tuple(
            charts.estimates(
                part, "Fall of R-squared when shuffled", ways[way], unit="Fall", bars="Two standard deviations"
            )
            for way, part in parts.items()
        ),
        alt="; ".join(f"{ways[way]}: most important is {top[way]}" for way in ways) + ".",
        table=rows[["label", *named]].rename(columns={"label": "Feature", **named}),
        note=(
            "Permutation importance: a feature's values are shuffled among the test rows; bars reach two standard "
            "deviations over ten shuffles either way. A feature can matter to a forest that forecasts nothing."
        ),
        side_by_side=True,
    )


def _feature(name: str, catalogue: Catalogue) -> str:
    if name.startswith("ln_"):
        return f"Logarithm of {lower_first(catalogue.label(name.removeprefix('ln_')))}"
    return catalogue.label(name)
