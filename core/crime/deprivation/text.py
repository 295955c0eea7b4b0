"""Sentences on crime and deprivation: effects in per cent of the usual crime, correlations, and what to beware of."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from core.crime.area import EVERYWHERE, RELATIVE, TYPICAL, Basis, outcome_labels
from core.crime.deprivation.analysis import DRAWS, SCORES
from core.crime.deprivation.question import DISTRICT, MSOA, VOCABULARY
from core.crime.geography.spatial import Moran
from core.crime.text import the
from core.presentation.models.effects import Effect
from core.presentation.numbers import interval_text, lower_first, number, number_word, probability, signed
from core.presentation.text import CurveText
from core.questions.question import AS_PUBLISHED, RECOMMENDED
from core.stats.regression import FitResult, ModelSpec
from core.stats.robustness import SIGNIFICANCE
from core.tables.options import COVARIANCES, Covariance, Option
from core.tables.panel import POINTS

TEN = 10.0
LOGARITHM = "log_"
PER_RESIDENT = "records_per_1000"
R_SQUARED = "R\N{SUPERSCRIPT TWO}"

SCORE_LABELS: Mapping[str, str] = dict(
    zip(SCORES, ("Deprivation score", "Deprivation score without its crime domain"), strict=True)
)
LABELS: Mapping[str, str] = {**outcome_labels(), **SCORE_LABELS}
OUTCOMES = tuple(name for name in outcome_labels() if not name.startswith(RELATIVE))
SHORT: Mapping[str, str] = {
    "records": "Count",
    "records_per_1000": "Rate",
    "log_records": "ln(count)",
    "log_records_per_1000": "ln(rate)",
}
EFFECTS: Mapping[str, Option] = {
    "": Option("No effects", "All LSOAs are compared with each other as they are."),
    DISTRICT: Option("District effects", "Compares LSOAs of the same district only."),
    MSOA: Option("MSOA effects", "Compares close neighbours only: the four to six LSOAs of one larger area (MSOA)."),
}
ERRORS: Mapping[str, Option] = {
    MSOA: Option("Clustered by MSOA", "Lets the errors of neighbours inside one larger area (MSOA) be related."),
    DISTRICT: Option("Clustered by district", "Lets all errors inside a district be related; there are few districts."),
    "conley": Option(COVARIANCES["conley"].label, "Lets errors of LSOAs near each other be related, up to a distance."),
    "HC1": Option("Robust (HC1)", "Allows unequal spread, but treats each LSOA as independent."),
    "classical": Option("Classical", "Assumes independent errors of equal spread. What the study used."),
}
PRESET_MODELS: Mapping[str, str] = {AS_PUBLISHED: "the study's model", RECOMMENDED: "the recommended model"}
CRIME_CURVE = CurveText(
    lower="find clearly less recorded crime where there is more deprivation",
    higher="clearly more",
    unit="per cent",
    step="ten points more {what}",
    axis="Per cent of the usual crime for ten points more on the deprivation score",
)
ON_SCORE = "on the deprivation score"

AREAS_NOT_PEOPLE = VOCABULARY.caveat
NO_PUBLISHED = "The study looked at the West Midlands only: there are no reported numbers to compare with here."
SCATTER_NOTE = "Each dot is one LSOA; lines count every LSOA once. Hover over a dot, or tap it, for its name."
DISTRICTS_NOTE = (
    f"Dots are estimates, bars 95% intervals with errors clustered by MSOA. The table has the rank correlation "
    f"(Spearman) and {R_SQUARED} too."
)
STEPS_NOTE = "Intervals are by each model's own kind of error."
ERRORS_NOTE = "The estimate is the same in every row; only its error, and so the interval, changes."
FEW_DISTRICTS_NOTE = "Clustered by district it is large where districts differ in their slopes."
CIRCULARITY = (
    "The index contains a crime domain with a weight of 9.3%, so that a part of the association is built in. "
    "The score without that domain shows what is left."
)
MORAN_SCALE = "Moran's I is 0 where neighbours are no more alike than others, and 1 where they are all alike."


@dataclass(frozen=True)
class ExplainedShare:
    """R2 of the score, effects taken out, with its 95% interval (missing with weights, or where there is one MSOA).

    Of a Poisson regression it is the share of the deviance, without an interval.
    """

    r2: float
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True)
class ModelSummary:
    """A fitted model with what its sentences need.

    Parameters
    ----------
    result
        The model.
    share
        What part of the differences the score accounts for.
    usual
        Mean of the outcome over its LSOAs, which per cents of the usual crime are of.
    lsoas
        LSOAs of the place.
    """

    result: FitResult
    share: ExplainedShare
    usual: float
    lsoas: int

    @property
    def score(self) -> str:
        """The measure of deprivation."""
        return self.result.spec.predictors[0]

    @property
    def outcome(self) -> str:
        """The measure of crime."""
        return self.result.spec.outcome

    @property
    def effect(self) -> Effect:
        """What ten points more on the score are linked to, in per cent of the usual crime."""
        found = self.result.estimate(self.score)
        points, low, high = (self.per_cent(value) for value in (found.estimate, *found.reliable))
        return Effect(f"ten points more {score_in(self.score)}", points, low, high, found.p, "%")

    def per_cent(self, slope: float) -> float:
        """A `slope` per point of the score as per cent of the usual crime for ten points."""
        return per_cent(slope, self.result.spec, self.usual)


def per_cent(slope: float, spec: ModelSpec, usual: float) -> float:
    """A `slope` of `spec` per point of the score as per cent of the `usual` crime for ten points."""
    relative = spec.relative or spec.outcome.startswith(LOGARITHM)
    return POINTS * (math.expm1(TEN * slope) if relative else TEN * slope / usual)


def covariance_of(kind: str) -> Covariance:
    """The covariance of one of the kinds of error in :data:`ERRORS`."""
    kinds: Mapping[str, Covariance] = {MSOA: "cluster", DISTRICT: "cluster", "conley": "conley", "HC1": "HC1"}
    return kinds.get(kind, "classical")


def measure_of(outcome: str) -> str:
    """The measure that `outcome` is, whether with outliers or without."""
    return outcome.removesuffix(TYPICAL)


def with_outliers(outcome: str) -> bool:
    """Whether `outcome` keeps the LSOAs that stand apart."""
    return not outcome.endswith(TYPICAL)


def short_label(outcome: str) -> str:
    """'ln(rate), outliers out', for where there is little room."""
    return f"{SHORT[measure_of(outcome).removeprefix(RELATIVE)]}{'' if with_outliers(outcome) else ', outliers out'}"


def score_in(score: str) -> str:
    """'on the deprivation score'."""
    return f"on the {lower_first(SCORE_LABELS[score])}"


def caveats(basis: Basis) -> tuple[str, ...]:
    """What to know of crime and deprivation in a place with the figures of `basis`."""
    return (
        "**Recorded crime** is what the police recorded and placed, not all crime. As in the study, it holds incidents "
        "of anti-social behaviour where they are published. Each record is published at the "
        "nearest of a fixed list of points, which can lie in the LSOA next door.",
        "**Residents are not the same as people present.** City centres, stations and shopping centres have many "
        "visitors and few residents, so that their rates are high whatever the risk of one person there.",
        f"**The deprivation data are older.** The Index of Multiple Deprivation {basis.index} rests mostly on figures "
        f"of {basis.measured}; higher scores are more deprived.",
        "**The index contains crime.** Its crime domain has a weight of 9.3%, so that a part of the association "
        "is built in.",
    )


def crime_text(outcome: str) -> str:
    """What there is more of: 'recorded crime', 'recorded crime per resident'."""
    return f"recorded crime{' per resident' if PER_RESIDENT in outcome else ''}"


def percent_interval(low: float, high: float) -> str:
    """'95% interval +21.4 to +25.7%'."""
    return f"95% interval {interval_text(low, high, 1)}%"


def crime_answer(summary: ModelSummary, place: str) -> str:
    """The page's answer in one sentence: how much more crime, and how much of the differences."""
    found, effects = summary.effect, summary.result.spec.effects
    where = f"In {_counted(summary)} small areas (LSOAs) of {the(place)}{_compared(effects)}"
    answer, association = verdict(found), f"{found.step} are linked to {more(found, summary.outcome)}"
    return f"{answer}{', in this model' if found.clear else ''}. {where}, {association}, and {_accounts(summary)}."


