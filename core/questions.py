"""The questions the app answers, as data: which figures, which predictors, which preset models.

A question is one page. Adding one is adding an entry here and a thin page of the same name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.options import Form
from core.regression.spec import ModelSpec

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

_AMOUNT_AS_PUBLISHED = ModelSpec(
    outcome="score_mean_of_8",
    predictors=("records",),
    form="log",
    start="2017Q2",
    end="2023Q4",
    covariance="classical",
)

LONDON_AMOUNT = Question(
    page="london_amount",
    study="london",
    title="Is trust lower where police use more force?",
    outcomes=LONDON_SCORES,
    predictors=("records",),
    controls=LONDON_CONTROLS,
    forms=("log", "log_per_1000", "per_1000", "count"),
    presets={
        AS_PUBLISHED: _AMOUNT_AS_PUBLISHED,
        RECOMMENDED: replace(_AMOUNT_AS_PUBLISHED, effects=LONDON_EFFECTS, covariance="cluster", start="", end=""),
    },
)

QUESTIONS = (LONDON_AMOUNT,)
