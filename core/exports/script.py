"""Tables as CSV, and a standalone script that repeats a fit without this app."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import dedent

import numpy as np
import pandas as pd

from core.exports.script_errors import ERRORS, SHARES
from core.stats.regression import ModelSpec
from core.tables.options import Form, Weights
from core.tables.panel import EARTH_KM, PERIODS_PER_YEAR, Panel

PREFIX = "x_"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(rows: pd.DataFrame) -> bytes:
    """`rows` as CSV (UTF-8, no index), with text that a spreadsheet would run as a formula escaped."""
    # Line ends of the CSV standard; with "\n" alone, pandas would not quote a carriage return inside a text.
    return rows.apply(_harmless).to_csv(index=False, lineterminator="\r\n").encode()


def _harmless(column: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_datetime64_any_dtype(column.dtype):
        return column
    return column.astype(object).map(lambda cell: _harmless_text(cell) if isinstance(cell, str) else cell)


def _harmless_text(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def model_table(panel: Panel, spec: ModelSpec, outcomes: Sequence[str] = ()) -> pd.DataFrame:
    """The figures that :func:`model_script` needs: every row of the panel, the columns of the model as they are.

    Parameters
    ----------
    outcomes
        Further outcomes to which the model is put.
    """
    groups = [group for group in panel.groups if group in (*spec.effects, spec.cluster)]
    groups += [spec.moderator] if spec.moderator else []
    columns = [panel.area, panel.period, *groups, spec.outcome, *spec.predictors, *spec.controls]
    if spec.form == "share":
        columns.append(panel.total)
    if spec.form in ("per_1000", "log_per_1000") or spec.weights == "population":
        columns.append(panel.population)
    if spec.covariance == "conley":
        columns += panel.coordinates
    columns += outcomes
    table = panel.frame[list(dict.fromkeys(columns))]
    if not spec.moderator:
        return table
    codes, levels = panel.grouped(spec.moderator)
    return table.assign(**{spec.moderator: np.array(levels, dtype=object)[codes]})


def model_script(panel: Panel, spec: ModelSpec, csv_name: str, further: Mapping[str, str] | None = None) -> str:
    """A standalone Python script that repeats the fit of `spec` from the CSV of :func:`model_table`.

    The script takes its coefficients from statsmodels, so it also checks the engine of this app. It
    prints one line per coefficient: name, estimate, standard error, p-value, 95% interval.

    Parameters
    ----------
    further
        What comes after, as :func:`core.exports.script_panels.panel_parts` returns it.
    """
    head = dedent(_HEADER.format(csv=csv_name, script=f"{Path(csv_name).stem}.py")).strip("\n")
    parts = model_parts(
        panel, spec, f'Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("{csv_name}")'
    )
    return "\n\n".join([f"{head}\n{parts.pop('read')}", *parts.values(), *(further or {}).values()]) + "\n"


def model_parts(panel: Panel, spec: ModelSpec, path: str) -> dict[str, str]:
    """The steps of :func:`model_script` as pieces of Python that run in this order.

    Parameters
    ----------
    path
        Python that gives the path of the CSV.

    Returns
    -------
    dict
        ``read``, ``predictors``, ``rows``, ``fit``, ``errors`` and ``estimates``, in this order.
    """
    parts = {
        "read": _READ.format(path=path, keys=_text_columns(panel, spec)),
        "predictors": f"{dedent(_time_lines(panel, spec))}{_predictor_lines(panel, spec)}",
        **fit_parts(panel, spec),
        "estimates": _FOOTER,
    }
    parts["rows"] = f'outcome = "{escaped(spec.outcome)}"\n{parts["rows"]}'
    return {name: dedent(part).strip("\n") for name, part in parts.items()}


def fit_parts(panel: Panel, spec: ModelSpec) -> dict[str, str]:
    """The pieces ``rows``, ``fit`` and ``errors``, which take the name of the outcome from a variable."""
    return {
        "rows": _sample_lines(panel, spec),
        "fit": _design_lines(panel, spec),
        "errors": f"# standard errors\n{dedent(_error_lines(panel, spec)).strip()}",
    }


def _error_lines(panel: Panel, spec: ModelSpec) -> str:
    keys = {"area": escaped(panel.area), "period": escaped(panel.period)}
    uncounted = f' + trends * ("{keys["area"]}" in nested)' if spec.trends else ""
    share = SHARES[spec.kernel].format(distance=spec.distance)
    related = {"distance": spec.distance, "share": share, "coordinates": list(panel.coordinates), "earth": EARTH_KM}
    cluster = escaped(spec.cluster or panel.area)
    return ERRORS[spec.covariance].format(lags=spec.kernel_lags, cluster=cluster, trends=uncounted, **keys, **related)


_HEADER = '''
    # /// script
    # requires-python = ">=3.11"
    # dependencies = ["pandas", "scipy", "statsmodels"]
    # ///
    """Repeats one regression of the Policing Evidence Explorer.

    Put {csv} in the same folder and run: python {script}
    Or name the file: python {script} {csv}
    """

    import sys
'''

_READ = """
    from pathlib import Path

    import numpy as np
    import pandas as pd
    import statsmodels.api as sm
    from scipy import stats

    figures = {path}
    # keys are read as they are, so that an area may be called NA
    keys, columns = {keys!r}, pd.read_csv(figures, nrows=0).columns
    missing = {{name: [""] for name in columns if name not in keys}}
    panel = pd.read_csv(
        figures,
        dtype=dict.fromkeys(keys, "str"),
        keep_default_na=False,
        na_values=missing,
    )
