"""Rows of a table's file, with the types that its variables have."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import pandas as pd

PARQUET = ".parquet"


class Typed(Protocol):
    """A variable as far as reading it needs to know."""

    @property
    def name(self) -> str:
        """Column name."""

    @property
    def type(self) -> str:
        """Frictionless type."""

    @property
    def constraints(self) -> Mapping[str, object]:
        """Limits on the values, under their Frictionless names."""


def read_rows(
    path: Path,
    variables: Sequence[Typed],
    columns: Sequence[str] = (),
    where: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """The rows of a CSV or Parquet file.

    Parameters
    ----------
    path
        File to read.
    variables
        Its columns.
    columns
        Names of the columns to read; by default all.
    where
        For each of some text columns, the values of the rows to read; by default all rows. Of a Parquet file only the
        groups of rows with such values are read.

    Raises
    ------
    OSError, ValueError, EOFError, zlib.error
        If the file is missing or damaged.
    """
    wanted, rows_of = list(columns) or [variable.name for variable in variables], where or {}
    if path.suffix == PARQUET:
        filters = [(column, "in", list(values)) for column, values in rows_of.items()]
        return pd.read_parquet(path, columns=wanted, filters=filters or None)
    rows = _read_csv(path, [variable for variable in variables if variable.name in {*wanted, *rows_of}])
    for column, values in rows_of.items():
        rows = rows[rows[column].isin(values)]
    return rows[wanted]


def _read_csv(path: Path, variables: Sequence[Typed]) -> pd.DataFrame:
    dates = [variable.name for variable in variables if variable.type == "date"]
    dtypes = {variable.name: _dtype(variable) for variable in variables if variable.type != "date"}
    names = [variable.name for variable in variables]
    return pd.read_csv(path, dtype=dtypes, usecols=names, parse_dates=dates, keep_default_na=False, na_values=[""])


def _dtype(variable: Typed) -> str:
    integer = "int64" if variable.constraints.get("required", False) else "Int64"
    return {"string": "str", "integer": integer, "number": "float64", "boolean": "bool"}[variable.type]
