"""Results of a regression: small, frozen, without the data."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import fdtrc, stdtr, stdtrit

from core.stats.regression.errors import NoStandardError, TooFewClusters, UnknownVariable, several
from core.stats.regression.spec import ModelSpec

Role = Literal["predictor", "interaction", "control", "constant"]
Caution = Literal["few_clusters", "few_carry_it", "one_carries_it", "near"]
LEVEL = 0.95
SINGULAR = 1e-10  # eigenvalue of a correlation matrix up to which it is one without an inverse


@dataclass(frozen=True, slots=True)
class Cautious:
    """What to say in place of a clustered interval that few clusters, or areas near each other, make too narrow.

    Parameters
    ----------
    caution
        Why: there are few clusters; there are enough, but few carry the coefficient, as where few are treated; one
        alone carries it, so that no interval can be given; or errors are related beyond the clusters, in areas near
        each other.
    effective_clusters
        Number of equal clusters that would carry as much of the coefficient; see
        :func:`core.stats.regression.covariance.jackknife.effective_clusters`.
    low, high
        The wider of the clustered 95% interval and the jackknife's or Conley's; infinite where one cluster carries all.
    """

    caution: Caution
    effective_clusters: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """One coefficient and its uncertainty.

    Parameters
    ----------
    name
        Variable, or ``"constant"``.
    role
        Role in the model.
    estimate, std_error
        In units of the outcome per unit of the variable in its form.
    df
        Degrees of freedom of the t distribution.
    wild_p
        P-value of the wild cluster bootstrap; ``None`` if it does not apply.
    cautious
        The interval to rely on where few clusters, or areas near each other, make the clustered one too narrow;
        ``None`` elsewhere.
    """

    name: str
    role: Role
    estimate: float
    std_error: float
    df: int
    wild_p: float | None = None
    cautious: Cautious | None = None
    t: float = field(init=False)
    p: float = field(init=False)
    low: float = field(init=False)
    high: float = field(init=False)

    def __post_init__(self) -> None:
        t = self.estimate / self.std_error
        low, high = self.interval(LEVEL)
        derived = {"t": t, "p": float(2 * stdtr(self.df, -abs(t))), "low": low, "high": high}
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    @property
    def reliable(self) -> tuple[float, float]:
        """The 95% interval to rely on: the cautious one where there is one and it has ends."""
        wide = self.cautious
        return (self.low, self.high) if wide is None or math.isinf(wide.high - wide.low) else (wide.low, wide.high)

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """Lower and upper end of the interval with coverage `level`, between 0 and 1."""
        if not 0 < level < 1:
            raise ValueError(f"The level of an interval is {level}; choose one between 0 and 1, such as 0.95.")
        reach = float(stdtrit(self.df, (1 + level) / 2)) * self.std_error
        return self.estimate - reach, self.estimate + reach


@dataclass(frozen=True, slots=True)
class JointTest:
    """A test that several coefficients are all zero: F statistic, its two degrees of freedom, and its p-value."""

    f: float
    df: tuple[int, int]
    p: float


@dataclass(frozen=True, slots=True)
class FitResult:
    """A fitted regression.

    Parameters
    ----------
    spec
        The specification.
    estimates
        Predictors, controls, and the constant if there are no effects.
    n, n_dropped
        Number of rows used, and of chosen rows left out because a value was missing.
    n_areas, n_periods, first_period, last_period
        Extent of the rows used.
    clusters
        Names and numbers of the clusters of the errors, e.g. ``(("borough", 32),)``; empty without.
    df
        Degrees of freedom of the t distribution.
    r2
        Share of the outcome's variance explained, effects included.
    r2_within
        Share of the variance within effects explained; ``None`` without effects.
    note
        Description of the standard errors, in one sentence.
    warnings
        Sentences about what makes the result unreliable.
    covariance
        Covariances of the coefficients, a row and a column for each of `estimates` in their order.
    """

    spec: ModelSpec
    estimates: tuple[Estimate, ...]
    n: int
    n_dropped: int
    n_areas: int
    n_periods: int
    first_period: str
    last_period: str
    clusters: tuple[tuple[str, int], ...]
    df: int
    r2: float
    r2_within: float | None
    note: str
    warnings: tuple[str, ...]
    covariance: tuple[tuple[float, ...], ...]

    def estimate(self, name: str) -> Estimate:
        """The coefficient of variable `name`."""
        for estimate in self.estimates:
            if estimate.name == name:
                return estimate
        raise UnknownVariable(f"The model has no coefficient of {name}; add it as a predictor or a control.")

    def covariance_of(self, names: tuple[str, ...]) -> NDArray[np.float64]:
        """Covariances of the coefficients of `names` among each other, shape (names, names)."""
        order = [self.estimates.index(self.estimate(name)) for name in names]
        return np.asarray(self.covariance)[np.ix_(order, order)]

    def combined(self, weights: Mapping[str, float], name: str) -> Estimate:
        """The sum of coefficients times `weights`, by the name of each, as an estimate called `name`.

        Raises
        ------
        NoStandardError
            If its standard error is only rounding error.
        """
        each, covariance = np.array(list(weights.values())), self.covariance_of(tuple(weights))
        variance = float(each @ covariance @ each)
        if variance <= SINGULAR * float(np.abs(each) @ np.sqrt(covariance.diagonal())) ** 2:
            raise NoStandardError(
                "A sum of these estimates has no standard error of this kind here: too little is left to tell it. "
                "Choose another kind of standard error, or fewer variables."
            )
        estimate = sum(weight * self.estimate(term).estimate for term, weight in weights.items())
        return Estimate(name, "predictor", estimate, math.sqrt(variance), self.df)

    @property
    def independent(self) -> int:
        """Degrees of freedom of a covariance of several coefficients: those of the t distribution, or fewer.

        A covariance by Driscoll-Kraay's kernel is an average over few independent parts of the T periods: with L lags
        3/2 T / (L + 1) (the kernel's equivalent degrees of freedom; Lazarus, Lewis, Stock and Watson 2018, "HAR
        inference: recommendations for practice", Journal of Business & Economic Statistics 36(4)).
        """
        if self.spec.covariance != "driscoll_kraay":
            return self.df
        ((_, n_periods),) = self.clusters
        return min(self.df, 3 * n_periods // (2 * (self.spec.kernel_lags + 1)))

    def wald(self, names: tuple[str, ...]) -> JointTest:
        """Test that the coefficients of `names` are all zero, by their Wald statistic.

        A covariance of `q` coefficients that is estimated from few clusters is often far too small in some direction,
        which the statistic finds. With clusters its distribution is therefore Hotelling's T-squared (1931, "The
        generalization of Student's ratio", Annals of Mathematical Statistics 2(3)): times (d - q + 1) / (d q) it is F
        with `q` and d - q + 1 degrees of freedom, where d is :attr:`independent`; without, divided by `q`, F with `q`
        and :attr:`df`. Of one coefficient the test is that of its t statistic.

        Raises
        ------
        TooFewClusters
            If there are more coefficients than degrees of freedom of the clusters.
        NoStandardError
            If the covariance has no inverse.
        """
        count, estimates = len(names), np.array([self.estimate(name).estimate for name in names])
        degrees = self.df if count == 1 else self.independent
        free = degrees - count + 1 if self.clusters else self.df
        if free < 1:
            fewest = min(self.clusters, key=lambda cluster: cluster[1])[0]
            fewer = "fewer, or fewer lags of the errors" if self.spec.covariance == "driscoll_kraay" else "fewer"
            raise TooFewClusters(
                f"There are too few {several(fewest)} to test {count} estimates together; choose {fewer}."
            )
        covariance = self.covariance_of(names)
        scale = np.sqrt(covariance.diagonal())
        correlation = covariance / np.outer(scale, scale)
        if np.linalg.eigvalsh(correlation).min() < SINGULAR:
            raise NoStandardError(
                f"These {count} estimates cannot be tested together with this kind of standard error; choose fewer, or "
                "another kind."
            )
        t = estimates / scale
        f = float(t @ np.linalg.solve(correlation, t)) / count * free / degrees
        return JointTest(f, (count, free), float(fdtrc(count, free, f)))

    def frame(self) -> pd.DataFrame:
        """One row per coefficient, for a table or a file."""
        columns = ["name", "role", "estimate", "std_error", "t", "p", "low", "high", "wild_p", "df"]
        return pd.DataFrame([asdict(estimate) for estimate in self.estimates])[columns].astype({"wild_p": float})
