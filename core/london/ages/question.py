"""Does it matter for trust how old the person is?"""

from dataclasses import replace

from core.london.questions import london_question
from core.questions.question import RECOMMENDED, Question
from core.stats.regression import ModelSpec

AGE_BANDS = ("age_under_18", "age_18_34", "age_35_49", "age_50_plus")
LONDON_AGES = london_question(
    "london_ages",
    "Does it matter for trust how old the person is?",
    "the age of people subjected to force",
    AGE_BANDS,
    ("count", "per_1000", "share", "log"),
)


def ages_between(band: str, recovered: bool) -> Question:
    """The comparison of boroughs by one age band, all that totals by age allow; records with a spoiled age or not."""
    spec = ModelSpec(outcome="score_mean_of_8", predictors=(band,), form="share", covariance="HC1")
    return replace(
        LONDON_AGES,
        study="london_ages" if recovered else "london_ages_dropped",
        predictors=(band,),
        forms=("share", "per_1000"),
        presets={RECOMMENDED: spec},
        windows=("quarter",),
        lags=(0,),
        effects=(),
    )
