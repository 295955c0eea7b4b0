"""Pictures and tables of one neighbourhood: what they hold, and that each column is explained."""

import pandas as pd
import pytest

from core.crime.geography.spatial import shapes_of
from core.crime.neighbourhood import figures
from core.crime.neighbourhood.analysis import by_type, places, rates
from core.crime.neighbourhood.map import district_map
from core.crime.neighbourhood.question import DOMAINS, WITHOUT_CRIME, Comparison, comparisons
from core.crime.neighbourhood.tables import ForceNeighbourhoods
from core.crime.today import area_outlines
from core.exports.column_help import ColumnHelp
from core.presentation.charts import Figure, with_theme
from core.registry.studies import STUDIES
from core.tables.catalogue import Catalogue

FORCES = pytest.mark.parametrize("name", ["durham", "london_force", "city"])


def drawn(figure: Figure) -> pd.DataFrame:
    """The rows of a figure's chart, as they are sent; also checks the chart against its schema."""
    (chart,) = figure.charts
    chart.to_dict(validate=True)
    finished = with_theme(chart, dark=True)
    return pd.DataFrame(next(rows for rows in finished["datasets"].values() if "label" in rows[0]))


@FORCES
def test_picture_of_types_shows_each_type_with_its_number(name: str, request: pytest.FixtureRequest) -> None:
    force: ForceNeighbourhoods = request.getfixturevalue(name)
    code = str(force.rows.index[2])
    figure, types = figures.types_figure(force, code, Comparison()), by_type(force, code, Comparison())
    rows = drawn(figure)
    assert rows["value"].tolist() == types["recorded"].tolist()
    low, high = (pd.to_numeric(rows[end]) for end in ("low", "high"))
    outside = (rows["value"] > high) | (rows["value"] < low)
    assert outside.tolist() == types["side"].isin(["more", "less"]).tolist()
    assert figure.table["Recorded here"].sum() == force.records.loc[code].sum()
    assert figure.alternative.endswith(".")


def test_picture_of_types_names_the_bar_away_from_the_dot(durham: ForceNeighbourhoods) -> None:
    for code in (str(durham.crimes.idxmax()), str(durham.crimes.idxmin())):
        figure = figures.types_figure(durham, code, Comparison())
        first = by_type(durham, code, Comparison()).iloc[0]
        finished = with_theme(figure.charts[0], dark=False)
        names = [
            layer for layer in finished["layer"] if layer["encoding"].get("text", {}).get("value") == "usual range"
        ]
        (name,) = names
        far = first["recorded"] ** 0.5 > (first["low"] ** 0.5 + first["high"] ** 0.5) / 2
        assert name["encoding"]["x"]["field"] == ("low" if far else "high")


def test_picture_of_choices_has_a_row_for_each(durham: ForceNeighbourhoods) -> None:
    figure = figures.comparisons_figure(durham, str(durham.rows.index[3]), Comparison())
    assert drawn(figure)["label"].tolist() == list(comparisons(Comparison()))


@FORCES
def test_deprivation_shares_follow_the_published_ranks(name: str, request: pytest.FixtureRequest) -> None:
    force: ForceNeighbourhoods = request.getfixturevalue(name)
    code = str(force.rows.index[1])
    shares = figures.deprivation_shares(force, code)
    assert shares["label"].tolist() == list(DOMAINS.values())
    assert shares["share"].between(0, 100).all()
    tenths = 10 - shares["share"] // 10
    assert (tenths - shares["decile"]).abs().max() <= 1
    assert drawn(figures.deprivation_figure(force, code))["label"].iloc[0] == "All seven domains"


def test_similar_are_others_of_the_force_and_alike(durham: ForceNeighbourhoods) -> None:
    code = str(durham.rows.index[50])
    rows = figures.similar_rows(durham, code)
    assert len(rows) == 5
    assert code not in rows.index
    assert rows["distance"].is_monotonic_increasing
    spread = durham.rows[WITHOUT_CRIME].std()
    assert rows[WITHOUT_CRIME].sub(durham.rows[WITHOUT_CRIME][code]).abs().max() < spread
    table = figures.similar_table(durham, code)
    assert table["Neighbourhood"].iloc[0].endswith(f"({durham.text(code, 'lsoa21_name')})")
    assert len(table) == 6


def test_map_holds_the_district_whole(durham: ForceNeighbourhoods, catalogue: Catalogue) -> None:
    outlines = area_outlines(catalogue, durham.rows["ltla24_code"].iloc[0])
    shapes = shapes_of(outlines["lsoa21_code"], outlines["outline"])
    shown = district_map(durham, outlines, shapes)
    assert set(shown.rows["lsoa11_code"]) == set(outlines["lsoa21_code"])
    assert shown.bounds is not None
    west, south, east, north = shown.bounds
    across = [x for shape in shapes.values() for polygon in shape for ring in polygon for x, _ in ring]
    upright = [y for shape in shapes.values() for polygon in shape for ring in polygon for _, y in ring]
    assert (west, south, east, north) == (min(across), min(upright), max(across), max(upright))
    assert shown.rows["value"].tolist() == rates(durham).loc[shown.rows["lsoa11_code"]].tolist()
    assert not shown.rows["text"].str.contains("nan").any()


def test_every_column_is_explained(durham: ForceNeighbourhoods, catalogue: Catalogue) -> None:
    code = str(durham.rows.index[0])
    tables = [
        figures.types_figure(durham, code, Comparison()).table,
        figures.comparisons_figure(durham, code, Comparison()).table,
        figures.deprivation_figure(durham, code).table,
        figures.similar_table(durham, code),
        figures.places_table(places(durham, code, 0.1)),
    ]
    known = ColumnHelp(catalogue, *(study.columns for study in STUDIES))
    for meaning in known.of(column for table in tables for column in table.columns):
        assert meaning.text, meaning.column
