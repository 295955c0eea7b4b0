"""A state-space model of the survey: a figure is the mean of four quarterly samples, each a slow level plus noise.

The sample of quarter t in borough b is ``London_t + own_bt + chance_bt``. London follows a random walk, with some noise
that all boroughs share in a quarter. The part of a borough is a permanent difference and one that fades (a first-order
autoregression). Chance is the sampling noise of the quarter's interviews. The published figure
``y_bt`` is the mean of the samples of quarters t-3 to t, rounded.

All of it is normal, so the model is written as covariances between figures rather than as a recursion: missing figures
are rows left out, the unknown quarters before the first window are integrated out, and no initial state is needed.
The likelihood and the forecasts are those of a Kalman filter on the same states. Boroughs share their variances, and
London is taken out exactly by the matrix inversion lemma, so the cost is that of one borough for each pattern of gaps.
"""

from dataclasses import astuple, dataclass
from functools import lru_cache

import numpy as np

from core.london.forecasting.scores import Floats

WINDOW = 4
# The variance of what London's first level may be, in shares squared: anything from 0 to 1.
START = 1.0
# Steps in which figures may be published, from coarse to fine.
STEPS = (0.1, 0.01, 0.001)
TINY = 1e-9


@dataclass(frozen=True)
class Variances:
    """The variances that the model estimates, in shares squared for one quarter's sample (not for the 12-month figure).

    Parameters
    ----------
    noise
        Sampling noise of one borough's quarter.
    lasting
        Differences between boroughs that stay.
    fading
        Differences that come and go.
    persistence
        Autoregressive coefficient of the fading differences per quarter (0 to 1).
    london
        Step of London's level from one quarter to the next.
    london_noise
        Noise that all boroughs share in one quarter.
    jump, london_jump
        Step of a random walk of the figures themselves, of one borough and of London: what the window does not
        explain. Near zero for the survey; without it, figures that do not roll would be taken to.
    """

    noise: float
    lasting: float
    fading: float
    persistence: float
    london: float
    london_noise: float
    jump: float
    london_jump: float


# Weak priors, so that short tables give sensible estimates: centre and width on the scale of the search. About 100
# interviews with a design effect of two leave a variance of 0.25 * 2 / 100; the rest are standard deviations of
# one to four points, and next to nothing for what the window does not explain.
POINTS = 0.01
CENTRE = np.array(
    [np.log(0.005), *(2 * np.log(POINTS * np.array([3, 4]))), 2.0, *(2 * np.log(POINTS * np.array([2, 1, 0.05, 0.05])))]
)
WIDTH = np.array([1.0, 1.5, 0.7, 0.5, 0.7, 0.8, 2.5, 2.5])
PERSISTENCE = 3
SMALLEST, LARGEST = np.full(8, np.log(1e-9)), np.zeros(8)
SMALLEST[PERSISTENCE], LARGEST[PERSISTENCE] = -2.0, 6.0
SEARCH_STEPS = 500
# The top is flat: a climb stops where the processor's rounding happens to end it, so the place of no slope is sought
# from there on, to this share of its size.
SETTLED = 1e-11
# How far from the end of the climb that place may lie on the scale of the search; where it lies further off, the top is
# at a limit and the climb has found it.
NEARBY = 0.5


def published_step(values: Floats) -> float | None:
    """The coarsest step that all figures are rounded to, such as 0.01; ``None`` where they are not rounded."""
    known = values[~np.isnan(values)]
    return next((step for step in STEPS if np.allclose(known / step, np.round(known / step), atol=1e-6)), None)


def rounding_variance(values: Floats) -> float:
    """Variance that rounding adds to each figure: its step squared over 12."""
    step = published_step(values)
    return step**2 / 12 if step else TINY


def as_published(mean: Floats, values: Floats) -> Floats:
    """`mean` in the step in which `values` are published.

    Among figures that can be published it is the likeliest to have as many on either side, and so has the smallest
    expected absolute error; a forecast between two of them is off whichever comes.
    """
    step = published_step(values)
    return np.round(mean / step) * step if step else mean


