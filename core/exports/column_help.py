"""The meaning of every column of every table, and the unit of its values.

A column that is a variable of the catalogue, under its name or its label, is explained by the catalogue; one that any
page may calculate, by :data:`MEANINGS`; one of a single study's pages, by the mapping of that study; and one whose
name is made from another's (``"..., rest"``), by :data:`MADE_OF`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.presentation.numbers import upper_first
from core.questions.vocabulary import Vocabulary
from core.tables.catalogue import Catalogue

AS_ESTIMATE = "as the figure before it"
YES_NO = "yes or no"
PERCENT, POINTS, SHARE, PROBABILITY = "%", "percentage points", "share, 0 to 1", "probability, 0 to 1"
RATE = "per 1,000 residents"
TIMES = "ratio; 1 is the same"
INTERVAL = (
    "{} end of the {} interval: over many repetitions of such figures, intervals made this way hold the true value in "
    "about {} of 100."
)
OWN = "A column of your own file, under its own name."


@dataclass(frozen=True)
class Meaning:
    """The meaning of a column: its name, a description, and the unit of its values (empty for names)."""

    column: str
    text: str
    unit: str


def _ends(level: int, *pairs: tuple[str, str]) -> dict[str, tuple[str, str]]:
    """Meanings of the columns with the lower and the upper end of intervals."""
    return {
        name: (INTERVAL.format(side, f"{level}%", level), AS_ESTIMATE)
        for pair in pairs
        for side, name in zip(("Lower", "Upper"), pair, strict=True)
    }


_TABLES: Mapping[str, tuple[str, str]] = {
    "area": ("Name of the area (in the example of a panel).", ""),
    "": ("What the row holds.", ""),
    "Figure": ("The variable that the row is about.", ""),
    "Value": ("The figure of the row, in the unit of what is shown.", "as the figure shown"),
    "Column": ("Name of the column.", ""),
    "Number": ("How many there are.", "count"),
    "Share of areas without a figure": ("Share of the areas that have no figure in the period.", SHARE),
    "Beyond chance": ("Whether the interval leaves out no change, on a map of crime the average.", YES_NO),
    "the outcome": ("What is to be explained, such as a score (in the example of a panel).", ""),
    "the predictor": ("What may be linked to it, such as a count (in the example of a panel).", ""),
    "Source": ("Where it can be checked, and who publishes it.", ""),
    "Address": ("Web address of the source.", ""),
    "Finding": ("What the study reported on.", ""),
    "What it is": ("The quantity that the study reported.", ""),
    "Reported": ("The value as the study printed it.", "as printed"),
    "Read as": ("What the study took the value to say.", ""),
    "Study": ("The study that made the claim.", ""),
    "Verdict": ("The result of checking the claim, by fixed rules.", ""),
    "Why": ("The reason for the verdict in a line.", ""),
    "Claims": ("How many claims of the study have the verdict.", "claims"),
    "Topic": ("What the claim is about.", ""),
    "Claim": ("The claim in a sentence.", ""),
    "Published": ("The result as the study printed it.", "as printed"),
    "Ours": ("Our result: with stronger methods, or with the study's own where we cannot reproduce it.", "as it says"),
    "Repeating its method": ("What repeating the study's own steps gives.", "as printed"),
    "With stronger methods": ("What methods that suit the data give, with the uncertainty.", "as it says"),
}
_WHEN: Mapping[str, tuple[str, str]] = {
    "Quarter": ("Calendar quarter: 2017Q2 is April to June 2017.", ""),
    "Months": ("The months of the quarter.", ""),
    "Year": ("Calendar year.", ""),
    "year": ("Calendar year (in the example of a panel).", ""),
    "From": ("First day, period or area.", ""),
    "To": ("Last day, period or area; empty where it is a single one.", ""),
    "Quarters ahead": ("How many quarters after the last known figure the forecast is for.", "quarters"),
    "horizon": ("How many quarters after the last known figure the forecast is for.", "quarters"),
    "lag": ("How many periods lie between the two residuals.", "periods"),
    "Quarters scored": ("Quarters of the back-test that the score is the mean of.", "quarters"),
}
_MODEL: Mapping[str, tuple[str, str]] = {
    "Compared": ("What is compared: areas with each other, areas with themselves over time, or both together.", ""),
    "Model": ("The model that was fitted: which effects it takes out and which standard errors it has.", ""),
    "Term": ("The variable of the model, in the form in which it enters, or the constant.", ""),
    "Variable": ("The variable of the model that the row is about.", ""),
    "For": ("The step in the predictor that the figures of the row are for.", ""),
    "Per cent": ("Difference, in per cent of the usual outcome, that the model associates with the step.", PERCENT),
    "Control variables": ("The variables that the model holds constant.", ""),
    "Points": ("Difference in the score that the model associates with the step.", POINTS),
    "Estimate": ("Difference in the outcome that the model associates with the step.", "as the outcome"),
    "Estimate (points)": ("Difference in the score that the model associates with the step.", POINTS),
    "Coefficient": (
        "Estimated difference in the outcome for one unit more of the term.",
        "units of the outcome for one of the term",
    ),
    "Standard error": (
        "How far estimates would typically lie from the true value, over many repetitions of such figures.",
        "as the coefficient",
    ),
    "t": ("Estimate divided by its standard error.", "ratio"),
    "p": ("Probability of an estimate at least this far from zero if there were no association.", PROBABILITY),
    "p-value": ("Probability of an estimate at least this far from zero if there were no association.", PROBABILITY),
    "p, Holm-adjusted": (
        "The p-value after Holm's adjustment for reading several coefficients of one model at once.",
        PROBABILITY,
    ),
    "p (Holm)": ("The p-value after Holm's adjustment for comparing several types at once.", PROBABILITY),
    "Wild bootstrap p": (
        "The p-value of the wild cluster bootstrap, which is safer where clusters are few.",
        PROBABILITY,
    ),
    "Degrees of freedom": ("Of the t distribution that p-values and intervals are taken from.", "count"),
    "Standard errors": ("The kind of standard errors: what the errors of the rows may have in common.", ""),
    "Effects": ("Which levels the model takes out, so that only what is left is compared.", ""),
    "Form": ("The form in which the predictor enters the model.", ""),
    "Period": ("The time over which predictors are added up, or the period of the row.", ""),
    "Window": ("The time over which the predictor is added up.", ""),
    "Lag": ("How long before the outcome the predictor is taken.", ""),
    "Held constant": ("Further variables in the model.", ""),
    "Sample": ("Which rows were used.", ""),
    "Weight": ("How much the row counts in the model, or how rows are weighted.", ""),
    "Weight in the model": ("How much the row counts in the model.", "weight; 1 is the mean"),
    "Outcome": ("The variable that the model explains.", ""),
    "Score": ("The survey score, or the deprivation score, that the row is about.", ""),
    "Rows": ("Rows of the figures that the model was fitted to.", "rows"),
    "Reason": ("Why.", ""),
    "Specifications": ("Number of models, each with another combination of choices.", "models"),
    "Choice": ("The choice that an analyst makes.", ""),
    "Alternatives": ("How many alternatives of the choice were combined.", "count"),
    "Share of variance explained": (
        "Share of the variance of all estimates that lies between the alternatives.",
        SHARE,
    ),
    "Range of shares that are significant": (
        "Largest less smallest share of models whose 95% interval excludes zero, over the alternatives.",
        SHARE,
    ),
    "Variance inflation": (
        "How many times the other variables of the model widen the variance of the coefficient; 1 is not at all.",
        TIMES,
    ),
    "Periods since the rise": (
        "How many periods after a lasting rise of the predictor the estimate is of; below zero, before it. All are "
        "compared with the period before the rise, -1.",
        "periods",
    ),
    "Smallest that would be found (points)": (
        "The association that this design would find, at the 5% level, in four of five repetitions.",
        POINTS,
    ),
    "Chance to find the published size": (
        "Probability that this design finds an association of the published size, at the 5% level.",
        PROBABILITY,
    ),
    "Mean in the model's form": ("Mean of the predictor in the form in which it enters the model.", "as its form"),
    "Associated change (points)": ("Change of the score that the model associates with the supposed change.", POINTS),
    "Correlation": ("Pearson's correlation: 1 is a perfect rising line, 0 is none.", "-1 to 1"),
    "Without": ("The area that was left out of the figures before the model was fitted again.", ""),
    "correlation": ("Correlation of an area's residuals so many periods apart.", "-1 to 1"),
    "fitted": ("The outcome that the model expects in the row.", "as the outcome"),
    "residual": ("The outcome less what the model expects.", "as the outcome"),
    "standardised": ("The residual divided by its standard deviation.", "standard deviations"),
    "Normal quantile": ("Where a normal distribution would have the residual of this rank.", "standard deviations"),
    "Standardised residual": ("The residual of this rank divided by its standard deviation.", "standard deviations"),
    "Way to ask": ("The model that is judged, or the one choice in which the row differs from it.", ""),
    "Finds": ("The sign of the estimate where it is clear.", ""),
    "Same as recommended": ("Whether the row finds the same as the recommended model.", "yes or no"),
    "Same as your model": ("Whether the row finds the same as your model.", "yes or no"),
    "Clear the same way (%)": ("Share of the specifications that are clear with the more frequent sign.", "%"),
    "Clear without a link, on average (%)": ("Mean of that share where there is nothing to find.", "%"),
    "Exceeded without a link one time in twenty (%)": (
        "What that share exceeds in one of twenty sets of figures in which there is nothing to find.",
        "%",
    ),
    "p of the share": ("Probability of at least that share if there were nothing to find.", PROBABILITY),
    "Median": ("Median estimate of the specifications.", "as the curve"),
    "p of the median": ("Probability of a median at least as far from zero if there were no link.", PROBABILITY),
    "pairs": ("Pairs of rows that the correlation is taken over.", "pairs"),
}

MEANINGS: Mapping[str, tuple[str, str]] = {
    **_TABLES,
    **_WHEN,
    **_MODEL,
    **_ends(95, ("95% interval from", "95% interval to"), ("95% from", "95% to")),
    **_ends(95, ("95% credible interval from", "95% credible interval to"), ("lower_95", "upper_95")),
    **_ends(80, ("lower_80", "upper_80")),
}
# Names that are derived from other names: their meaning in terms of the inner one, with its unit or another.
MADE_OF: tuple[tuple[str, str, str], ...] = (
    (r"(?P<base>.+), rest", "What is left with all else in the model taken out, of: {text}", "{unit}"),
    (r"(?P<base>.+), now \(mean of 4 quarters\)", "Mean of the last four quarters of: {text}", "{unit}"),
    (r"(?P<base>.+), then", "As it would be after the supposed change: {text}", "{unit}"),
    (r"(?P<base>.+): mean records per quarter", "Mean of the quarters of the year of: {text}", "{unit}"),
    (r"(?P<base>.+), 12 months", "Sum over the 12 months up to the quarter of: {text}", "{unit}"),
    (r"(?P<base>.+), \d+ (quarters?|periods?) earlier", "Taken so much earlier: {text}", "{unit}"),
    (r"ln\((?P<base>.+)\)", "Natural logarithm of: {text}", "logarithm"),
    (r"(?P<base>.+) per 1,000 residents", "For each 1,000 residents: {text}", RATE),
    (r"share of records with (?P<base>.+)", "Share of all use-of-force records: {text}", SHARE),
    (r"(?P<base>.+)_typical", "Empty for areas that are left out as outliers: {text}", "{unit}"),
    (r"relative_(?P<base>.+)", "Divided by its mean over all areas: {text}", TIMES),
    (r"Recorded crimes, .+", "Recorded crimes in the months named.", "records"),
    (r"Index \((?P<at>.+) = 100\)", "The figure in per cent of what it was in {at}.", "index, {at} = 100"),
    (r"p, smaller than (?P<at>.+) points", "P-value of an association of {at} points or more.", PROBABILITY),
    (
        r"Moves by \((?P<at>.+)\)",
        "How far apart the estimates are, on average, of models that differ in this choice alone.",
        "{at}",
    ),
    (
        r"Range of means \((?P<at>.+)\)",
        "Largest less smallest mean estimate over the alternatives of the choice.",
        "{at}",
    ),
    (r"(?P<at>Points|Per cent|Units) for 10% more", "Estimate of the model for 10% more of the predictor.", "{at}"),
    (
        r"(?P<at>Points|Per cent|Units) for 1 \(not 0\)",
        "Estimate of the model where the predictor is 1, not 0.",
        "{at}",
    ),
    (r"Slope \((?P<at>.+) per point\)", "Slope of the line per point of the deprivation score.", "{at} per point"),
    (
        r"Fall of R-squared, (?P<at>.+), standard deviation",
        "Spread of the fall over shuffles of the figure, test rows: {at}.",
        SHARE,
    ),
    (
        r"Fall of R-squared, (?P<at>.+)",
        "How much less the forest explains when the figure is shuffled, test rows: {at}.",
        SHARE,
    ),
    (r"Interval score, (?P<at>\d+%) \(points\)", "Width of the {at} intervals and a fine for misses.", POINTS),
    (
        r"(its )?(?P<at>\d+%) interval( of the [a-z ]+)? (from|to)( \(.+\))?",
        "End of the {at} interval of what the name says, or else of the figure before it.",
        AS_ESTIMATE,
    ),
    (r"(?P<base>.+)(: |, )\d+% interval (from|to)", "End of an interval of: {text}", "{unit}"),
    (r"(\d+: )?Poisson interval (from|to)", "End of the 95% interval if only chance moved the count.", AS_ESTIMATE),
    (r"(?P<at>\d+): 95% interval (from|to)", "End of the 95% interval of the figure for {at}.", AS_ESTIMATE),
    (r"(?P<base>.+), to", "Upper end of the 95% interval of: {text}", "{unit}"),
    (r"(?P<base>.+) \((?P<at>.+)\)", "{text}", "{at}"),
    (r"(?P<at>.+) \(%\)", "Share of the recorded crimes of {at} that are of the type.", PERCENT),
)


def columns_of_vocabulary(vocabulary: Vocabulary) -> Mapping[str, tuple[str, str]]:
    """Meanings of the columns whose names are made of the words of a question."""
    area, beyond = vocabulary.area, "Whether the supposed figure lies beyond any that"
    fitted = f"Rows that the model was fitted to: one {area} in one {vocabulary.period} each."
    return {
        upper_first(vocabulary.rows): (fitted, "rows"),
        f"Beyond this {area}'s record": (f"{beyond} this {area} ever had.", YES_NO),
        f"Beyond any {area}'s record": (f"{beyond} any {area} ever had.", YES_NO),
    }


class ColumnHelp:
    """The meanings of columns by name, as a catalogue, this module and the studies have them.

    Parameters
    ----------
    catalogue
        The catalogue of the figures shown: where studies use one name for different things, that of one study; for an
        uploaded file, that of its columns.
    studies
        For each study, the columns of its tables by name: what each is and its unit. A later one has precedence.
    """

    def __init__(self, catalogue: Catalogue, *studies: Mapping[str, tuple[str, str]]) -> None:
        self._known: dict[str, tuple[str, str]] = {}
        for variable in catalogue:
            for name in (variable.axis, variable.label, variable.label[:1].lower() + variable.label[1:], variable.name):
                self._known.setdefault(name, (variable.help or OWN, variable.unit))
        for meanings in (MEANINGS, *studies):
            self._known |= meanings

    def of(self, columns: Iterable[str]) -> list[Meaning]:
        """The meaning of each of `columns`; with an empty text where there is none."""
        return [Meaning(name, *(self._meaning(name) or ("", ""))) for name in columns]

    def _meaning(self, name: str) -> tuple[str, str] | None:
        name = name.replace("\N{NO-BREAK SPACE}", " ")
        if name in self._known:
            return self._known[name]
        made = (self._made(re.fullmatch(rule, name, re.DOTALL), text, unit) for rule, text, unit in MADE_OF)
        return next((found for found in made if found), None)

    def _made(self, match: re.Match[str] | None, text: str, unit: str) -> tuple[str, str] | None:
        if match is None:
            return None
        parts = match.groupdict()
        if "base" not in parts:
            return text.format(**parts), unit.format(**parts)
        inside = self._meaning(parts["base"])
        return inside and (text.format(text=inside[0]), unit.format(**{"unit": inside[1], **parts}))