"""

_PERIODS = """
    periods = {steps}
"""

_GRID = """
    # every {area} in every {period}, so that a lag is a step back in time also where a row is missing
    keys = ["{area}", "{period}"]
    every = pd.MultiIndex.from_product([sorted(panel["{area}"].unique()), {steps}], names=keys)
    panel = panel.set_index(keys).reindex(every).reset_index()
    by_area, periods = panel["{area}"], list(every.levels[1])
"""

_FOOTER = """
    def described(names, estimates, errors, df):
        reach = stats.t.ppf(0.975, df) * errors
        p = 2 * stats.t.sf(np.abs(estimates / errors), df)
        ends = {"low": estimates - reach, "high": estimates + reach}
        return pd.DataFrame({"estimate": estimates, "std_error": errors, "p": p, **ends}, index=names)


    table = described(X.columns, fit.params.to_numpy(), np.sqrt(np.diag(covariance)), df).loc[terms]
    print(f"{len(y)} rows")
    print(table.to_csv(float_format="%.12g"))
"""

_FORMS: Mapping[Form, str] = {
    "count": "{amount}",
    "per_1000": '{amount} / panel["{population}"] * 1000',
    "log": "np.log({amount}.where({amount} > 0))",
    "log_per_1000": 'np.log(({amount} / panel["{population}"] * 1000).where({amount} > 0))',
    "share": "{amount} / {total}.replace(0, np.nan)",
}

_WEIGHTS: Mapping[Weights, str] = {
    "equal": "weights = pd.Series(1.0, index=sample.index)",
    "population": 'weights = sample["{population}"] / sample["{population}"].mean()',
}


_EVENTS = """
    # levels of an effect in which the outcome is always zero say nothing about the coefficients
    while any((never := sample.groupby(key)[outcome].transform("sum") == 0).any() for key in {effects!r}):
        sample = sample[~never]
    weights = weights.loc[sample.index]
"""

_POISSON = """
    # Poisson regression; least squares on its last step has the same estimates and scores
    model = sm.GLM(y, X, family=sm.families.Poisson(), var_weights=weights)
    expected = model.fit(maxiter=200, tol=1e-10, rtol=0, tol_criterion="params").mu
    y, weights = np.log(expected) + (y - expected) / expected, weights * expected
"""

_CHANGES = """
    # changes from a row to the one {step} {period} later of the same {area}, and their weights
    place = sample["{period}"].map({{name: at for at, name in enumerate(periods)}})
    moving, now = [outcome, *terms], pd.MultiIndex.from_arrays([sample["{area}"], place])
    then = pd.MultiIndex.from_arrays([sample["{area}"], place - {step}])
    weights = (1 / (1 / weights + 1 / weights.set_axis(now).reindex(then).set_axis(sample.index))).dropna()
    before = sample[moving].set_axis(now).reindex(then).set_axis(sample.index)
    sample[moving] = sample[moving] - before
    sample, weights = sample.loc[weights.index], weights / weights.mean()
