"""Rows of a table's file, with the types that its fields have."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from core.tables.schema import Field

PARQUET = ".parquet"


def read_rows(
    path: Path,
    fields: Sequence[Field],
    columns: Sequence[str] = (),
    where: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """The rows of a CSV or Parquet file.

    Parameters
    ----------
    path
        File to read.
    fields
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
    wanted, rows_of = list(columns) or [field.name for field in fields], where or {}
    if path.suffix == PARQUET:
        filters = [(column, "in", list(values)) for column, values in rows_of.items()]
        return pd.read_parquet(path, columns=wanted, filters=filters or None)
    rows = _read_csv(path, [field for field in fields if field.name in {*wanted, *rows_of}])
    for column, values in rows_of.items():
        rows = rows[rows[column].isin(values)]
    return rows[wanted]


def _read_csv(path: Path, fields: Sequence[Field]) -> pd.DataFrame:
    dates = [field.name for field in fields if field.type == "date"]
    dtypes = {field.name: _dtype(field) for field in fields if field.type != "date"}
    names = [field.name for field in fields]
    return pd.read_csv(path, dtype=dtypes, usecols=names, parse_dates=dates, keep_default_na=False, na_values=[""])


def _dtype(field: Field) -> str:
    integer = "int64" if field.required else "Int64"
    return {"string": "str", "integer": integer, "number": "float64", "boolean": "bool"}[field.type]
