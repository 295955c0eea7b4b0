"""Figures about the ages of the people on whom force was used."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from core.london.ages.analysis import SPOILED, UNDER_18, age_shares
from core.london.ages.question import AGE_BANDS
from core.london.questions import VOCABULARY
from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.models.effects import effect
from core.presentation.numbers import interval_text, number, number_word, probability, quoted, signed
from core.stats.regression import FitResult
from core.tables.catalogue import Catalogue

ONE_BAND = "Each record is in one age band, or in none where the age is not known."


def composition_figure(totals: pd.DataFrame, recovered: bool, when: str, catalogue: Catalogue) -> Figure:
    """Age bands as shares of the records with a known age, boroughs sorted by their share of under-18s.

    Parameters
    ----------
    totals
        One row per borough with the columns of ``AGE_BANDS``.
    recovered
        Whether the records whose age a spreadsheet spoiled are counted back.
    when
        Words for the period, e.g. "April 2017 to December 2023".
    """
    shares = age_shares(totals, recovered).sort_values(UNDER_18, ascending=False)
    rows = shares.rename_axis("area").reset_index().melt("area", var_name="band", value_name="share")
    rows["part"] = rows["band"].map(catalogue.label)
    young = shares[UNDER_18]
    axis = alt.X(
        "share:Q",
        title="Share of records with a known age",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", tickCount=5),
    )
    return Figure(
        name=f"age_composition_{'recovered' if recovered else 'dropped'}_{when.replace(' ', '_').lower()}",
        title=(
            f"Under-18s are {number(young.iloc[0] * 100, 0)}% of records in {young.index[0]} and "
            f"{number(young.iloc[-1] * 100, 0)}% in {young.index[-1]} ({when})"
        ),
        charts=(
            charts.stacked_bars(
                rows,
                "share",
                "area",
                "part",
                axis,
                ("Borough", "Age", "Share of records"),
                ".0%",
                charts.EMPHASIS,
            ),
        ),
        alt=f"Stacked bars of four age bands by borough, {when}, sorted by the share of under-18s.",
        table=(shares * 100).rename(columns=catalogue.label).rename_axis("Borough").reset_index(),
        note="Shares in the table are in % of the records whose age is known.",
    )


def recovered_finding(totals: pd.DataFrame) -> str:
    """What the records with a spoiled age change, in two sentences."""
    spoiled, total = totals[SPOILED].sum(), totals["records"].sum()
    without, with_them = (age_shares(totals, flag)[UNDER_18].mean() * 100 for flag in (False, True))
    return (
        f"{number(spoiled, 0)} of {number(total, 0)} records ({number(spoiled / total * 100, 1)}%) carry the age "
        f"{quoted('2017-11-01')}: a spreadsheet turned {quoted('11-17')} into a date. The study left them out; "
        f"including them, under-18s are {number(with_them, 1)}% of a borough's records on average, not "
        f"{number(without, 1)}%."
    )


def between_figure(fits: Mapping[str, FitResult], catalogue: Catalogue) -> Figure:
    """Association between boroughs of the mean score with each age band, one model each."""
    rows = between_rows(fits, catalogue)
    shown = rows.assign(label=rows["band"], highlighted=rows["holm"] < 0.05)
    clear = int((rows["holm"] < 0.05).sum())
    first = next(iter(fits.values()))
    n, step = first.n, VOCABULARY.step(first.spec).of("records of the band")
    step = step.replace("among all records", "among records of known age")
    return Figure(
        name="between_boroughs",
        title=(
            f"Across the {n} boroughs, {number_word(clear)} of the {number_word(len(rows))} age groups {_verb(clear)} "
            "with the score"
        ),
        charts=(charts.estimates(shown, f"Percentage points of the score for {step}", unit="Points"),),
        alt="Estimates and intervals of the association between boroughs, by age band.",
        table=rows.rename(
            columns={
                "band": "Age band",
                "points": "Points",
                "low": "95% interval from",
                "high": "95% interval to",
                "p": "p",
                "holm": "p, Holm-adjusted",
                "r": "Correlation",
            }
        ),
        note=(
            f"One regression for each band on {n} boroughs, errors robust to unequal spread. Each interval is for its "
            f"band alone; highlighted is what is clear when all {len(rows)} are read together, as the answer does. "
            f"With only {n} boroughs, which differ in many other ways, the effect of age cannot be isolated."
        ),
    )


def _verb(clear: int) -> str:
    return "shows a clear link" if clear < 2 else "show a clear link"


def between_rows(fits: Mapping[str, FitResult], catalogue: Catalogue) -> pd.DataFrame:
    """One row per age band: its estimate in natural units, interval, p-values and correlation."""
    from core.stats.regression.power import holm

    adjusted = holm([result.estimate(band).p for band, result in fits.items()])
    rows = []
    for (band, result), holm_p in zip(fits.items(), adjusted, strict=True):
        found = effect(result.estimate(band), result.spec, catalogue, VOCABULARY)
        direction = 1 if found.value >= 0 else -1
        rows.append(
            {
                "band": catalogue.label(band),
                "points": found.value,
                "low": found.low,
                "high": found.high,
                "p": found.p,
                "holm": holm_p,
                "r": direction * result.r2**0.5 if not result.spec.controls else float("nan"),
            }
        )
    return pd.DataFrame(rows).dropna(axis="columns", how="all")


def between_answer(fits: Mapping[str, FitResult], catalogue: Catalogue) -> str:
    """The answer of the comparison between boroughs in a sentence."""
    rows = between_rows(fits, catalogue)
    n = next(iter(fits.values())).n
    clear = rows[rows["holm"] < 0.05]
    if clear.empty:
        return (
            f"The data cannot say. Across {n} boroughs, no age group's part in the use of force is clearly linked to "
            "the score, and there are no quarterly figures by age to compare each borough with itself."
        )
    sentence = "; ".join(
        f"{band} {signed(points)} points ({interval_text(low, high)}, adjusted p {probability(p)})"
        for band, points, low, high, p in clear[["band", "points", "low", "high", "holm"]].to_numpy()
    )
    return (
        f"Boroughs differ, but the data cannot say why. Across {n} boroughs the score is linked to the ages of the "
        f"people on whom force is used: {sentence}. No borough can be compared with itself, for want of quarterly ages."
    )


_BAND_PLACE = {band: place for place, band in enumerate((*AGE_BANDS, "age_constant"))}


def published_ages(findings: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """The study's findings on ages, as it reported them."""
    rows = findings[findings["topic"] == "ages"]
    rows = rows.sort_values("id", key=lambda ids: ids.str.replace("-", "_").map(_BAND_PLACE), ignore_index=True)
    names = rows["id"].str.replace("-", "_")
    labels = {variable.name: variable.label for variable in catalogue}
    reported = [f"{value:.{decimals}f}" for value, decimals in zip(rows["value"], rows["decimals"], strict=True)]
    return pd.DataFrame(
        {
            "Finding": names.map(labels).fillna("Constant"),
            "What it is": rows["quantity"],
            "Reported": reported,
            "Read as": rows["note"].fillna(""),
        }
    )


