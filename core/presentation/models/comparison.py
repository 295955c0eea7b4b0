"""What a model compares with what, and on which rows, as clauses of a sentence."""

from core.presentation.numbers import number_word, quoted, upper_first
from core.questions.vocabulary import Vocabulary
from core.stats.regression import FitResult, ModelSpec
from core.stats.regression.errors import listed, one
from core.tables.catalogue import Catalogue
from core.tables.panel import PERIODS_PER_YEAR
from core.tables.quarters import period_label

SINGLE_STEP = "from one {period} to the next"
OWN_TREND = ", apart from its own trend"
NAMED = 3  # areas beyond which a sentence has their number only


def comparison(result: FitResult, vocabulary: Vocabulary) -> str:
    """What the model compares with what, from the effects it absorbs and the areas and periods that it has."""
    effects, fill = result.spec.effects, vocabulary.fill
    area, period = vocabulary.area in effects, bool(vocabulary.period) and vocabulary.period in effects
    if result.spec.differences:
        return _changes(result, vocabulary)
    trend = OWN_TREND if result.spec.trends else ""
    if area and result.n_areas == 1:
        return fill(f"Comparing one {{area}} with itself over time{trend}")
    if area:
        return fill(f"Comparing each {{area}} with itself over time{trend}") + (
            _shared(result, vocabulary) if period else ""
        )
    groups = [name for name in effects if name not in (vocabulary.area, vocabulary.period)]
    if period and result.n_periods > 1:
        return fill("Comparing {areas} with each other within the same {period}")
    if groups:
        return fill(f"Comparing {{areas}} of the same {one(groups[-1])}")
    return _as_they_are(result, vocabulary)


def _changes(result: FitResult, vocabulary: Vocabulary) -> str:
    """What changes are compared: those of areas, over one period or over four."""
    fill, spec = vocabulary.fill, result.spec
    over = fill(f"over {number_word(PERIODS_PER_YEAR)} {{periods}}") if spec.non_overlapping else SINGLE_STEP
    if result.n_areas == 1:
        return fill(f"Comparing the changes of one {{area}} {over} with each other")
    shared = _shared(result, vocabulary) if vocabulary.period in spec.effects else ""
    return fill(f"Comparing the changes of {{areas}} {over}") + shared


def _shared(result: FitResult, vocabulary: Vocabulary) -> str:
    """What effects of the period take out of a comparison over time."""
    return f", and taking out what happened in {_everywhere(result, vocabulary)}"


def absorbed(spec: ModelSpec, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The effects of `spec` that play a part: of changes those of the period alone."""
    return tuple(name for name in spec.effects if not spec.differences or name == vocabulary.period)


def effects_named(spec: ModelSpec, vocabulary: Vocabulary) -> str:
    """'borough and quarter effects', 'no effects', 'borough effects and borough trends'."""
    names = absorbed(spec, vocabulary)
    trends = f" and {vocabulary.area_noun} trends" if spec.trends else ""
    return f"{' and '.join(map(one, names))} effects{trends}" if names else "no effects"


def _everywhere(result: FitResult, vocabulary: Vocabulary) -> str:
    """Where that happened which effects of the period take out: everywhere only if every area may be in the model."""
    return vocabulary.fill("all of these {areas}") if result.spec.areas else vocabulary.everywhere


def _as_they_are(result: FitResult, vocabulary: Vocabulary) -> str:
    """Without effects: areas, periods or both, by how many of them there are."""
    fill = vocabulary.fill
    if result.n_areas == 1:
        return fill("Comparing the {periods} of one {area} with each other")
    if result.n_periods == 1 and vocabulary.period:
        return fill("Comparing {areas} with each other in one {period}")
    every = "" if result.spec.areas else "all "
    both = f"{every}{{areas}} and {{periods}}" if vocabulary.period else f"{every}{{areas}}"
    return fill(f"Comparing {both} as they are")


def extent(result: FitResult, vocabulary: Vocabulary) -> str:
    """The rows in words where they can be chosen: 'October to December 2019 to ..., in 3 boroughs'; may be empty."""
    parts = [_periods(result, vocabulary)] if vocabulary.period else []
    areas = result.spec.areas
    if areas and len(areas) <= NAMED:
        parts.append(f"in {listed(sorted(areas))}")
    elif areas:
        parts.append(f"in {number_word(result.n_areas)} {vocabulary.areas}")
    return ", ".join(parts)


def _periods(result: FitResult, vocabulary: Vocabulary) -> str:
    first, last = period_label(result.first_period), period_label(result.last_period)
    span = first if first == last else f"{first} to {last}"
    return f"{span}, every fourth {vocabulary.period_noun}" if result.spec.non_overlapping and first != last else span


def differs_note(result: FitResult, catalogue: Catalogue) -> str:
    """What the one number stands for where the association may differ, as sentences after others; empty elsewhere."""
    spec = result.spec
    groups = (
        f" Each group of {quoted(catalogue.label(spec.moderator))} has an association of its own; the one stated is "
        "their mean."
        if spec.moderator
        else ""
    )
    bent = (
        " The association changes with the size of the predictor; the one stated holds at its mean."
        if spec.squares
        else ""
    )
    return groups + bent


def wide_note(result: FitResult, vocabulary: Vocabulary) -> str:
    """What effects of the period take out besides accidents, in a sentence; empty without them."""
    if not vocabulary.period or vocabulary.period not in result.spec.effects:
        return ""
    same = f"any link that is the same in {_everywhere(result, vocabulary)}"
    return upper_first(f"{vocabulary.period_noun} effects also take out {same}.")
