"""Why a model cannot be estimated, one class per reason, each message a sentence for the reader."""

from collections.abc import Iterable


class ModelError(ValueError):
    """A model that these figures cannot answer; the message says what to change."""


class UnknownVariable(ModelError):
    """A variable, effect or term that is not there."""


class UnknownArea(ModelError):
    """An area that the panel does not have."""


class NotNumeric(ModelError):
    """A column that does not hold numbers."""


class NoPredictor(ModelError):
    """A model without a predictor."""


class RepeatedVariable(ModelError):
    """A variable that plays two parts in one model."""


class PeriodOrder(ModelError):
    """A first period that is after the last."""


class EmptySample(ModelError):
    """Choices that leave no row with a value of every variable."""


class InfiniteValue(ModelError):
    """A value that is infinite, or too large to square."""


class InvalidWeight(ModelError):
    """A weight that is zero or negative."""


class NoVariation(ModelError):
    """A variable that is the same in every row."""


class Collinear(ModelError):
    """A variable that the others, or the effects, already determine."""


class PerfectFit(ModelError):
    """An outcome that the other variables determine exactly, which leaves no error to measure."""


class TooFewRows(ModelError):
    """No more rows than unknowns."""


class TooFewClusters(ModelError):
    """Fewer clusters than an error clustered by them needs."""


class NoStandardError(ModelError):
    """A coefficient that leans on so few clusters that its clustered error is zero."""


class NoChoice(ModelError):
    """A choice of a specification curve without any alternative ticked."""


class NoSpecification(ModelError):
    """A specification curve none of whose specifications can be estimated."""


def listed(names: Iterable[str]) -> str:
    """`names` as words: ``"a, b and c"``."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
