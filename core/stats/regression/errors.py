"""Reasons why a model cannot be estimated: one class per reason, each with a sentence for readers."""

from collections.abc import Iterable

LONGEST_ABBREVIATION = 4  # LSOAs, but COUNTRIES


class ModelError(ValueError):
    """A model that cannot be estimated on these figures; the message says what to change."""


class UnknownVariable(ModelError):
    """A variable, effect or term that does not exist."""


class UnknownArea(ModelError):
    """An area that the panel does not have."""


class NotNumeric(ModelError):
    """A column that does not hold numbers."""


class NoPredictor(ModelError):
    """A model without a predictor."""


class RepeatedVariable(ModelError):
    """A variable that is used twice in one model."""


class PeriodOrder(ModelError):
    """A first period that is after the last."""


class EmptySample(ModelError):
    """Choices that leave no complete row."""


class InfiniteValue(ModelError):
    """A value that is infinite, or too large to square."""


class InvalidWeight(ModelError):
    """A weight that is zero or negative."""


class NotPositive(ModelError):
    """An outcome that is negative, or zero where its logarithm is needed."""


class NoPlaces(ModelError):
    """Rows have no place on the map."""


class NotTogether(ModelError):
    """Two choices that exclude each other."""


class Separated(ModelError):
    """Zeros of an outcome that the variables determine, so that a Poisson regression has no estimate."""


class NoConvergence(ModelError):
    """An estimate that was not found in as many steps as one visitor may have."""


class NoVariation(ModelError):
    """A variable that is the same in every row."""


class Collinear(ModelError):
    """A variable that the others, or the effects, already determine."""


class PerfectFit(ModelError):
    """An outcome that the other variables determine exactly, which leaves no error to measure."""


class TooFewRows(ModelError):
    """No more rows than unknowns."""


class TooCostly(ModelError):
    """A model that would take more time or memory than one visitor may have."""


class TooFewClusters(ModelError):
    """Fewer clusters than a clustered standard error needs."""


class NoStandardError(ModelError):
    """A coefficient determined by so few clusters that its clustered standard error is zero."""


class NoChoice(ModelError):
    """A choice of a specification curve without any alternative ticked."""


class NoSpecification(ModelError):
    """A specification curve none of whose specifications can be estimated."""


_NOUNS = """
    area authority borough branch candidate city company constituency council country county district division
    firm force group hospital household individual municipality nation neighbourhood parish party person place
    postcode province region school state station town trust unit village ward zone
    date day half hour month period quarter round season semester survey term time wave week year
"""
COMMON = frozenset(_NOUNS.split())
_HISSED = ("ches", "shes", "xes", "zes")
_HISSED_ALONE = ("ch", "sh", "x", "z")


def listed(names: Iterable[str]) -> str:
    """`names` as a list in a sentence: ``"a, b and c"``."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def one(name: str) -> str:
    """The name of a key in a sentence, which may be any name of a visitor's column.

    A common word stands as one (``"Boroughs"``: `borough`), an abbreviation as it is, other names in quotation marks.
    """
    word = name.casefold()
    singular = word[:-3] + "y" if word.endswith("ies") else word.removesuffix("es" if word.endswith(_HISSED) else "s")
    common = next((each for each in (word, singular) if each in COMMON), "")
    is_abbreviation = name.isalpha() and name.isupper() and len(name) <= LONGEST_ABBREVIATION
    return common or (
        name if is_abbreviation else f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}"
    )


def several(name: str) -> str:
    """Several of what a key names: `countries`, `LSOAs`, `values of “firm_id”`."""
    word = one(name)
    if word in COMMON:
        if word.endswith("y") and word[-2] not in "aeiou":
            return f"{word[:-1]}ies"
        return f"{word}es" if word.endswith(_HISSED_ALONE) else f"{word}s"
    if word == name:
        return name if name.endswith("S") else f"{name}s"
    return f"values of {word}"
