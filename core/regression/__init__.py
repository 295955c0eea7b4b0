"""Panel regressions: a specification and a panel in, estimates with honest errors out."""

from core.regression.bootstrap import DRAWS, wild_cluster_p
from core.regression.design import CONSTANT, Design
from core.regression.diagnostics import Diagnostics, diagnose, leave_one_out, partial
from core.regression.errors import (
    Collinear,
    EmptySample,
    InfiniteValue,
    InvalidWeight,
    ModelError,
    NoPredictor,
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
    "CONSTANT",
    "DRAWS",
    "DRISCOLL_KRAAY_LAGS",
    "LEVEL",
    "Collinear",
    "Design",
    "Diagnostics",
    "EmptySample",
    "Estimate",
    "FitResult",
    "InfiniteValue",
    "InvalidWeight",
    "ModelError",
    "ModelSpec",
    "NoPredictor",
    "NoStandardError",
    "NoVariation",
    "NotNumeric",
    "PerfectFit",
    "PeriodOrder",
    "RepeatedVariable",
    "Role",
    "TooFewClusters",
    "TooFewRows",
    "UnknownArea",
    "UnknownVariable",
    "diagnose",
    "fit",
    "leave_one_out",
    "partial",
    "wild_cluster_p",
]
