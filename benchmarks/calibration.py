"""How often a true null is rejected at 5%, by simulation: ``python -m benchmarks.calibration``.

Areas have a level of their own and errors that hang together over time, as those of the survey do; the predictor has
nothing to do with them. It drifts, more in some areas than in others, or is what two areas have from the middle on.
*Clustered* is the usual error; *cautious* what a headline uses: the cautious interval where there is one, the clustered
elsewhere. Exit code 1 where *cautious* is not between 3 and 7%, by more than chance explains, with effects of areas
and periods, as a headline has them. Without effects the levels of areas weigh most, and it is wide for few areas.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from core.stats.regression import Estimate, ModelSpec, fit
from core.tables.panel import Panel

AREAS = (6, 10, 20, 32)
PERIODS = 12
PERSISTENCE = 0.8
RUNS = 1_000
LOW, HIGH = 0.03, 0.07
SPEC = ModelSpec("y", ("x",), form="count")
EFFECTS = (("area", "period"), ())


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a row for each design."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="panels for each design")
    parser.add_argument("--wild", action="store_true", help="the wild cluster bootstrap too, which takes longest")
    wanted = parser.parse_args(arguments)
    runs: int = wanted.runs
    slack = 2 * (0.05 * 0.95 / runs) ** 0.5
    off = []
    print(f"{'areas':>5} {'treated':>8} {'effects':>8} {'clustered':>10} {'cautious':>9} {'wild bootstrap':>15}")
    for n_areas, n_treated, effects in _designs():
        shares = rejected(n_areas, n_treated, effects, runs, wanted.wild)
        clustered, cautious, wild = (f"{share:.1%}" for share in shares)
        name = "both" if effects else "none"
        print(f"{n_areas:>5} {n_treated or 'drift':>8} {name:>8} {clustered:>10} {cautious:>9} {wild:>15}", flush=True)
        if effects and not LOW - slack <= shares[1] <= HIGH + slack:
            off.append(f"{n_areas} areas, {n_treated} treated")
    print(f"\nNot between 3 and 7%: {'; '.join(off)}" if off else "\nAll between 3 and 7%, up to chance.")
    return 1 if off else 0


def _designs() -> Iterator[tuple[int, int, tuple[str, ...]]]:
    for effects in EFFECTS:
        for n_treated in (0, 2):
            for n_areas in AREAS:
                yield n_areas, n_treated, effects


def rejected(
    n_areas: int, n_treated: int, effects: tuple[str, ...], runs: int, wild: bool
) -> tuple[float, float, float]:
    """Share of panels in which zero is rejected: by clustered errors, cautiously, by the wild cluster bootstrap.

    The last is not a number without `wild`.
    """
    rng = np.random.default_rng(100 * n_areas + n_treated)
    spec = replace(SPEC, effects=effects)
    found = [fit(_panel(n_areas, n_treated, rng), spec, wild=wild).estimate("x") for _ in range(runs)]
    clustered = [estimate.p < 0.05 for estimate in found]
    cautious = [_excludes_zero(estimate) for estimate in found]
    by_bootstrap = [estimate.wild_p <= 0.05 for estimate in found if estimate.wild_p is not None]
    return _share(clustered), _share(cautious), _share(by_bootstrap)


def _share(rejections: Sequence[bool]) -> float:
    return float(np.mean(rejections)) if rejections else float("nan")


def _excludes_zero(estimate: Estimate) -> bool:
    interval = estimate.cautious or estimate
    return not interval.low <= 0 <= interval.high


def _panel(n_areas: int, n_treated: int, rng: np.random.Generator) -> Panel:
    """A panel in which `y` has nothing to do with `x`."""
    area, period = np.repeat(np.arange(n_areas), PERIODS), np.tile(np.arange(PERIODS), n_areas)
    size = n_areas, PERIODS
    drift = rng.normal(size=size).cumsum(axis=1) * np.exp(rng.normal(0, 0.5, n_areas))[:, None]
    treated = ((area < n_treated) & (period >= PERIODS // 2)).astype(float)
    errors = rng.normal(size=size)
    errors[:, 0] /= (1 - PERSISTENCE**2) ** 0.5
    for now in range(1, PERIODS):
        errors[:, now] += PERSISTENCE * errors[:, now - 1]
    frame = pd.DataFrame({"area": area, "period": period}).map("{:03}".format)
    y = (errors + rng.normal(size=(n_areas, 1))).ravel()
    return Panel(frame.assign(x=treated if n_treated else drift.ravel(), y=y), area="area", period="period")


if __name__ == "__main__":
    sys.exit(main())
