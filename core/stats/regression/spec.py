"""The model as data: one frozen object from sidebar to link to cache to fit to export."""

from dataclasses import dataclass

from core.tables.options import Covariance, Form, Kernel, Response, Weights, Window, check_choice

DRISCOLL_KRAAY_LAGS = 4
CONLEY_KM = 2


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """Every choice that defines one regression.

    Parameters
    ----------
    outcome
        Column of the panel to explain.
    response
        How the outcome enters: as it is, its natural logarithm, or by Poisson regression, where the logarithm of its
        expectation is explained (so that it may be zero).
    predictors
        Columns whose coefficients answer the question; `form`, `window` and `lag` apply to them.
    form, window, lag
        How the predictors enter: see :meth:`core.tables.panel.Panel.values`.
    squares
        Let the association change with the predictor's size, by its square.
    moderator
        Column of the panel by whose groups of areas the association may differ; empty for one that is the same in all.
    controls
        Columns held constant, entered as they are.
    effects
        Key columns (area, period, groups) whose own levels are absorbed, e.g. ``("borough", "quarter")``.
    trends
        Take a linear trend of its own out of each area too; needs its effects.
    differences
        Explain the change of the outcome from one period to the next by those of the other variables, instead of
        levels. Changes of what never changes are zero, so effects of areas and of groups of them play no part.
    start, end
        First and last period used; empty for the first and last with data.
    areas
        Areas used; ``None`` for all.
    non_overlapping
        Keep every fourth quarter, counted back from the last: survey figures that share no interviews.
    weights
        ``"equal"`` or ``"population"``.
    covariance
        Convention of the standard errors.
    cluster
        Key column of the panel within whose levels clustered errors may be related; empty for the area.
    kernel_lags
        Lags of the Driscoll-Kraay kernel; used with that covariance only.
    kernel, distance
        Kernel of Conley's errors, and the distance in km up to which errors are related; used with that covariance
        only.
    """

    outcome: str
    predictors: tuple[str, ...]
    response: Response = "level"
    form: Form = "log"
    window: Window = "quarter"
    lag: int = 0
    squares: bool = False
    moderator: str = ""
    controls: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    trends: bool = False
    differences: bool = False
    start: str = ""
    end: str = ""
    areas: tuple[str, ...] | None = None
    non_overlapping: bool = False
    weights: Weights = "equal"
    covariance: Covariance = "cluster"
    cluster: str = ""
    kernel_lags: int = DRISCOLL_KRAAY_LAGS
    kernel: Kernel = "bartlett"
    distance: int = CONLEY_KM

    def __post_init__(self) -> None:
        check_choice(self.response, Response, "response")
        check_choice(self.form, Form, "form")
        check_choice(self.window, Window, "window")
        check_choice(self.weights, Weights, "weights")
        check_choice(self.covariance, Covariance, "covariance")
        check_choice(self.kernel, Kernel, "kernel")
        if self.lag < 0 or self.kernel_lags < 0:
            raise ValueError("A lag counts quarters back in time; choose 0 or more.")

    @property
    def relative(self) -> bool:
        """Whether coefficients are changes of a logarithm of the outcome, so that effects are relative to it."""
        return self.response != "level"