"""


_SQUARES = """
    mean = sample[name].mean()
    sample[f"{name} squared"] = (sample[name] - mean) ** 2
    terms.append(f"{name} squared")
"""

_GROUPS = """
    first, *others = [group for group in {levels!r} if (sample["{group}"] == group).any()]
    for group in others:
        inside = sample["{group}"] == group
        sample[f"{{name}}: {{group}} less {{first}}"] = sample[name] * (inside - inside.mean())
        terms.append(f"{{name}}: {{group}} less {{first}}")
"""

_SQUARES_OF_CHANGES = """
    then = before.loc[sample.index, name]
    now = sample[name] + then
    sample[f"{name} squared"] = (now - now.mean()) ** 2 - (then - now.mean()) ** 2
    terms.append(f"{name} squared")
"""

_TRENDS = """
    # a trend of its own for each {area}: time less its mean there, without those that the columns before determine
    time = sample["{period}"].map({{name: float(at) for at, name in enumerate(periods)}})
    since = time - time.groupby(sample["{area}"]).transform("mean")
    slopes = pd.get_dummies(sample["{area}"], dtype=float).mul(since, axis=0)
    slopes = slopes.loc[:, slopes.any()]
    slopes.columns = range(X.shape[1], X.shape[1] + slopes.shape[1])
    columns = X.join(slopes)
    new = np.abs(np.diag(np.linalg.qr(columns / np.linalg.norm(columns, axis=0))[1])) > 1e-8
    X, trends = columns.loc[:, new], int(new[X.shape[1] :].sum())
