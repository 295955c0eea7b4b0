"""Tables about the strength of evidence: what could have been found, what-if, groups of boroughs, peers."""

import pandas as pd

from core.london.evidence.groups import Split, split_table
from core.london.evidence.text import coefficient_of, null_sentence, what_if_sentence
from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.numbers import YES_NO, number, signed
from core.presentation.text import POINTS, STEPS
from core.stats.regression import FitResult, equivalence, power_against, smallest_effect, verdict_on_null
from core.stats.what_if import NOW, THEN, WhatIf
from core.tables.catalogue import Catalogue


def null_table(result: FitResult, published: FitResult, margin: float, catalogue: Catalogue) -> pd.DataFrame:
    """For each predictor: estimate, published size, and what could have been found.

    Parameters
    ----------
    published
        The study's model in the form of `result`, so that sizes compare.
    margin
        Largest association, in points for the form's step, that counts as none.
    """
    rows = [_null_row(result, published, name, margin, catalogue) for name in result.spec.predictors]
    return pd.DataFrame(rows)


def _null_row(
    result: FitResult, published: FitResult, name: str, margin: float, catalogue: Catalogue
) -> dict[str, object]:
    estimate, scale = result.estimate(name), STEPS[result.spec.form].size * POINTS
    size, most = published.estimate(name).estimate, coefficient_of(margin, result.spec.form)
    return {
        "Variable": catalogue.label(name),
        "Estimate (points)": estimate.estimate * scale,
        "Published size (points)": size * scale,
        "Smallest that would be found (points)": smallest_effect(estimate) * scale,
        "Chance to find the published size": power_against(estimate, size),
        f"p, smaller than {number(margin)} points": equivalence(estimate, most).p,
    }


def null_findings(result: FitResult, published: FitResult, margin: float, catalogue: Catalogue) -> str:
    """What follows from each predictor's estimate, as a sentence or a list of them."""
    most = coefficient_of(margin, result.spec.form)
    statement = {
        name: null_sentence(
            verdict_on_null(result.estimate(name), published.estimate(name).estimate, most), result.spec
        )
        for name in result.spec.predictors
    }
    if len(statement) == 1:
        return "".join(statement.values())
    return "\n".join(f"- **{catalogue.label(name)}.** {sentence}" for name, sentence in statement.items())


def what_if_figure(found: WhatIf, area: str, catalogue: Catalogue) -> Figure:
    """The associated change by borough, sorted, with intervals."""
    rows = found.table.sort_values("points", ignore_index=True)
    shown = rows.rename(columns={area: "label"}).assign(highlighted=rows["beyond_own_record"])
    ends = [f"{signed(row['points'])} in {row[area]}" for _, row in rows.iloc[[0, -1]].iterrows()]
    return Figure(
        name="what_if",
        title=f"The associated change runs from {ends[0]} to {ends[1]}",
        charts=(charts.estimates(shown, "Percentage points of the score"),),
        alt=what_if_sentence(found, catalogue),
        table=what_if_table(found, area, catalogue),
        note="Blue where the new figure lies beyond what was ever recorded in that borough.",
    )


def what_if_table(found: WhatIf, area: str, catalogue: Catalogue) -> pd.DataFrame:
    """Values now and then, the associated change and its interval, by borough."""
    names = {
        f"{name}{end}": f"{catalogue.label(name)}, {statement}"
        for name in found.predictors
        for end, statement in _ENDS.items()
    }
    table = found.table.rename(columns=names | _CHANGES | {area: "Borough"})
    return table.assign(**{column: table[column].map(YES_NO) for column in list(_CHANGES.values())[-2:]})


_ENDS = {NOW: "now (mean of 4 quarters)", THEN: "then"}
_CHANGES = {
    "points": "Associated change (points)",
    "low": "95 % interval from",
    "high": "95 % interval to",
    "beyond_own_record": "Beyond this borough's record",
    "beyond_all": "Beyond any borough's record",
}


def groups_table(found: Split, term: str) -> pd.DataFrame:
    """One coefficient in all boroughs and in each group, a column each."""
    rows = split_table(found)
    own = rows[rows["term"] == term]
    scale = STEPS[found.whole.spec.form].size * POINTS
    columns = {}
    for row in own.to_dict("records"):
        columns[row["group"]] = [
            signed(row["estimate"] * scale) if pd.notna(row["estimate"]) else "none",
            f"{signed(row['low'] * scale)} to {signed(row['high'] * scale)}" if pd.notna(row["low"]) else "",
            _p_text(row["p"]),
            _p_text(row["wild_p"]),
            number(row["areas"], 0),
            number(row["n"], 0),
            row["note"],
        ]
    lines = ["Estimate (points)", "95 % interval", "p", "Wild bootstrap p", "Boroughs", "Borough-quarters", "Note"]
    return pd.DataFrame(columns, index=lines).rename_axis("").reset_index()


def _p_text(p: float) -> str:
    return number(p, 3) if pd.notna(p) else ""


def peers_table(rows: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """The most similar boroughs with their figures and why.

    Parameters
    ----------
    rows
        As :func:`core.london.evidence.peers.peers` returns them.
    """
    figures = [name for name in ("imd_score", "crime_per_1000", "population") if name in rows]
    table = rows[["borough", "why", "distance", *figures]]
    table = table.astype({"population": "int64"} if "population" in figures else {})
    return table.rename(
        columns={"borough": "Borough", "why": "Why", "distance": "Distance"}
        | {name: catalogue.label(name) for name in figures}
    )
