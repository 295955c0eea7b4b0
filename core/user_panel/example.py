"""A made-up table: what the example shows and what the templates look like."""

import io
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

NAME = "example.csv"
AREAS = ("Ashford", "Barton", "Calverley", "Dunmore", "Elmstead", "Fairfield", "Greenhill", "Hartwell")
YEARS = range(2016, 2024)
SLOPE = -0.05
ROWS_OF_TEMPLATE = 4


def example() -> pd.DataFrame:
    """Trust and stops in eight made-up towns over eight years; trust is lower where there were more stops."""
    rng = np.random.default_rng(2016)
    keys = pd.MultiIndex.from_product([AREAS, YEARS], names=["Area", "Year"]).to_frame(index=False)
    town, year = pd.factorize(keys["Area"])[0], keys["Year"] - YEARS[0]
    stops = 120 + 15 * town + 6 * year + rng.normal(scale=20, size=len(keys))
    trust = 75 + 1.5 * town - 0.6 * year + SLOPE * stops + rng.normal(scale=1, size=len(keys))
    residents = 40_000 + 9_000 * town + 250 * year
    return keys.assign(**{"Trust (%)": trust.round(1), "Stops": stops.round().astype(int), "Population": residents})


def example_csv() -> bytes:
    """The example as a file."""
    return example().to_csv(index=False).encode()


def template() -> pd.DataFrame:
    """The first rows of the example, to fill in."""
    return example().head(ROWS_OF_TEMPLATE)


def template_csv() -> bytes:
    """The first rows of the example, to be written over."""
    return template().to_csv(index=False).encode()


def template_xlsx() -> bytes:
    """The same as a workbook."""
    import xlsxwriter

    buffer, rows = io.BytesIO(), template()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Table")
        for place, name in enumerate(rows.columns):
            sheet.write_column(0, place, [name, *rows[name].tolist()])
    return buffer.getvalue()


TEMPLATES: Mapping[str, Callable[[], bytes]] = {"csv": template_csv, "xlsx": template_xlsx}
