"""What an estimator of standard errors finds."""

from dataclasses import dataclass

from core.stats.regression.columns import Floats


@dataclass(frozen=True, eq=False)
class ErrorCovariance:
    """Covariance of the coefficients, with a description.

    Parameters
    ----------
    matrix
        Shape (k, k).
    df
        Degrees of freedom of the t distribution.
    note
        Description of the estimator, in one sentence.
    clusters
        Names and numbers of the clusters, e.g. ``(("borough", 32),)``.
    warnings
        Sentences about what makes these errors unreliable.
    """

    matrix: Floats
    df: int
    note: str
    clusters: tuple[tuple[str, int], ...] = ()
    warnings: tuple[str, ...] = ()
