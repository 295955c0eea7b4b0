"""Several outcomes side by side: the title counts those that are clear after adjusting."""

from dataclasses import replace

from core.london.amount.question import LONDON_AMOUNT
from core.london.questions import VOCABULARY
from core.presentation.models.outcome_figures import ADJUSTED, outcomes_figure
from core.stats.panels.outcomes import OutcomeFound, SideBySide
from core.tables.catalogue import Catalogue
from tests.panels import estimate_of

SPEC = replace(LONDON_AMOUNT.recommended, outcome="trust_mps")
FOUND = SideBySide(
    {
        "trust_mps": OutcomeFound(estimate_of(4.0), 0.0001, 800),
        "score_trust": OutcomeFound(estimate_of(2.2), 0.07, 800),
        "good_job_local": OutcomeFound(estimate_of(0.1), 0.9, 790),
    },
    {},
)


def test_title_counts_what_is_clear_after_adjusting(catalogue: Catalogue) -> None:
    figure = outcomes_figure(FOUND, SPEC, catalogue, VOCABULARY)
    assert figure.title == "One of the three outcomes is clearly associated, with p-values adjusted for three (Holm)"
    assert list(figure.table[ADJUSTED]) == [0.0001, 0.07, 0.9]
    assert list(figure.table["Rows"]) == [800, 800, 790]
    none = outcomes_figure(SideBySide({"score_trust": FOUND.found["score_trust"]}, {}), SPEC, catalogue, VOCABULARY)
    assert none.title.startswith("The one outcome is not clearly")
