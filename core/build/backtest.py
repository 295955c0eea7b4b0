"""Command line of the back-test: ``python -m core.build.backtest`` prints how good each forecasting method was.

With ``--out data`` it also stores the forecasts and their scores, and the data package that describes them.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from core.build.datasets import FORECASTS
from core.build.package import write_package
from core.london.forecasting.backtest import ALL_MEASURES, back_test, results, score
from core.london.forecasting.methods import METHODS
from core.london.forecasting.scores import ForecastError
from core.london.panel import AVERAGES
from core.tables.catalogue import DATA_DIR

FAILED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the back-test, print the table of methods and, with ``--out``, store it."""
    options = _parser().parse_args(arguments)
    try:
        forecasts = back_test(options.data, options.methods, _print_progress)
    except ForecastError as error:
        print(f"Stopped: {error}", file=sys.stderr)
        return FAILED
    scores = score(forecasts)
    print(summary(scores))
    if options.out:
        for path in write_results(forecasts, scores, options.data, options.out):
            print(f"Wrote {path}")
    return 0


def summary(scores: pd.DataFrame) -> str:
    """The table of methods as text: error, skill and coverage one quarter ahead, and skill up to four."""
    lines = []
    for measure in (ALL_MEASURES, *AVERAGES):
        chosen = scores[scores["measure"] == measure]
        lines += ["", f"{measure:<24} MAE at 1    skill (95% interval) at 1     at 2   at 3   at 4   80% covers"]
        near = chosen[chosen["horizon"] == 1].sort_values("mae")
        for row in near.itertuples():
            later = chosen[(chosen["method"] == row.method) & (chosen["horizon"] > 1)].sort_values("horizon")
            skills = "".join(f"{skill:>7.1%}" for skill in later["skill"])
            lines.append(
                f"  {row.method:<22} {row.mae:.5f}    {row.skill:>7.1%} ({row.skill_lower:.1%} to "
                f"{row.skill_upper:.1%}) {skills}   {row.coverage_80:.1%}"
            )
    return "\n".join(lines)


def write_results(forecasts: pd.DataFrame, scores: pd.DataFrame, data: Path, out: Path) -> list[Path]:
    """Write the tables of the back-test below `out`, and the data package that describes them.

    Parameters
    ----------
    forecasts
        Rows of :func:`core.london.forecasting.backtest.back_test`.
    scores
        Their scores, from :func:`core.london.forecasting.backtest.score`.
    data
        Data folder that the forecasts were made from.
    out
        Data folder to write to.

    Returns
    -------
    list of Path
        The files written.
    """
    folder = out / FORECASTS.name
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, frame in results(forecasts, scores, data).items():
        paths.append(folder / f"{name}.csv")
        frame.to_csv(paths[-1], index=False, lineterminator="\n")
    return [*paths, *write_package(out)]


def _print_progress(share: float) -> None:
    print(f"{share:.0%} done", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m core.build.backtest",
        description="Score the forecasting methods walking forward in time.",
    )
    parser.add_argument("--data", type=Path, default=DATA_DIR, help="folder of the figures (default: %(default)s)")
    parser.add_argument("--methods", nargs="+", default=list(METHODS), help="methods to score (default: all)")
    parser.add_argument("--out", type=Path, help="folder to store the results below, e.g. data")
    return parser


if __name__ == "__main__":
    sys.exit(main())
