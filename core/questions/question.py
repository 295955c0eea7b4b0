"""The questions the app answers, as data: which figures, which predictors, which preset models.

A question is one page. Adding one is adding an entry here and a thin page of the same name.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from core.stats.regression.spec import ModelSpec
from core.tables.options import Form

MSOA, DISTRICT = "MSOA", "district"

AS_PUBLISHED = "as_published"
RECOMMENDED = "recommended"
PRESET_LABELS: Mapping[str, str] = {AS_PUBLISHED: "As published", RECOMMENDED: "Recommended"}


@dataclass(frozen=True)
class Question:
    """One question put to one panel.

    Parameters
    ----------
    page
        Name of the page, its file in ``pages/`` and its URL path.
    study
        Whose panel it is put to.
    title
        The question, in the reader's words.
    outcomes, predictors, controls
        Panel columns on offer.
    forms
        Forms on offer for the predictors.
    presets
        Preset models by name; *As published* repeats the study, *Recommended* is what we stand by.
    """

    page: str
    study: str
    title: str
    outcomes: tuple[str, ...]
    predictors: tuple[str, ...]
    controls: tuple[str, ...]
    forms: tuple[Form, ...]
    presets: Mapping[str, ModelSpec]

    def answerable(self, columns: Collection[str]) -> bool:
        """Whether a panel with `columns` has every predictor of the question."""
        return all(name in columns for name in self.predictors)

    def preset_of(self, spec: ModelSpec) -> str | None:
        """Name of the preset that `spec` equals, if any."""
        return next((name for name, preset in self.presets.items() if preset == spec), None)


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


def _presets(predictors: tuple[str, ...], form: Form) -> dict[str, ModelSpec]:
    """The study's model of `predictors`, and the one that compares each borough with itself."""
    published = ModelSpec(
        outcome="score_mean_of_8",
        predictors=predictors,
        form=form,
        start=LONDON_FIRST,
        end=LONDON_LAST,
        covariance="classical",
    )
    recommended = replace(published, effects=LONDON_EFFECTS, covariance="cluster", start="", end="")
    return {AS_PUBLISHED: published, RECOMMENDED: recommended}


LONDON_AMOUNT = Question(
    page="london_amount",
    study="london",
    title="Is trust lower where police use more force?",
    outcomes=LONDON_SCORES,
    predictors=("records",),
    controls=LONDON_CONTROLS,
    forms=("log", "log_per_1000", "per_1000", "count"),
    presets=_presets(("records",), "log"),
)

OUTCOMES_OF_FORCE = ("arrested", "hospitalised", "detained_mental_health_act", "other_outcome")
LONDON_OUTCOMES = Question(
    page="london_outcomes",
    study="london",
    title="Does it matter for trust what happens to the person?",
    outcomes=LONDON_SCORES,
    predictors=OUTCOMES_OF_FORCE,
    controls=LONDON_CONTROLS,
    forms=("count", "per_1000", "share", "log"),
    presets=_presets(OUTCOMES_OF_FORCE, "count"),
)

AGE_BANDS = ("age_under_18", "age_18_34", "age_35_49", "age_50_plus")
LONDON_AGES = Question(
    page="london_ages",
    study="london",
    title="Does it matter for trust how old the person is?",
    outcomes=LONDON_SCORES,
    predictors=AGE_BANDS,
    controls=LONDON_CONTROLS,
    forms=("count", "per_1000", "share", "log"),
    presets=_presets(AGE_BANDS, "count"),
)


def ages_between(band: str, recovered: bool) -> Question:
    """The comparison of boroughs by one age band, all that totals by age allow; records with a spoiled age or not."""
    spec = ModelSpec(outcome="score_mean_of_8", predictors=(band,), form="share", covariance="HC1")
    return Question(
        page=LONDON_AGES.page,
        study="london_ages" if recovered else "london_ages_dropped",
        title=LONDON_AGES.title,
        outcomes=LONDON_SCORES,
        predictors=(band,),
        controls=LONDON_CONTROLS,
        forms=("share", "per_1000"),
        presets={RECOMMENDED: spec},
    )


QUESTIONS = (LONDON_AMOUNT, LONDON_OUTCOMES, LONDON_AGES)


CRIME_PAGE, CRIME_TITLE = "crime_deprivation", "Does crime go with deprivation?"


def crime_and_deprivation(
    place: str, outcomes: tuple[str, ...], scores: tuple[str, ...], districts: int, msoas: int
) -> Question:
    """Whether crime goes with deprivation, put to the small areas of one place.

    *As published* is the study's model: the count of records on the score, errors of equal spread. *Recommended* takes
    the logarithm of records per resident, because some LSOAs have five times the residents of others and a handful of
    city-centre LSOAs with thousands of records would else decide the line; compares LSOAs of the same district, because
    districts differ in more than deprivation; and clusters errors by MSOA, because neighbours are alike (districts are
    too few to lean on, and no sample of others). Where a place has one district or one MSOA only, there is nothing to
    compare or to cluster by, and it does without.

    Parameters
    ----------
    place
        Name of the place among :func:`core.crime.places.choices`; the question's study.
    outcomes, scores
        Measures of crime and of deprivation that the place has, each in the order of preference.
    districts, msoas
        How many it has.
    """
    published = ModelSpec("records", scores[:1], form="count", covariance="classical", cluster=MSOA)
    recommended = replace(
        published,
        outcome="log_records_per_1000",
        effects=(DISTRICT,) if districts > 1 else (),
        covariance="cluster" if msoas > 1 else "HC1",
    )
    return Question(
        page=CRIME_PAGE,
        study=place,
        title=CRIME_TITLE,
        outcomes=outcomes,
        predictors=scores,
        controls=(),
        forms=("count",),
        presets={AS_PUBLISHED: published, RECOMMENDED: recommended},
    )
