"""Before and after, and several outcomes side by side, as pieces of Python that follow those of a model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import dedent, indent

from core.exports.script import escaped, fit_parts, formed, grid_lines, predictor_prefix
from core.stats.panels.event_study import AT, EventStudy, distributed
from core.stats.panels.outcomes import SideBySide
from core.stats.regression import ModelSpec
from core.stats.regression.result import JointTest
from core.tables.panel import Panel


@dataclass(frozen=True)
class Further:
    """What a script repeats besides the model.

    Parameters
    ----------
    term
        The predictor that it is about.
    studied
        Its leads and lags; ``None`` without.
    compared
        Other outcomes; ``None`` without.
    """

    term: str
    studied: EventStudy | None = None
    compared: SideBySide | None = None

    @property
    def outcomes(self) -> Sequence[str]:
        """The outcomes compared that could be fitted."""
        return tuple(self.compared.found) if self.compared else ()


def panel_parts(panel: Panel, spec: ModelSpec, further: Further) -> Mapping[str, str]:
    """The pieces ``before_after`` and ``outcomes``, those of them that there are.

    They come after all pieces of :func:`core.exports.script.model_parts` for the same model.
    """
    parts = {}
    if further.studied:
        parts["before_after"] = _event_part(panel, spec, further.term, further.studied)
    if further.outcomes:
        parts["outcomes"] = _outcomes_part(panel, spec, further.term, further.outcomes)
    return parts


_LEADS_AND_LAGS = """
    # before and after: the predictor of later, the same and earlier periods
    n_leads, n_lags = {leads}, {lags}
    amount = {amount}
    for place in range(-n_leads, n_lags + 1):
        panel["{stem}" + f"{{place:+d}}"] = amount.groupby(by_area).shift(place)
"""

_PATH = """
    # a lasting rise of the predictor by one unit, by the time since, compared with the period before the rise
    at = {{place: X.columns.get_loc("{stem}" + f"{{place:+d}}") for place in range(-n_leads, n_lags + 1)}}
    coefficients, path = fit.params.to_numpy(), {{}}
    for place in [*range(-n_leads - 1, -1), *range(n_lags + 1)]:
        chosen = np.zeros(len(coefficients))
        inside = range(place + 1) if place >= 0 else range(place + 1, 0)
        chosen[[at[each] for each in inside]] = 1 if place >= 0 else -1
        path[place] = chosen @ coefficients, np.sqrt(chosen @ covariance @ chosen)
    print(f"before and after: {{len(y)}} rows")
    print(described(list(path), *np.transpose(list(path.values())), df).to_csv(float_format="%.12g"))
"""

_TEST = """
    # all leads together: with clusters, Hotelling's T-squared
    leads = [at[place] for place in range(-n_leads, 0)]
    wald = coefficients[leads] @ np.linalg.solve(covariance[np.ix_(leads, leads)], coefficients[leads])
    independent = {independent}
    free = {free}
    f = wald / n_leads * free / independent
    print(f"leads: F({{n_leads}}, {{free:.0f}}) = {{f:.12g}}, p {{stats.f.sf(f, n_leads, free):.12g}}")
"""

_SIDE_BY_SIDE = """
    # the same model for several outcomes, with p-values adjusted for looking at all of them (Holm)
    from statsmodels.stats.multitest import multipletests

    found = {{}}
    for outcome in {outcomes!r}:
    {body}
        at = X.columns.get_loc("{term}")
        found[outcome] = fit.params.to_numpy()[at], np.sqrt(covariance[at, at]), df, len(y)
    *numbers, rows = np.transpose(list(found.values()))
    side_by_side = described(list(found), *numbers)
    side_by_side["adjusted"] = multipletests(side_by_side["p"], method="holm")[1]
    side_by_side["rows"] = rows.astype(int)
    print("several outcomes side by side")
    print(side_by_side.to_csv(float_format="%.12g"))
"""


def _event_part(panel: Panel, spec: ModelSpec, term: str, studied: EventStudy) -> str:
    places = studied.coefficients
    made, model, _ = distributed(panel, spec, term, range(min(places), max(places) + 1), {})
    stem = escaped(predictor_prefix(made) + AT.format(name=term, place=0).removesuffix("+0"))
    others = [name for name in spec.predictors if name != term]
    shifted = f".groupby(by_area).shift({spec.lag})" if spec.lag else ""
    gridded = spec.lag or spec.window != "quarter"
    lines = [
        "" if gridded else dedent(grid_lines(panel)).strip("\n"),
        _filled(_LEADS_AND_LAGS, leads=-min(places), lags=max(places), amount=formed(term, panel, spec), stem=stem),
        "\n".join(
            f'panel["{escaped(column)}"] = ({formed(name, panel, spec)}){shifted}'
            for name, column in zip(others, model.controls, strict=False)
        ),
        *fit_parts(made, model).values(),
        _filled(_PATH, stem=stem),
        _test(spec, studied.leads, bool(studied.result.clusters)) if studied.leads else "",
    ]
    return "\n".join(line.strip("\n") for line in lines if line)


def _test(spec: ModelSpec, leads: JointTest, clustered: bool) -> str:
    kernel = f"min(df, 3 * groups // (2 * ({spec.kernel_lags} + 1)))"
    return _filled(
        _TEST,
        independent=kernel if spec.covariance == "driscoll_kraay" and leads.df[0] > 1 else "df",
        free="independent - n_leads + 1" if clustered else "df",
    )


def _outcomes_part(panel: Panel, spec: ModelSpec, term: str, outcomes: Sequence[str]) -> str:
    body = "\n".join(part.strip("\n") for part in fit_parts(panel, spec).values())
    column = escaped(predictor_prefix(panel) + term)
    return dedent(_SIDE_BY_SIDE).strip("\n").format(outcomes=list(outcomes), body=indent(body, "    "), term=column)


def _filled(text: str, **values: object) -> str:
    return dedent(text).strip("\n").format(**values)