"""


def escaped(name: str) -> str:
    """The name of a column, which may be any text, escaped for a string of the script."""
    return json.dumps(name, ensure_ascii=False)[1:-1]


def _text_columns(panel: Panel, spec: ModelSpec) -> list[str]:
    """The columns of the CSV that are text: its keys."""
    keys = [key for key in panel.keys if key in (panel.area, panel.period, *spec.effects, spec.cluster)]
    return [*keys, spec.moderator] if spec.moderator and spec.moderator not in keys else keys


def predictor_prefix(panel: Panel) -> str:
    """What the names of predictors begin with in their form in the model, as no column of the panel does."""
    prefix = PREFIX
    while any(str(name).startswith(prefix) for name in panel.frame.columns):
        prefix = f"x{prefix}"
    return prefix


def _time_lines(panel: Panel, spec: ModelSpec) -> str:
    """The code that a model with lags, windows or an order of periods needs; empty for others."""
    if spec.lag or spec.window != "quarter":
        return grid_lines(panel)
    needed = spec.non_overlapping or spec.trends or spec.differences or spec.covariance == "driscoll_kraay"
    return _PERIODS.format(steps=_steps(panel)) if needed else ""


def grid_lines(panel: Panel) -> str:
    """The code that gives the panel a row for every area in every period."""
    return _GRID.format(area=escaped(panel.area), period=escaped(panel.period), steps=_steps(panel))


def _steps(panel: Panel) -> str:
    """Code for every period: those of the panel, and those between that have no row."""
    there, missing = f'panel["{escaped(panel.period)}"].unique()', panel.steps.missing
    return f"sorted({{*{there}, *{list(missing)!r}}})" if missing else f"sorted({there})"


def _predictor_lines(panel: Panel, spec: ModelSpec) -> str:
    lines = ["", "# predictors in the form in which they enter the model"]
    for name in spec.predictors:
        column = f'panel["{predictor_prefix(panel)}{escaped(name)}"]'
        lines.append(f"{column} = {formed(name, panel, spec)}")
        if spec.lag:
            lines.append(f"{column} = {column}.groupby(by_area).shift({spec.lag})")
    return "\n".join(lines)


def formed(name: str, panel: Panel, spec: ModelSpec) -> str:
    """Code for the predictor `name` in its form, without its lag."""
    return _FORMS[spec.form].format(
        amount=_amount(name, spec), total=_amount(panel.total, spec), population=escaped(panel.population)
    )


def _amount(name: str, spec: ModelSpec) -> str:
    column = f'panel["{escaped(name)}"]'
    if spec.window == "quarter":
        return column
    return f"{column}.groupby(by_area).transform(lambda v: v.rolling({PERIODS_PER_YEAR}).sum())"


def _sample_lines(panel: Panel, spec: ModelSpec) -> str:
    columns = [f"{predictor_prefix(panel)}{name}" for name in spec.predictors] + list(spec.controls)
    needed = [*columns, *[panel.population] * (spec.weights == "population")]
    lines = ["", "# rows", "sample = panel"]
    for edge, sign in ((spec.start, ">="), (spec.end, "<=")):
        if edge:
            lines.append(f'sample = sample[sample["{escaped(panel.period)}"] {sign} "{escaped(edge)}"]')
    if spec.areas is not None:
        lines.append(
            f'sample = sample[sample["{escaped(panel.area)}"].isin({list(map(_harmless_text, spec.areas))!r})]'
        )
    lines.append(f"sample = sample.dropna(subset=[outcome, *{needed!r}])")
    if spec.non_overlapping:
        lines += [
            f'last = periods.index(sample["{escaped(panel.period)}"].max())',
            f'sample = sample[sample["{escaped(panel.period)}"].isin(periods[last::-{PERIODS_PER_YEAR}])]',
        ]
    lines.append(f"terms = {columns!r}")
    lines.append(_WEIGHTS[spec.weights].format(population=escaped(panel.population)))
    if spec.response == "log":
        lines.append("sample[outcome] = np.log(sample[outcome])")
    differs = _differs_lines(panel, spec)
    lines += [] if spec.differences else differs
    if spec.response == "poisson" and spec.effects:
        events = _EVENTS.format(effects=list(spec.effects))
        lines += dedent(events).strip("\n").splitlines()
    return "\n".join([*lines, *([*_change_lines(panel, spec), *differs] if spec.differences else ())])


def _change_lines(panel: Panel, spec: ModelSpec) -> list[str]:
    """The code that puts changes in the place of levels."""
    step = PERIODS_PER_YEAR if spec.non_overlapping else 1
    keys = {"area": escaped(panel.area), "period": escaped(panel.period)}
    return dedent(_CHANGES.format(step=step, **keys)).strip("\n").splitlines()


def _design_lines(panel: Panel, spec: ModelSpec) -> str:
    lines = [
        "",
        "# least squares with a dummy for every level of an effect but the first, named by numbers",
        f"effects = {[name for name in spec.effects if not spec.differences or name == panel.period]!r}",
        "y = sample[outcome]",
        "X = sample[terms].astype(float)",
        "for key in effects:",
        "    dummies = pd.get_dummies(sample[key], drop_first=True, dtype=float)",
        "    X = X.join(dummies.set_axis(range(X.shape[1], X.shape[1] + dummies.shape[1]), axis=1))",
        "CONSTANT = X.shape[1]",
        "if effects:" if spec.differences else "",
        f"{'    ' if spec.differences else ''}X.insert(0, CONSTANT, 1.0)",
        *(_trend_lines(panel) if spec.trends else ()),
        *(dedent(_POISSON).strip("\n").splitlines() if spec.response == "poisson" else ()),
        "fit = sm.WLS(y, X, weights=weights).fit()",
    ]
    return "\n".join(lines)


def _differs_lines(panel: Panel, spec: ModelSpec) -> list[str]:
    """The code that adds squares, and the predictors by group, to the terms."""
    pieces = [
        (_SQUARES_OF_CHANGES if spec.differences else _SQUARES) if spec.squares else "",
        _GROUPS.format(group=escaped(spec.moderator), levels=_levels(panel, spec)) if spec.moderator else "",
    ]
    if not any(pieces):
        return []
    prefix, body = predictor_prefix(panel), "\n".join(dedent(piece).strip("\n") for piece in pieces if piece)
    loop = "\n".join(f"    {line}" for line in body.splitlines())
    return [
        "# predictors whose association may differ: squares less the mean, groups less their share of the rows",
        f"for name in {[f'{prefix}{name}' for name in spec.predictors]!r}:",
        *loop.splitlines(),
    ]


def _levels(panel: Panel, spec: ModelSpec) -> list[str]:
    """The names of the groups of the moderator, as the CSV has them."""
    return [_harmless_text(level) for level in panel.grouped(spec.moderator)[1]]


def _trend_lines(panel: Panel) -> list[str]:
    """The code that adds a trend of each area to the dummies."""
    keys = {"area": escaped(panel.area), "period": escaped(panel.period)}
    return dedent(_TRENDS.format(**keys)).strip("\n").splitlines()
