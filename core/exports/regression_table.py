"""Regression tables as in journals: coefficients with their errors below, as HTML, LaTeX or Markdown.

A table is assembled once, as text (:func:`regression_table`), and formatted by three functions.
"""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.presentation.numbers import MINUS, upper_first
from core.questions.vocabulary import NBSP
from core.stats.regression import CONSTANT, FitResult
from core.stats.regression.errors import several

Marks = Literal["p", "stars"]
STARS = ((0.01, "***"), (0.05, "**"), (0.1, "*"))
STARS_NOTE = "Stars: * p < 0.1, ** p < 0.05, *** p < 0.01 (two-sided)."
P_NOTE = "P-values (two-sided) in square brackets."
ERRORS_NOTE = "Standard errors in parentheses."
SMALLEST_P = 0.001
DIGITS = 3
MOST_DECIMALS = 10
LATEX_NAMES = 0.2  # share of the width of the text that the names of the variables have
LATEX_SIZES = {2: r"\normalsize", 4: r"\footnotesize"}  # of letters, for so many models at most


@dataclass(frozen=True)
class RegressionTable:
    """A table of regressions as text.

    Parameters
    ----------
    title
        What is explained.
    columns
        Names of the models.
    terms
        Label of each variable, with the lines of cells under it: estimate, error, and p-value if these are shown.
    statistics
        Label and cells of the statistics below the coefficients: effects, errors, size, fit.
    notes
        Notes on how to read it.
    """

    title: str
    columns: tuple[str, ...]
    terms: Mapping[str, tuple[tuple[str, ...], ...]]
    statistics: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...]


def regression_table(
    fits: Mapping[str, FitResult],
    title: str,
    label: Callable[[str, FitResult], str],
    marks: Marks = "p",
    keys: tuple[str, str] = ("area", "period"),
    keep: Sequence[str] = (),
) -> RegressionTable:
    """A table of `fits` with a column for each.

    Parameters
    ----------
    fits
        Models by the names of their columns.
    title
        What is explained.
    label
        Label of a variable of a model; variables with the same label share a row.
    marks
        P-values in brackets, or stars.
    keys
        Names of an area and of a period.
    keep
        Further notes.
    """
    rows: dict[str, dict[str, FitResult]] = {}
    names: dict[tuple[str, str], str] = {}
    for column, result in fits.items():
        for estimate in result.estimates:
            text = "Constant" if estimate.name == CONSTANT else label(estimate.name, result)
            rows.setdefault(text, {})[column] = result
            names[text, column] = estimate.name
    ordered = sorted(rows, key=lambda text: text == "Constant")
    terms = {
        text: _lines([(rows[text].get(column), names.get((text, column), "")) for column in fits], marks)
        for text in ordered
    }
    outcomes = tuple(label(result.spec.outcome, result) for result in fits.values())
    differ = {"Outcome": outcomes} if len(set(outcomes)) > 1 else {}
    errors = [f"({number}) {result.note}" for number, result in enumerate(fits.values(), start=1)]
    notes = (ERRORS_NOTE, P_NOTE if marks == "p" else STARS_NOTE, *_joined(errors), *keep)
    return RegressionTable(title, tuple(fits), terms, differ | _statistics(list(fits.values()), keys), notes)


def _joined(notes: Sequence[str]) -> list[str]:
    """Notes on the columns, equal ones merged: '(1, 3) Clustered by borough ...'."""
    columns: dict[str, list[str]] = {}
    for note in notes:
        number, _, text = note.partition(") ")
        columns.setdefault(text, []).append(number.removeprefix("("))
    return [f"({', '.join(numbers)}) {text}" for text, numbers in columns.items()]


def _lines(cells: Sequence[tuple[FitResult | None, str]], marks: Marks) -> tuple[tuple[str, ...], ...]:
    errors = [result.estimate(name).std_error for result, name in cells if result]
    decimals = max(min(map(_decimals, errors)), max(map(_decimals, errors)) - 1)
    columns = [
        _cell(result, name, marks, decimals) if result else ("",) * (2 + (marks == "p")) for result, name in cells
    ]
    return tuple(zip(*columns, strict=True))


