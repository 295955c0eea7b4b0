"""Checks on a tidy table: those its declaration states, and that no period is missing between first and last."""

import pandas as pd
import pandera.pandas as pa

from core.sources.files.cells import SourceError, Tidy
from core.tables.quarters import quarters_between
from core.tables.schema import Field, Table, Type

DTYPES: dict[Type, str] = {
    "string": "str",
    "integer": "int64",
    "number": "float64",
    "boolean": "bool",
    "date": "datetime64[us]",
}


def schema(table: Table) -> pa.DataFrameSchema:
    """The pandera schema that `table` declares: names, order, types, limits, and one row per key."""
    columns = {field.name: _column(field) for field in table.fields}
    return pa.DataFrameSchema(columns, strict=True, ordered=True, unique=table.key, name=table.name)


def check_declared(tidy: Tidy) -> None:
    """Raise :class:`SourceError` for the first value of `tidy` that its declaration does not allow."""
    try:
        schema(tidy.table).validate(tidy.frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        raise SourceError(_sentence(tidy, errors.failure_cases.iloc[0])) from errors


def check_complete(tidy: Tidy, area: str, areas: list[str]) -> None:
    """Raise :class:`SourceError` unless `tidy` has every one of `areas` in every period, without a gap.

    The period is the key column other than `area`; no quarter or year may be skipped.
    """
    found = set(tidy.frame[area])
    missing, unknown = sorted(set(areas) - found), sorted(found - set(areas))
    if missing or unknown:
        lacks = f"lacks {', '.join(missing)}" if missing else f"has {', '.join(unknown)}, which it should not have"
        raise SourceError(f"{tidy.origin} {lacks}; {tidy.table.name} needs exactly the {len(areas)} of the study.")
    for period in [name for name in tidy.table.key if name != area]:
        _check_periods(tidy, area, period)


def check_covers(tidy: Tidy, other: Tidy, period: str) -> None:
    """Raise :class:`SourceError` unless `tidy` has every `period` that `other` has."""
    unavailable = sorted(set(other.frame[period]) - set(tidy.frame[period]))
    if unavailable:
        raise SourceError(
            f"{tidy.origin} has no {period} {', '.join(map(str, unavailable))}, which {other.origin} has; "
            "use editions of the two files that cover the same time."
        )


def _check_periods(tidy: Tidy, area: str, period: str) -> None:
    rows = tidy.frame
    expected = pd.MultiIndex.from_product([sorted(rows[area].unique()), _expected(rows[period])], names=[area, period])
    gaps = expected.difference(pd.MultiIndex.from_frame(rows[[area, period]]))
    if len(gaps):
        place = ", ".join(map(str, gaps[0]))
        raise SourceError(f"{tidy.origin} has no row for {place} ({len(gaps)} missing in all); add it and build again.")


def _expected(periods: pd.Series) -> list[object]:
    if periods.name == "quarter":
        return list(quarters_between(periods.min(), periods.max()))
    if periods.name == "year":
        return list(range(periods.min(), periods.max() + 1))
    return sorted(periods.unique())


def _column(field: Field) -> pa.Column:
    limits = {
        "minimum": lambda limit: pa.Check.ge(limit, error=f"must be at least {limit:g}"),
        "maximum": lambda limit: pa.Check.le(limit, error=f"must be at most {limit:g}"),
        "pattern": lambda limit: pa.Check.str_matches(limit, error=f"must match {limit}"),
        "enum": lambda limit: pa.Check.isin(limit, error=f"must be one of {', '.join(limit)}"),
    }
    checks = [limits[name](limit) for name, limit in field.constraints().items() if name in limits]
    dtype = "Int64" if field.type == "integer" and not field.required else DTYPES[field.type]
    return pa.Column(dtype, checks, nullable=not field.required, unique=field.unique)


def _sentence(tidy: Tidy, failure: pd.Series) -> str:
    check, column = str(failure["check"]), str(failure["column"])
    rules = {
        "column_in_dataframe": f"lacks the column {failure['failure_case']}",
        "column_in_schema": f"has the column {failure['failure_case']}, which is not declared",
        "column_ordered": f"has the column {failure['failure_case']} out of order",
        "not_nullable": f"column {column}{_row(tidy, failure)} is empty; every row needs a value",
        "field_uniqueness": f"column {column}{_row(tidy, failure)}: {failure['failure_case']} is there more than once",
        "multiple_fields_uniqueness": f"has more than one row{_row(tidy, failure)}",
    }
    plain = f"column {column}{_row(tidy, failure)}: {failure['failure_case']} {check}"
    return f"{tidy.origin}, table {tidy.table.name}: {rules.get(check, plain)}; correct it and build again."


def _row(tidy: Tidy, failure: pd.Series) -> str:
    if pd.isna(failure["index"]):
        return ""
    key = [name for name in tidy.table.key if name in tidy.frame]
    return f" for {', '.join(str(tidy.frame.loc[failure['index'], name]) for name in key)}"
