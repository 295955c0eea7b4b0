"""The same model in groups of boroughs, and whether the groups' answers differ.

Groups share no borough, so with errors that are independent between boroughs the estimates of two
groups are independent, and their difference has the sum of their variances. Each group has effects
of its own (its own quarters, say), so the model in all boroughs is not an average of the groups.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import fdtrc

from core.sources.london.boroughs import INNER, OUTER
from core.stats.regression import Estimate, FitResult, ModelError, ModelSpec, UnknownVariable, fit
from core.stats.regression.covariance.estimators import FEW_CLUSTERS
from core.stats.regression.errors import several
from core.stats.regression.fit import Wild
from core.tables.options import Form
from core.tables.panel import Panel

FEW_AREAS = 20
WHOLE = "All together"


class UnknownGrouping(ModelError):
    """A way to group the areas that is not there."""


@dataclass(frozen=True)
class Grouping:
    """One way to put areas into groups that share none.

    Parameters
    ----------
    label, help
        Words for a widget, and a sentence on how the groups are made.
    column
        Column of the panel that they are made from.
    groups
        Names of the groups: the values of the column, or from low to high for thirds and halves.
    form
        For numbers: the form in which they are averaged over the quarters with a figure.
    by_value
        Whether the column holds the names of the groups.
    """

    label: str
    help: str
    column: str
    groups: tuple[str, ...]
    form: Form = "count"
    by_value: bool = False


GROUPINGS: Mapping[str, Grouping] = {
    "inner_outer": Grouping(
        "Inner and Outer London",
        "The statistical definition of the Office for National Statistics.",
        "inner_outer",
        (INNER, OUTER),
        by_value=True,
    ),
    "deprivation": Grouping(
        "Deprivation, in thirds",
        "Boroughs sorted by their average score of the Index of Multiple Deprivation 2019 and cut into thirds.",
        "imd_score",
        ("Least deprived third", "Middle third", "Most deprived third"),
    ),
    "force": Grouping(
        "Less and more use of force",
        "Boroughs sorted by their mean use-of-force records per 1,000 residents over all quarters and cut in half.",
        "records",
        ("Less force", "More force"),
        form="per_1000",
    ),
    "crime": Grouping(
        "Recorded crime, in thirds",
        "Boroughs sorted by their mean recorded crime per 1,000 residents over all quarters and cut into thirds.",
        "crime_per_1000",
        ("Least crime", "Middle crime", "Most crime"),
    ),
}


@dataclass(frozen=True)
class Part:
    """The model in one group.

    Parameters
    ----------
    label
        Name of the group.
    areas
        Its areas that the model may use.
    result
        The fit; ``None`` where the group cannot answer.
    reason
        Why it cannot, in a sentence; empty where it can.
    warnings
        Sentences about what makes the fit shaky, few areas first.
    """

    label: str
    areas: tuple[str, ...]
    result: FitResult | None
    reason: str
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """Test that one coefficient is the same in all groups that could be fitted.

    Parameters
    ----------
    term
        The coefficient.
    groups
        Groups compared; the first is the one that `gaps` are counted from.
    gaps
        Coefficient of each other group less that of the first.
    f, df1, df2
        Wald statistic over its number of restrictions, referred to an F distribution with `df1` and `df2`
        degrees of freedom as in Welch (1951); with two groups, the square of Welch's t.
    p
        P-value.
    """

    term: str
    groups: tuple[str, ...]
    gaps: tuple[float, ...]
    f: float
    df1: int
    df2: float
    p: float


@dataclass(frozen=True)
class Split:
    """One model in all areas and in each group of them.

    Parameters
    ----------
    grouping
        Name of the grouping in :data:`GROUPINGS`.
    whole
        The model in all areas.
    parts
        The model in each group, in the order of the grouping.
    differences
        Test for each predictor; empty where fewer than two groups could be fitted.
    """

    grouping: str
    whole: FitResult
    parts: tuple[Part, ...]
    differences: tuple[Difference, ...]

    def difference(self, term: str) -> Difference | None:
        """The test for `term`, where there is one."""
        return next((difference for difference in self.differences if difference.term == term), None)


def groups(panel: Panel, grouping: str) -> dict[str, tuple[str, ...]]:
    """Areas of each group, by the name of the group.

    Groups are made from all quarters of the panel, so that they stay the same whatever the model's sample. Where the
    areas do not divide evenly, groups differ by one; an area without any figure is in none.

    Raises
    ------
    UnknownGrouping
        If there is no such grouping.
    core.stats.regression.UnknownVariable
        If the panel lacks the column that it is made from.
    """
    if grouping not in GROUPINGS:
        raise UnknownGrouping(f"There is no grouping {grouping!r}; choose one of {', '.join(GROUPINGS)}.")
    rule = GROUPINGS[grouping]
    if rule.column not in panel.frame:
        raise UnknownVariable(f"The panel has no variable {rule.column} to group by; choose another grouping.")
    area = panel.frame[panel.area]
    if rule.by_value:
        member = panel.frame.groupby(area)[rule.column].first()
    else:
        member = _cut(panel.values(rule.column, rule.form).groupby(area).mean().dropna(), rule.groups)
    return {group: tuple(member.index[member == group]) for group in rule.groups}


def split(
    panel: Panel, spec: ModelSpec, grouping: str, labels: Mapping[str, str] | None = None, *, wild: Wild = True
) -> Split:
    """Fit `spec` to all its areas and to each group of them.

    Parameters
    ----------
    labels
        Readable names of variables, for the reasons.
    wild
        Whether to add wild cluster bootstrap p-values, which small groups need, or for which predictors.

    Raises
    ------
    core.stats.regression.ModelError
        If the model cannot be fitted to all areas, or the groups cannot be made. A group that cannot be fitted
        gives its reason instead.
    """
    members, spec = groups(panel, grouping), replace(spec, moderator="")
    whole = fit(panel, spec, labels, wild=wild)
    parts = tuple(_part(panel, spec, label, areas, labels, wild) for label, areas in members.items())
    fitted = {part.label: part.result for part in parts if part.result}
    tests = tuple(_difference(term, fitted) for term in spec.predictors) if len(fitted) > 1 else ()
    return Split(grouping, whole, parts, tests)


def split_table(found: Split) -> pd.DataFrame:
    """One row per coefficient and group, all areas first.

    Returns
    -------
    DataFrame
        ``term``, ``group``, ``estimate``, ``std_error``, ``low``, ``high`` (95%), ``p``, ``wild_p``, ``n``,
        ``areas`` (in the sample), ``note`` (why there is no estimate, or the warnings), and ``differs_p`` (p-value of
        the null that the groups have one coefficient).
    """
    whole = Part(WHOLE, (), found.whole, "", found.whole.warnings)
    terms = [estimate.name for estimate in found.whole.estimates if estimate.role != "constant"]
    rows = [_row(found, term, part) for term in terms for part in (whole, *found.parts)]
    return pd.DataFrame(rows)


def _cut(values: pd.Series, names: tuple[str, ...]) -> pd.Series:
    """Group of each area: `values` sorted and cut into groups of the same size, ties by name."""
    place = values.sort_index().rank(method="first") - 1
    return (place * len(names) // len(values)).astype(int).map(dict(enumerate(names)))


def _part(
    panel: Panel, spec: ModelSpec, label: str, areas: tuple[str, ...], labels: Mapping[str, str] | None, wild: Wild
) -> Part:
    used = tuple(area for area in areas if spec.areas is None or area in spec.areas)
    try:
        result = fit(panel, replace(spec, areas=used), labels, wild=wild)
    except ModelError as error:
        return Part(label, used, None, str(error), ())
    return Part(label, used, result, "", (*_few(result, panel.area), *result.warnings))


def _few(result: FitResult, area: str) -> tuple[str, ...]:
    """Warning about errors clustered by few areas; below `FEW_CLUSTERS` the fit gives its own."""
    if not FEW_CLUSTERS <= dict(result.clusters).get(area, 0) < FEW_AREAS:
        return ()
    safer = "; the wild bootstrap p-value is safer" if any(e.wild_p is not None for e in result.estimates) else ""
    return (f"Only {result.n_areas} {several(area)}, so the interval is likely too narrow{safer}.",)


def _difference(term: str, fitted: Mapping[str, FitResult]) -> Difference:
    estimates = [result.estimate(term) for result in fitted.values()]
    f, df2, p = _welch(estimates)
    gaps = tuple(estimate.estimate - estimates[0].estimate for estimate in estimates[1:])
    return Difference(term, tuple(fitted), gaps, f, len(estimates) - 1, df2, p)


def _welch(estimates: list[Estimate]) -> tuple[float, float, float]:
    """F, its second degrees of freedom and p of the null that independent estimates have one true value."""
    values = np.array([estimate.estimate for estimate in estimates])
    weights = np.array([estimate.std_error for estimate in estimates]) ** -2.0
    count = len(values)
    wald = float(weights @ (values - np.average(values, weights=weights)) ** 2)
    loss = sum((1 - weights / weights.sum()) ** 2 / [estimate.df for estimate in estimates])
    f = wald / (count - 1) / (1 + 2 * (count - 2) / (count**2 - 1) * loss)
    df2 = (count**2 - 1) / (3 * loss)
    return float(f), float(df2), float(fdtrc(count - 1, df2, f))


def _row(found: Split, term: str, part: Part) -> dict[str, object]:
    estimate = part.result.estimate(term) if part.result else None
    test = found.difference(term)
    names = ("estimate", "std_error", "low", "high", "p", "wild_p")
    numbers = {name: getattr(estimate, name, None) for name in names}
    return {
        "term": term,
        "group": part.label,
        **{name: np.nan if value is None else value for name, value in numbers.items()},
        "n": part.result.n if part.result else 0,
        "areas": part.result.n_areas if part.result else 0,
        "note": part.reason or " ".join(part.warnings),
        "differs_p": test.p if test else np.nan,
    }
