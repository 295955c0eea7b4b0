"""What a page asks, as data: which figures, which predictors, which preset models, and what things are called."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from core.questions.alternatives import Alternative
from core.questions.vocabulary import Vocabulary
from core.stats.regression import ModelSpec, Sample
from core.tables.options import COVARIANCES, SPATIAL, Covariance, Form, Response, Weights, Window

AS_PUBLISHED = "as_published"
RECOMMENDED = "recommended"
FIRST_EDITION = "first_edition"
PRESET_LABELS: Mapping[str, str] = {
    AS_PUBLISHED: "As published",
    RECOMMENDED: "Recommended",
    FIRST_EDITION: "First edition",
}


@dataclass(frozen=True)
class Question:
    """One question put to one panel; what it offers is what the sidebar, the link and the curve offer.

    Parameters
    ----------
    page
        Name of the page, its file in ``pages/`` and its URL path.
    study
        Whose panel it is put to.
    title
        The question, in the reader's words.
    pair
        What may be linked to what, as the summary says it: ``("police use of force", "ratings of the police")``.
    vocabulary
        What things are called.
    outcomes, predictors, controls
        Panel columns on offer.
    forms
        Forms on offer for the predictors.
    presets
        Preset models by name: *Recommended* is what we stand by; *As published* repeats a study, where there is one;
        *First edition* is what was recommended before, where that was another model.
    responses, windows, lags, effects, covariances, clusters, weights
        Alternatives on offer for these fields of a model; `effects` and `clusters` are keys of the panel.
    choose_sample
        Whether a reader may choose periods and areas.
    changes
        Whether changes from one period to the next may be compared in place of levels.
    trends
        Whether a trend of each area may be taken out.
    squares
        Whether the association may change with the predictor's size.
    moderators
        Columns that group areas, by which the association may differ.
    several
        Whether several predictors can be in the model together.
    samples
        Samples of the specification curve, by the names that links have for them; the halves of the panel without.
    alternatives
        Other ways of asking that could be defended as well, by which the answer is judged.
    free_choice
        Whether predictors are any columns of a table rather than those of one question, so that not all need values.
    """

    page: str
    study: str
    title: str
    vocabulary: Vocabulary
    outcomes: tuple[str, ...]
    predictors: tuple[str, ...]
    controls: tuple[str, ...]
    forms: tuple[Form, ...]
    presets: Mapping[str, ModelSpec]
    responses: tuple[Response, ...] = ("level",)
    windows: tuple[Window, ...] = ("quarter",)
    lags: tuple[int, ...] = (0,)
    effects: tuple[str, ...] = ()
    covariances: tuple[Covariance, ...] = tuple(name for name in COVARIANCES if name not in SPATIAL)
    clusters: tuple[str, ...] = ("",)
    weights: tuple[Weights, ...] = ("equal",)
    choose_sample: bool = False
    changes: bool = False
    trends: bool = False
    squares: bool = False
    moderators: tuple[str, ...] = ()
    several: bool = True
    samples: Mapping[str, Sample] = field(default_factory=dict)
    alternatives: tuple[Alternative, ...] = ()
    pair: tuple[str, str] = ("", "")
    free_choice: bool = False

    def __hash__(self) -> int:
        return hash((self.page, self.study, self.title))

    @property
    def recommended(self) -> ModelSpec:
        """The model that we stand by."""
        return self.presets[RECOMMENDED]

    @property
    def published(self) -> ModelSpec | None:
        """The model of a study, if one asked this question."""
        return self.presets.get(AS_PUBLISHED)

    def answerable(self, columns: Collection[str]) -> bool:
        """Whether a panel with `columns` has every predictor of the question."""
        return all(name in columns for name in self.predictors)

    def preset_of(self, spec: ModelSpec) -> str | None:
        """Name of the preset that `spec` equals, if any."""
        return next((name for name, preset in self.presets.items() if preset == spec), None)
