"""What the questions on force and trust share: scores, controls, preset models and words."""

from collections.abc import Mapping
from dataclasses import replace

from core.questions import alternatives
from core.questions.alternatives import Alternative
from core.questions.question import AS_PUBLISHED, FIRST_EDITION, RECOMMENDED, Question
from core.questions.vocabulary import Kinds, Vocabulary, steps
from core.stats.regression import ModelSpec, Sample
from core.tables.options import LAGS, Form
from core.tables.panel import PERIODS_PER_YEAR
from core.tables.quarters import quarters_between

LONDON_SCORES = (
    "score_mean_of_8",
    "score_trust",
    "trust_mps",
    "good_job_local",
    "treat_everyone_fairly",
    "relied_on_to_be_there",
    "listen_to_concerns",
    "understand_issues",
    "informed_local",
    "contact_ward_officer",
)
LONDON_CONTROLS = ("crime_per_1000", "imd_score")
LONDON_EFFECTS = ("borough", "quarter")
LONDON_FIRST, LONDON_LAST = "2017Q2", "2023Q4"
# The Met recorded three times as much force at the end of 2018 as in spring 2017: a new form came into use, so that
# until then a rise says more of recording than of force.
LAST_UNSETTLED = "2018Q4"
# The first quarter whose 12 months all lie after that.
FIRST_SETTLED_YEAR = quarters_between(LAST_UNSETTLED, LONDON_LAST)[PERIODS_PER_YEAR]
CAVEAT = (
    "These are associations between figures for whole boroughs. They do not show that force changes trust, and they "
    "say nothing about individuals: those who meet force and those who answer the survey are mostly not the same."
)
RATINGS = "ratings of the police"
VOCABULARY = Vocabulary(
    area="borough",
    areas="boroughs",
    period="quarter",
    periods="quarters",
    rows="borough-quarters",
    everywhere="all of London",
    outcome="score",
    counted="force",
    all_records="records",
    kind="records with {label}",
    kinds=Kinds("records of one kind", "records of one kind", "record of one kind"),
    all_kinds="records of all {count} kinds",
    unit="points",
    factor=100,
    steps=steps(count=100, whole="records"),
    expected=-1,
    overlap="survey figures of neighbouring quarters share three quarters of their interviews",
    caveat=CAVEAT,
)


SAMPLES: Mapping[str, Sample] = {
    "all": Sample("All quarters"),
    "settled_years": Sample("Whole 12 months from 2019", start=FIRST_SETTLED_YEAR),
    "settled": Sample("From 2019 on", start="2019Q1"),
    "before_pandemic": Sample("Up to 2019", end="2019Q4"),
    "apart": Sample("Every fourth quarter", non_overlapping=True),
}


def _alternatives(forms: tuple[Form, ...]) -> tuple[Alternative, ...]:
    """What could be defended as well as the recommended model of a question with `forms`, that of the study first."""
    per_resident: Form = "log_per_1000" if forms[0] == "log" else "per_1000"
    return (
        Alternative("Force of the quarter alone", alternatives.PERIODS, {"window": "quarter"}),
        Alternative("Force a quarter earlier", alternatives.TIMING, {"lag": 1}),
        Alternative("From January 2019", alternatives.YEARS, {"start": "2019Q1"}),
        Alternative("All years from 2017", alternatives.YEARS, {"start": ""}),
        Alternative("Every fourth quarter", alternatives.YEARS, {"non_overlapping": True}),
        Alternative("Trust in the Met alone", alternatives.MEASURE, {"outcome": "trust_mps"}),
        Alternative("The six measures of trust", alternatives.MEASURE, {"outcome": "score_trust"}),
        Alternative("Force per resident", alternatives.FORM, {"form": per_resident}),
        Alternative("Boroughs weighted by residents", alternatives.WEIGHT, {"weights": "population"}),
        Alternative("Recorded crime held constant", alternatives.CONTROLS, {"controls": ("crime_per_1000",)}),
        Alternative("Errors related within quarters too", alternatives.ERRORS, {"covariance": "two_way"}),
        Alternative("Errors related across London", alternatives.ERRORS, {"covariance": "driscoll_kraay"}),
    )


def london_question(
    page: str, title: str, linked: str, predictors: tuple[str, ...], forms: tuple[Form, ...]
) -> Question:
    """A question that the study put to boroughs and quarters: its model, and the recommended one.

    Recommended is chosen on meaning, not by its result. The survey covers 12 months, so force is counted over the same
    12 months; and only windows that lie after the years in which recording spread are used.

    Parameters
    ----------
    linked
        What may be linked to ratings of the police, in plain words.
    forms
        Forms on offer, that of the study first.
    """
    published = ModelSpec(
        outcome="score_mean_of_8",
        predictors=predictors,
        form=forms[0],
        start=LONDON_FIRST,
        end=LONDON_LAST,
        covariance="classical",
    )
    first_edition = replace(published, effects=LONDON_EFFECTS, covariance="cluster", start="", end="")
    recommended = replace(first_edition, window="year", start=FIRST_SETTLED_YEAR)
    return Question(
        page=page,
        study="london",
        title=title,
        vocabulary=VOCABULARY,
        outcomes=LONDON_SCORES,
        predictors=predictors,
        controls=LONDON_CONTROLS,
        forms=forms,
        presets={AS_PUBLISHED: published, RECOMMENDED: recommended, FIRST_EDITION: first_edition},
        responses=("level", "log"),
        windows=("quarter", "year"),
        lags=LAGS,
        effects=LONDON_EFFECTS,
        weights=("equal", "population"),
        choose_sample=True,
        changes=True,
        trends=True,
        squares=True,
        moderators=("inner_outer",),
        samples=SAMPLES,
        alternatives=_alternatives(forms),
        pair=(linked, RATINGS),
    )