def _counted(summary: ModelSummary) -> str:
    used, every = summary.result.n, summary.lsoas
    return f"the {every:,}" if used == every else f"{used:,} of the {every:,}"


def _compared(effects: tuple[str, ...]) -> str:
    if MSOA in effects:
        return ", comparing those of the same MSOA"
    return ", comparing those of the same district" if DISTRICT in effects else ""


def verdict(found: Effect) -> str:
    """Whether more crime is linked to more deprivation, in a word or two."""
    if not found.clear:
        return "No clear association"
    return "Yes" if found.value > 0 else "No: less, not more"


def more(found: Effect, outcome: str) -> str:
    """How much more crime, or less: '23.5% more recorded crime per resident (95% interval +21.4 to +25.6%)'."""
    direction = "more" if found.value > 0 else "less"
    sentence = f"{number(abs(found.value), 1)}% {direction} {crime_text(outcome)}"
    unclear = "" if found.clear else ", so there may be no difference"
    return f"{sentence} ({percent_interval(found.low, found.high)}){unclear}"


def _accounts(summary: ModelSummary) -> str:
    effects = summary.result.spec.effects
    within = MSOA if MSOA in effects else DISTRICT if DISTRICT in effects else ""
    inside = f" within {within}s" if within else ""
    return f"the score accounts for {share_text(summary.share)} of the differences{inside}"


def share_text(share: ExplainedShare) -> str:
    """'31% (27 to 36%)'."""
    sentence = f"{number(share.r2 * POINTS, 0)}%"
    if math.isnan(share.low):
        return sentence
    return f"{sentence} ({number(share.low * POINTS, 0)} to {number(share.high * POINTS, 0)}%)"