def estimate(values: Floats, start: Variances | None = None) -> Variances:
    """The variances with the highest posterior density given `values` and the weak priors above.

    Parameters
    ----------
    values
        Published shares, shape (quarters, boroughs); NaN where there is none.
    start
        Where to begin the search, such as the estimate one quarter earlier.
    """
    from scipy.optimize import Bounds, minimize, root

    figures = SurveyData(values)
    found = minimize(  # type: ignore[call-overload]
        lambda point: _descent(figures, point),
        x0=CENTRE if start is None else _point(start),
        method="L-BFGS-B",
        jac=True,
        bounds=Bounds(SMALLEST, LARGEST),
        options={"maxiter": SEARCH_STEPS, "ftol": 1e-12},
    )
    level = root(  # type: ignore[call-overload]
        lambda point: _descent(figures, point)[1], found.x, method="hybr", options={"xtol": SETTLED}
    )
    inside = ((level.x > SMALLEST) & (level.x < LARGEST)).all() and np.abs(level.x - found.x).max() < NEARBY
    return _variances(level.x if inside else found.x)


def predict(values: Floats, horizon: int, variances: Variances) -> tuple[Floats, Floats]:
    """Mean and variance of the figures of the next `horizon` quarters, each of shape (horizon, boroughs).

    The variance is that of the published figure: level, shocks, sampling noise and rounding.
    """
    figures = SurveyData(np.vstack([values, np.full((horizon, values.shape[1]), np.nan)]))
    london, borough = _covariances(len(figures.deviations), variances, figures.rounding)
    inverse = _masked_inverse(borough, figures.masks)
    precision, pull = figures.london_information(inverse)
    shrink = np.linalg.inv(np.eye(len(london)) + london @ precision)
    london_mean, london_left = shrink @ london @ pull, shrink @ london
    weights = borough[-horizon:] @ inverse
    gap = np.eye(len(london))[-horizon:] - weights
    spread = np.diag(borough)[-horizon:] - np.einsum("ght,th->gh", weights, borough[:, -horizon:])
    spread = spread + np.einsum("ght,ts,ghs->gh", gap, london_left, gap)
    observed = np.where(figures.known, figures.deviations - london_mean[:, None], 0.0)
    borough_mean = np.einsum("bht,tb->hb", weights[figures.pattern], observed)
    return figures.centre + london_mean[-horizon:, None] + borough_mean, spread[figures.pattern].T


class SurveyData:
    """Figures about their overall mean, with boroughs grouped by pattern of missing quarters.

    Parameters
    ----------
    values
        Published shares, shape (quarters, boroughs); NaN where there is none.
    """

    def __init__(self, values: Floats) -> None:
        self.known = ~np.isnan(values)
        self.rounding = rounding_variance(values)
        self.centre = float(np.nanmean(values))
        self.deviations = np.where(self.known, values - self.centre, 0.0)
        masks, self.pattern = np.unique(self.known.T, axis=0, return_inverse=True)
        self.masks = masks.astype(np.float64)
        self.members = np.eye(len(masks))[self.pattern]
        self.sums = self.deviations @ self.members

    def london_information(self, inverse: Floats) -> tuple[Floats, Floats]:
        """Precision (quarters, quarters) and information (quarters,) of all boroughs together on London's figures."""
        precision = np.einsum("g,gts->ts", self.members.sum(axis=0), inverse)
        return precision, np.einsum("gts,sg->t", inverse, self.sums)


def _descent(figures: SurveyData, point: Floats) -> tuple[float, Floats]:
    """Minus the log posterior density at `point` and its exact slope, on the scale of the search."""
    variances, away = _variances(point), (point - CENTRE) / WIDTH
    likelihood, slope = likelihood_and_slope(figures, variances)
    return 0.5 * float(away @ away) - likelihood, away / WIDTH - slope * _stretch(variances)


def likelihood_and_slope(figures: SurveyData, variances: Variances) -> tuple[float, Floats]:
    """Log-likelihood of `figures` under the model, up to a constant, and its exact slope in each of the variances.

    The slope is that of a normal likelihood, -(tr(C^-1 dC) - z' dC z) / 2 with z = C^-1 y, taken block by block: `left`
    is what is not known of London once the figures are, and `weighted` is z.
    """
    london, borough = _covariances(len(figures.deviations), variances, figures.rounding)
    inverse = _masked_inverse(borough, figures.masks)
    precision, pull = figures.london_information(inverse)
    inner = np.eye(len(london)) + london @ precision
    left = np.linalg.solve(inner, london)
    weighted = _weighted(figures, inverse, left @ pull)
    log_size = -(figures.members.sum(axis=0) * np.linalg.slogdet(_unit(inverse, figures.masks))[1]).sum()
    log_size += np.linalg.slogdet(inner)[1]
    misfit = (figures.deviations * weighted).sum()
    own, _ = figures.london_information(inverse - inverse @ left @ inverse)
    total = weighted.sum(axis=1)
    by_borough = own - weighted @ weighted.T
    by_london = precision - precision @ left @ precision - np.outer(total, total)
    slope = [
        (by_london * of_london + by_borough * of_borough).sum()
        for of_london, of_borough in _slopes(variances, len(london))
    ]
    return float(-0.5 * (log_size + misfit)), -0.5 * np.array(slope)


