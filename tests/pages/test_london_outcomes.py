from core.links import to_query
from core.questions import AS_PUBLISHED, LONDON_OUTCOMES, RECOMMENDED
from core.regression import ModelSpec
from tests.pages.visiting import Visit

PAGE = LONDON_OUTCOMES.page
PUBLISHED, BEST = LONDON_OUTCOMES.presets[AS_PUBLISHED], LONDON_OUTCOMES.presets[RECOMMENDED]


def spec_of(page: Visit) -> ModelSpec:
    spec = page.agrees("ModelSpec", "Focus").view("ModelSpec")
    assert isinstance(spec, ModelSpec)
    return spec


def test_presets_change_the_answer_and_come_back() -> None:
    page = Visit(PAGE)
    answer = page.answer
    assert spec_of(page) == BEST
    page.set(preset=AS_PUBLISHED)
    assert spec_of(page) == PUBLISHED
    assert page.answer != answer
    page.set(preset=RECOMMENDED)
    assert (spec_of(page), page.answer) == (BEST, answer)


def test_kinds_can_be_left_out_down_to_one_but_not_to_none() -> None:
    page = Visit(PAGE, to_query(PUBLISHED))
    page.set(predictors=["hospitalised", "arrested"])
    assert spec_of(page).predictors == ("arrested", "hospitalised")
    page.set(predictors=["hospitalised"])
    answer = page.answer
    page.set(predictors=[])
    assert page.query["predictors"] == "none"
    (sentence,) = page.refusals
    assert "choose at least one" in sentence
    assert page.answer == answer
    page.set(preset=RECOMMENDED)
    assert not page.refusals
    assert spec_of(page) == BEST


def test_a_link_restores_kinds_and_the_one_looked_at_closer() -> None:
    page = Visit(PAGE, to_query(PUBLISHED) | {"predictors": "arrested|other_outcome", "term": "other_outcome"})
    assert page.value("predictors") == ["arrested", "other_outcome"]
    assert page.value("term") == "other_outcome"
    assert spec_of(page).predictors == ("arrested", "other_outcome")
    page.go("data").go(PAGE)
    assert (page.value("term"), spec_of(page).predictors) == ("other_outcome", ("arrested", "other_outcome"))