def paths_figure(paths: pd.DataFrame, catalogue: Catalogue) -> Figure:
    """Ridge and lasso paths next to least squares.

    Parameters
    ----------
    paths
        As :func:`core.stats.penalised.penalty_paths` returns them.
    """
    shown = paths.assign(line=paths["name"].map(catalogue.label))
    free = shown[shown["method"] == "least squares"]
    last = shown[shown["method"] == "lasso"].query("coefficient != 0").groupby("line")["penalty"].max()
    stays = last.idxmax() if len(last) else "no variable"
    return Figure(
        name="penalty_paths",
        title=f"As large coefficients are made to cost more, {quoted(str(stays))} stays longest in the lasso",
        charts=tuple(
            charts.paths(shown[shown["method"] == method], free, f"{method.capitalize()}: standardised coefficient")
            for method in ("ridge", "lasso")
        ),
        alt="Two line charts of standardised coefficients against the penalty, ridge and lasso.",
        table=shown[["method", "line", "penalty", "coefficient"]].rename(
            columns={
                "method": "Method",
                "line": "Variable",
                "penalty": "Penalty (0 to 1)",
                "coefficient": "Standardised coefficient",
            }
        ),
        note=(
            "Dots are least squares, without penalty. Coefficients that change sign or order along the way depend on "
            "each other: the data cannot separate their parts."
        ),
        side_by_side=True,
    )