def by_place(table: pd.DataFrame) -> dict[str, dict[Any, Any]]:
    """The rows of :func:`core.crime.deprivation.analysis.associations` by place."""
    return {row["place"]: row for row in table.to_dict("records")}


def reported(findings: pd.Series, table: pd.DataFrame) -> str:
    """What the study printed for all districts, and what that number is.

    Parameters
    ----------
    findings
        Values of the findings by id.
    table
        As :func:`core.crime.deprivation.analysis.associations` returns it.
    """
    row = by_place(table)[EVERYWHERE]
    return (
        f"The study printed {number(findings['r2-all'], 3)} for all districts and called it r. It is {R_SQUARED}, the "
        f"share of the differences that the score accounts for; the correlation r is {signed(row['r'])} "
        f"(95% interval {interval_text(row['r_low'], row['r_high'])})."
    )


def crime_card(summary: ModelSummary) -> list[str]:
    """What a model's card says: the headline, what it is of, the coefficient, what the score accounts for."""
    found, estimate = summary.effect, summary.result.estimate(summary.score)
    relative = summary.result.spec.relative
    digits = 4 if relative or summary.outcome.startswith(LOGARITHM) else 2
    of = f"ln(expected {lower_first(LABELS[summary.outcome])})" if relative else lower_first(LABELS[summary.outcome])
    return [
        f"{signed(found.value, 1)}%",
        f"{crime_text(summary.outcome)} for {found.step}; {percent_interval(found.low, found.high)}",
        f"Coefficient {number(estimate.estimate, digits)}, {of} per point of the score "
        f"(standard error {number(estimate.std_error, digits)}, p-value {probability(estimate.p)})",
        f"{effects_text(summary.result.spec.effects)}; {_accounts(summary)}",
    ]


def effects_text(effects: tuple[str, ...]) -> str:
    """'District effects', 'No effects'; those of MSOAs, which lie inside districts, where a model has both."""
    return EFFECTS[next((name for name in (MSOA, DISTRICT) if name in effects), "")].label


def rank_certainty(table: pd.DataFrame) -> str:
    """How sure it is that the strongest and the weakest district really are.

    Parameters
    ----------
    table
        As :func:`core.crime.deprivation.analysis.associations` returns it.
    """
    known = sorted(by_place(table[table["strongest"].notna()]).values(), key=lambda row: -row["r"])
    if len(known) < 2:
        return ""
    first, last = known[0], known[-1]
    return (
        f"Of the {number_word(len(known))} districts, we are {_chance(first['strongest'])} sure that the link is "
        f"strongest in {first['place']}, and {_chance(last['weakest'])} sure that it is weakest in {last['place']} "
        f"(from {DRAWS:,} draws of what each correlation may be)."
    )


def _chance(share: float) -> str:
    if share > 0.99:
        return "over 99%"
    return f"{number(share * POINTS, 0)}%"


def ranks_reported(texts: pd.Series, table: pd.DataFrame) -> str:
    """Which districts the study named, next to those that its own measure gives.

    Parameters
    ----------
    texts
        Findings in words, by id.
    table
        Associations of the study's measure.
    """
    known = {place: row["r"] for place, row in by_place(table).items() if place != EVERYWHERE}
    strongest, weakest = max(known, key=known.__getitem__), min(known, key=known.__getitem__)
    return (
        f"The study named {texts['strongest-district']} as the strongest and {texts['weakest-district']} as the "
        f"weakest, and did not look at Dudley. On its own measure {strongest} is strongest "
        f"({signed(known[strongest])}) and {weakest} weakest ({signed(known[weakest])})."
    )


def moran_text(found: Moran, score: str, model: str) -> str:
    """Moran's I of the residuals of a `model`, as it is called, and what it means."""
    sentence = (
        f"Moran's I of the residuals of {model} is {signed(found.statistic)} (p-value {probability(found.p)} against "
        f"{found.permutations:,} random arrangements, whose mean is {signed(found.expected)})."
    )
    if found.p >= SIGNIFICANCE:
        return f"{sentence} What the model misses in one LSOA says nothing about its neighbours."
    likeness = "more" if found.statistic > found.expected else "less"
    return (
        f"{sentence} Neighbouring areas are {likeness} alike than the {lower_first(SCORE_LABELS[score])} and chance "
        "explain."
    )


def moran_errors(found: Moran, groups: Collection[str]) -> str:
    """What likeness of neighbours does to each kind of error.

    Parameters
    ----------
    groups
        Districts and MSOAs, where there are several to cluster errors by.
    """
    if found.p >= SIGNIFICANCE:
        return f"So errors that count every LSOA as independent lose little here. {MORAN_SCALE}"
    sentence = "Errors that count every LSOA as independent (classical, robust) leave that out and can be too small."
    if MSOA in groups:
        sentence += " Clustering by MSOA allows for likeness within an MSOA, not across its boundary."
    if DISTRICT in groups:
        sentence += " Clustering by district allows for nearly all of it, but there are only a few districts."
    return f"{sentence} {MORAN_SCALE}"