def _weighted(figures: SurveyData, inverse: Floats, london_mean: Floats) -> Floats:
    """Each borough's figures about London's, times their inverse covariance: (quarters, boroughs)."""
    about = figures.deviations - london_mean[:, None]
    weighted: Floats = np.matmul(inverse[figures.pattern], about.T[:, :, None])[:, :, 0].T
    return weighted


def _masked_inverse(covariance: Floats, masks: Floats) -> Floats:
    """Inverse of `covariance` over the known quarters of each pattern, else zero: (patterns, quarters, quarters)."""
    pairs = masks[:, :, None] * masks[:, None, :]
    gaps = np.eye(len(covariance)) * (1 - masks)[:, :, None]
    inverse: Floats = np.linalg.inv(covariance * pairs + gaps) * pairs
    return inverse


def _unit(inverse: Floats, masks: Floats) -> Floats:
    """`inverse` with ones on the diagonal of missing quarters, so that determinants skip them."""
    filled: Floats = inverse + np.eye(inverse.shape[1]) * (1 - masks)[:, :, None]
    return filled


def _covariances(quarters: int, variances: Variances, rounding: float) -> tuple[Floats, Floats]:
    """Covariances of the published figures over time: that of London, and that of one borough about London."""
    same, constant, walk, lags, window, plain = _shapes(quarters)
    fading = window @ variances.persistence**lags @ window.T
    london = START * constant + variances.london * walk + variances.london_noise * same
    london = london + variances.london_jump * plain
    borough = variances.lasting * constant + variances.fading * fading + variances.noise * same
    return london, borough + variances.jump * plain + rounding * np.eye(quarters)


def _slopes(variances: Variances, quarters: int) -> list[tuple[Floats, Floats]]:
    """By how much :func:`_covariances` change with each of the variances, in their order: London's, one borough's."""
    same, constant, walk, lags, window, plain = _shapes(quarters)
    powers = variances.persistence ** np.maximum(lags - 1, 0) * lags
    fading, persistence = (
        window @ shape @ window.T for shape in (variances.persistence**lags, variances.fading * powers)
    )
    none = np.zeros_like(same)
    return [
        (none, same),
        (none, constant),
        (none, fading),
        (none, persistence),
        (walk, none),
        (same, none),
        (none, plain),
        (plain, none),
    ]


@lru_cache(maxsize=64)
def _shapes(quarters: int) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
    """Covariances of rolling means of noise, a constant and a random walk; lags; the window; a walk without window."""
    samples = np.arange(quarters + WINDOW - 1.0)
    window = np.zeros((quarters, len(samples)))
    for back in range(WINDOW):
        window[np.arange(quarters), np.arange(quarters) + back] = 1 / WINDOW
    walk = window @ np.minimum.outer(samples, samples) @ window.T
    lags = np.abs(np.subtract.outer(samples, samples))
    plain = np.minimum.outer(samples, samples)[:quarters, :quarters]
    return window @ window.T, np.ones((quarters, quarters)), walk, lags, window, plain


def _variances(point: Floats) -> Variances:
    values = np.exp(point)
    values[PERSISTENCE] = 1 / (1 + np.exp(-point[PERSISTENCE]))
    return Variances(*(float(value) for value in values))


def _stretch(variances: Variances) -> Floats:
    """By how much each of the variances changes for a small step of the search."""
    stretch = np.array(astuple(variances))
    stretch[PERSISTENCE] *= 1 - stretch[PERSISTENCE]
    return stretch


def _point(variances: Variances) -> Floats:
    values = np.array(astuple(variances))
    point: Floats = np.log(values)
    point[PERSISTENCE] -= np.log1p(-values[PERSISTENCE])
    return point