def _cell(result: FitResult, name: str, marks: Marks, decimals: int) -> tuple[str, ...]:
    """Estimate, standard error and, unless there are stars, the p-value."""
    found = result.estimate(name)
    estimate, error = _written(found.estimate, decimals), f"({_written(found.std_error, decimals)})"
    if marks == "stars":
        return estimate + next((star for most, star in STARS if found.p < most), ""), error
    return estimate, error, f"[{_p(found.p)}]"


def _decimals(error: float) -> int:
    """Decimals with which `error` shows its first digits, of which :data:`DIGITS` in all."""
    return min(max(DIGITS, DIGITS - 1 - int(f"{error:e}".partition("e")[2])), MOST_DECIMALS)


def _written(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace("-", MINUS)


def _p(p: float) -> str:
    return f"< {SMALLEST_P}" if p < SMALLEST_P else f"{p:.3f}"


def _statistics(fits: Sequence[FitResult], keys: tuple[str, str]) -> dict[str, tuple[str, ...]]:
    every = list(dict.fromkeys(key for result in fits for key in result.spec.effects))
    effects = {f"{upper_first(key)} effects": [_effects(result, key, keys[1]) for result in fits] for key in every}
    trends = [result.spec.trends for result in fits]
    changes = [result.spec.differences for result in fits]
    rows = {
        "Method": [_method(result) for result in fits] if any(map(_method, fits)) else [],
        "Changes between periods": [_yes(each) if any(changes) else "" for each in changes],
        **(effects or {"Effects": ["No" for _ in fits]}),
        f"Trend of each {keys[0]}": [_yes(each) if any(trends) else "" for each in trends],
        "Standard errors": [_errors(result) for result in fits],
        "Weights": ["Residents" if result.spec.weights == "population" else "Equal" for result in fits],
        "Rows": [f"{result.n:,}" for result in fits],
        upper_first(several(keys[0])): [f"{result.n_areas:,}" for result in fits],
        upper_first(several(keys[1])): [f"{result.n_periods:,}" if result.n_periods > 1 else "" for result in fits],
        "First and last": [_span(result) for result in fits],
        "R²": [f"{result.r2:.3f}".replace("-", MINUS) for result in fits],
        "R² within": ["" if r.r2_within is None else f"{r.r2_within:.3f}".replace("-", MINUS) for r in fits],
    }
    return {name: tuple(cells) for name, cells in rows.items() if any(cells)}


def _method(result: FitResult) -> str:
    """'Poisson'; empty for least squares."""
    return "Poisson" if result.spec.response == "poisson" else ""


def _effects(result: FitResult, key: str, period: str) -> str:
    """Whether a model has effects of `key`, of which changes leave only those of the `period`."""
    gone = result.spec.differences and key != period
    return "Differenced out" if gone else _yes(key in result.spec.effects)


def _span(result: FitResult) -> str:
    """First and last period; empty for a cross-section, which has one."""
    return f"{result.first_period} to {result.last_period}" if result.n_periods > 1 else ""


def _errors(result: FitResult) -> str:
    by = " and ".join(f"{key} ({count:,})" for key, count in result.clusters)
    kinds = {
        "HC1": "HC1",
        "classical": "Classical",
        "driscoll_kraay": "Driscoll-Kraay",
        "conley": f"Conley, up to {result.spec.distance}{NBSP}km",
        "jackknife": f"Jackknife by {by}",
    }
    return kinds.get(result.spec.covariance, f"Clustered by {by}")


def _yes(flag: bool) -> str:
    return "Yes" if flag else "No"


def _numbers(table: RegressionTable) -> list[str]:
    return [f"({number})" for number in range(1, len(table.columns) + 1)]


def _body(table: RegressionTable) -> list[tuple[str, tuple[str, ...]]]:
    """Lines of the table, the label of a variable on its first only."""
    terms = [
        ("" if number else label, cells) for label, lines in table.terms.items() for number, cells in enumerate(lines)
    ]
    return [*terms, *table.statistics.items()]


def as_markdown(table: RegressionTable) -> str:
    """The table as GitHub-flavoured Markdown."""
    columns = [f"{number} {name}" for number, name in zip(_numbers(table), table.columns, strict=True)]
    lines = [["", *columns], ["---", *["---:"] * len(columns)], *([label, *cells] for label, cells in _body(table))]
    rows = [
        "| " + " | ".join(cell if cell.startswith("---") else markdown_text(cell) for cell in line) + " |"
        for line in lines
    ]
    notes = "\n".join(f"- {markdown_text(note)}" for note in table.notes)
    return f"**{markdown_text(table.title)}**\n\n" + "\n".join(rows) + f"\n\nNotes:\n\n{notes}\n"


def markdown_text(text: str) -> str:
    """`text` in one line, escaped for Markdown and HTML."""
    marked = re.sub(r"([\\`*_{}\[\]<>#|~$!&])", r"\\\1", text)
    return re.sub(r"\s*\n\s*", " ", marked)


def as_html(table: RegressionTable) -> str:
    """The table as a complete HTML page, which opens in a browser and can be pasted into a document."""
    numbers = "".join(
        f"<th scope='col'>{number} {html.escape(name)}</th>"
        for number, name in zip(_numbers(table), table.columns, strict=True)
    )
    first = next(iter(table.statistics), None)
    rows = "".join(
        f"<tr{' class=rule' if label == first else ''}><th scope='row'>{html.escape(label)}</th>"
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for label, cells in _body(table)
    )
    notes = " ".join(html.escape(note) for note in table.notes)
    return _PAGE.format(title=html.escape(table.title), numbers=numbers, rows=rows, notes=notes)


_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font-family: Georgia, 'Times New Roman', serif; margin: 2em; color: #0d141c; background: white; }}
table {{ border-collapse: collapse; border-top: 2px solid; border-bottom: 2px solid; }}
caption {{ text-align: left; font-weight: bold; padding-bottom: .5em; }}
th, td {{ padding: .1em .8em; text-align: right; font-weight: normal; vertical-align: top; }}
th[scope=row] {{ text-align: left; }} thead th, tr.rule > * {{ border-bottom: 1px solid; }}
tr.rule > * {{ border-bottom: 0; border-top: 1px solid; padding-top: .3em; }}
p {{ font-size: .85em; max-width: 60em; }}
</style></head><body><table><caption>{title}</caption>
<thead><tr><td></td>{numbers}</tr></thead><tbody>{rows}</tbody></table><p>Notes: {notes}</p></body></html>
"""


def as_latex(table: RegressionTable) -> str:
    """The table for LaTeX, which needs the packages array and booktabs."""
    head = [_latex(name) for name in table.columns]
    lines = [rf"{_latex(label)} & {' & '.join(map(_latex, cells))} \\" for label, cells in _body(table)]
    size = next((size for most, size in LATEX_SIZES.items() if len(head) <= most), r"\scriptsize")
    names, each = _latex_column("right", LATEX_NAMES), _latex_column("left", (1 - LATEX_NAMES) / len(head))
    above = len(lines) - len(table.statistics)
    return "\n".join(
        [
            "% needs \\usepackage{array,booktabs}",
            r"\begin{table}[htbp]",
            r"\centering",
            rf"\caption{{{_latex(table.title)}}}",
            rf"{size}\setlength{{\tabcolsep}}{{3pt}}",
            rf"\begin{{tabular}}{{@{{}}{names}*{{{len(head)}}}{{{each}}}@{{}}}}",
            r"\toprule",
            rf" & {' & '.join(_numbers(table))} \\",
            rf" & {' & '.join(head)} \\",
            r"\midrule",
            *lines[:above],
            r"\midrule",
            *lines[above:],
            r"\bottomrule",
            r"\end{tabular}",
            r"\par\smallskip\footnotesize\raggedright",
            f"Notes: {' '.join(map(_latex, table.notes))}",
            r"\end{table}",
            "",
        ]
    )


def _latex_column(ragged: str, share: float) -> str:
    """A column as wide as `share` of the text, its margins included."""
    return rf">{{\ragged{ragged}\arraybackslash}}p{{\dimexpr {share:.3f}\linewidth-2\tabcolsep}}"


_LATEX = {
    "\\": r"\textbackslash{}",
    **{mark: f"\\{mark}" for mark in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "[": "{[}",  # at the start of a line it would be read as an option of the line end before it
    "]": "{]}",
    "*": "{*}",
    "²": r"\textsuperscript{2}",
    "\N{EN DASH}": "--",
    MINUS: "$-$",
    NBSP: "~",
    "\n": " ",
    "\r": " ",
}


def _latex(text: str) -> str:
    return "".join(_LATEX.get(letter, letter) for letter in text)
