"""Panel regressions: a specification and a panel in, estimates with honest errors out."""

from core.regression.bootstrap import DRAWS, wild_cluster_p
from core.regression.choices import EVERYTHING, Choices, Sample
from core.regression.curve import CHOICES, MORE, Curve, Shares, specification_curve, step
from core.regression.design import CONSTANT, Design
from core.regression.diagnostics import Diagnostics, diagnose, leave_one_out, partial
from core.regression.errors import (
    Collinear,
    EmptySample,
    InfiniteValue,
    InvalidWeight,
    ModelError,
    NoChoice,
    NoPredictor,
    NoSpecification,
    NoStandardError,
    NotNumeric,
    NoVariation,
    PerfectFit,
    PeriodOrder,
    RepeatedVariable,
    TooFewClusters,
    TooFewRows,
    UnknownArea,
    UnknownVariable,
)
from core.regression.fit import fit
from core.regression.result import LEVEL, Estimate, FitResult, Role
from core.regression.spec import DRISCOLL_KRAAY_LAGS, ModelSpec

__all__ = [
    "CHOICES",
    "CONSTANT",
    "DRAWS",
    "DRISCOLL_KRAAY_LAGS",
    "EVERYTHING",
    "LEVEL",
    "MORE",
    "Choices",
    "Collinear",
    "Curve",
    "Design",
    "Diagnostics",
    "EmptySample",
    "Estimate",
    "FitResult",
    "InfiniteValue",
    "InvalidWeight",
    "ModelError",
    "ModelSpec",
    "NoChoice",
    "NoPredictor",
    "NoSpecification",
    "NoStandardError",
    "NoVariation",
    "NotNumeric",
    "PerfectFit",
    "PeriodOrder",
    "RepeatedVariable",
    "Role",
    "Sample",
    "Shares",
    "TooFewClusters",
    "TooFewRows",
    "UnknownArea",
    "UnknownVariable",
    "diagnose",
    "fit",
    "leave_one_out",
    "partial",
    "specification_curve",
    "step",
    "wild_cluster_p",
]
