"""Is crime higher in more deprived areas?"""

from collections.abc import Iterator
from dataclasses import replace

from core.crime.area import RATE, RELATIVE, TYPICAL
from core.questions.alternatives import ERRORS, Alternative
from core.questions.question import AS_PUBLISHED, RECOMMENDED, Question
from core.questions.vocabulary import Step, Vocabulary
from core.stats.regression import ModelSpec
from core.stats.regression.covariance.estimators import FEW_CLUSTERS
from core.tables.options import SPATIAL

MSOA, DISTRICT = "MSOA", "district"
CRIME_PAGE, CRIME_TITLE = "crime_deprivation", "Is crime higher in more deprived areas?"
PAIR = "deprivation", "recorded crime"
COUNTED, COMPARED, WEIGHED = "how crime is counted", "which neighbourhoods are compared", "how neighbourhoods count"
MEASURED = "how deprivation is measured"
VOCABULARY = Vocabulary(
    area="LSOA",
    areas="LSOAs",
    rows="LSOAs",
    outcome="recorded crime",
    counted="deprivation",
    unit="%",
    steps={"count": Step(10.0, "ten points more on the {what}")},
    expected=1,
    caveat=(
        "These are associations between figures for small areas. They do not show that deprivation leads to crime, and "
        "they say nothing about individuals who live there."
    ),
)


def crime_and_deprivation(
    place: str,
    outcomes: tuple[str, ...],
    scores: tuple[str, ...],
    districts: int,
    msoas: int,
    areas: tuple[str, ...] | None = None,
) -> Question:
    """Whether crime is higher in more deprived areas, put to the small areas of one place.

    *As published* is the study's model: the count of records on the score, errors of equal spread. *Recommended* takes
    the logarithm of records per resident, because some LSOAs have five times the residents of others and a handful of
    city-centre LSOAs with thousands of records would else decide the line; compares LSOAs of the same district, because
    districts differ in more than deprivation; and clusters errors by MSOA, because neighbours are alike (districts are
    too few to rely on, and no sample of others). Where a place has one district or one MSOA only, there is nothing to
    compare or to cluster by, and it does without.

    Parameters
    ----------
    place
        Name of the place among :func:`core.crime.places.choices`; the question's study.
    outcomes, scores
        Measures of crime and of deprivation that the place has, each in the order of preference.
    districts, msoas
        How many it has, or its `areas` have.
    areas
        Names of the LSOAs that it is put to, such as those of one district; ``None`` for all.
    """
    published = ModelSpec("records", scores[:1], form="count", areas=areas, covariance="classical", cluster=MSOA)
    recommended = replace(
        published,
        outcome=f"log_{RATE}",
        effects=(DISTRICT,) if districts > 1 else (),
        covariance="cluster" if msoas > 1 else "HC1",
    )
    groups = tuple(name for name, count in ((DISTRICT, districts), (MSOA, msoas)) if count > 1)
    return Question(
        page=CRIME_PAGE,
        study=place,
        title=CRIME_TITLE,
        vocabulary=VOCABULARY,
        outcomes=outcomes,
        predictors=scores,
        controls=(),
        forms=("count",),
        responses=("level", "poisson"),
        presets={AS_PUBLISHED: published, RECOMMENDED: recommended},
        effects=groups,
        covariances=(*(("cluster", "jackknife") if groups else ()), *SPATIAL, "HC1", "classical"),
        clusters=groups[::-1] or (MSOA,),
        weights=("equal", "population"),
        several=False,
        alternatives=tuple(_alternatives(recommended, scores, districts, msoas)),
        pair=PAIR,
    )


def _alternatives(recommended: ModelSpec, scores: tuple[str, ...], districts: int, msoas: int) -> Iterator[Alternative]:
    """What could be defended as well as the recommended model.

    Counts and rates that are no logarithms are shares of their mean, so that their effects compare with those of
    logarithms. Errors are taken to be related in whole districts only where there are enough of these to tell.
    """
    yield Alternative("Rates, not their logarithm", COUNTED, {"outcome": f"{RELATIVE}{RATE}"})
    yield Alternative("Numbers of crimes, not rates", COUNTED, {"outcome": "log_records"})
    yield Alternative("Numbers, not their logarithm", COUNTED, {"outcome": f"{RELATIVE}records"})
    yield Alternative("Without outliers", COMPARED, {"outcome": f"{recommended.outcome}{TYPICAL}"})
    if recommended.effects:
        yield Alternative("Across all districts", COMPARED, {"effects": ()})
    if msoas > 1:
        yield Alternative("Close neighbours only", COMPARED, {"effects": (MSOA,)})
    yield Alternative("Weighted by residents", WEIGHED, {"weights": "population"})
    if len(scores) > 1:
        yield Alternative("Deprivation without crime in it", MEASURED, {"predictors": scores[-1:]})
    yield Alternative("Deprivation as a logarithm", MEASURED, {"form": "log"})
    if districts >= FEW_CLUSTERS:
        yield Alternative("Errors related in a district", ERRORS, {"cluster": DISTRICT})
