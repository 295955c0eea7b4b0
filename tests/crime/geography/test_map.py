"""The map of small areas and the figures on it."""

import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.crime.area import ALL_RECORDS, BICYCLE_THEFT, CrimeArea
from core.crime.geography.clusters import CLUSTERS
from core.crime.geography.map import (
    BORDERS,
    HEAT,
    LAYER,
    MOST_OUTLINED,
    OUTLINE,
    PLACES,
    LsoaMapData,
    geometries,
    heat_legend,
    lsoa_deck,
    places_legend,
)
from core.crime.geography.rate_map import NOT_CLEAR, RATE_KINDS, RateKind, is_clear, lsoa_map_data
from core.crime.geography.spatial import outlines
from core.crime.loaders import west_midlands
from core.crime.lsoa_rates import lsoa_rates
from core.presentation.maps import FADED_ALPHA, NO_VALUE, SOLID_ALPHA, TILE, WIDE_HEIGHT, ColourScale, class_labels, rgb
from core.sources.small_areas.places import CENTRE, HOSPITAL, UNIVERSITY
from core.tables.geometry import Shape, dissolve

NASTY = '<b>A</b> "quoted" \\ back 001A'
SQUARE: Shape = [[[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]]]
NO_PLACES = pd.DataFrame(columns=["place", "kind", "longitude", "latitude"])
MOST_BYTES = 1_000_000


@pytest.fixture(scope="module")
def study() -> CrimeArea:
    return west_midlands()


@pytest.fixture(scope="module")
def shapes(study: CrimeArea) -> Mapping[str, str]:
    return geometries(outlines(study))


def figures(**columns: Any) -> LsoaMapData:
    """Three LSOAs on one square."""
    rows = pd.DataFrame(
        {
            "lsoa11_code": ["A", "B", "C"],
            "LSOA": ["One 001A", NASTY, "Three 001C"],
            "value": [5.0, 25.0, np.nan],
            "clear": [True, False, True],
            "text": ["first\nline", NASTY, "none"],
            "longitude": [0.0, 1.0, 2.0],
            "latitude": [0.0, 1.0, 2.0],
            "records": [1.0, 2.0, 3.0],
        }
    ).assign(**columns)
    scale = ColourScale((10.0, 20.0), ("#000000", "#808080", "#ffffff"))
    return LsoaMapData(rows, scale, "Title", str, "Finding", heat="records")


def drawn(shown: LsoaMapData, shapes: Mapping[str, str], *arguments: Any, **options: Any) -> dict[str, Any]:
    places = options.pop("places", NO_PLACES)
    read: dict[str, Any] = json.loads(lsoa_deck(shown, shapes, places, *arguments, **options).to_json())
    return read


def layer(deck: Mapping[str, Any], name: str) -> dict[str, Any]:
    (found,) = [layer for layer in deck["layers"] if layer["id"] == name]
    return dict(found)


def names(deck: Mapping[str, Any]) -> list[str]:
    return [layer["id"] for layer in deck["layers"]]


def test_lsoa_deck_feature_has_shape_colour_name_and_text() -> None:
    deck = drawn(figures(), geometries({"A": SQUARE, "B": SQUARE, "C": SQUARE}))
    first, second, third = layer(deck, LAYER)["data"]["features"]
    assert first["geometry"] == {"type": "MultiPolygon", "coordinates": json.loads(json.dumps(SQUARE))}
    assert first["properties"] == {
        "code": "A",
        "name": "One 001A",
        "text": "first\nline",
        "fill": [0, 0, 0, SOLID_ALPHA],
    }
    assert second["properties"]["fill"] == [255, 255, 255, FADED_ALPHA]
    assert third["properties"]["fill"] == [*rgb(NO_VALUE), SOLID_ALPHA]
    # As "text", deck.gl sets the text of the tooltip; as "html" it would run them.
    assert second["properties"]["name"] == second["properties"]["text"] == NASTY
    assert set(lsoa_deck(figures(), {}, NO_PLACES)._tooltip) == {"text", "style"}


def test_lsoa_deck_leaves_out_lsoa_without_outline() -> None:
    deck = drawn(figures(), geometries({"B": SQUARE}))
    assert [feature["properties"]["code"] for feature in layer(deck, LAYER)["data"]["features"]] == ["B"]
    assert layer(drawn(figures(), {}), LAYER)["data"]["features"] == []


def test_lsoa_deck_shape_layers_have_no_colour_accessor() -> None:
    places = pd.DataFrame({"place": ["X"], "kind": [UNIVERSITY], "longitude": [0.5], "latitude": [0.5]})
    options: dict[str, Any] = {"picked": "A", "places": places, "borders": {"D": SQUARE, "E": SQUARE}}
    deck = drawn(figures(), geometries({"A": SQUARE}), **options)
    assert names(deck) == [LAYER, BORDERS, OUTLINE, PLACES]
    assert all("getFillColor" not in layer and "getColor" not in layer for layer in deck["layers"])
    assert layer(deck, LAYER)["_subLayerProps"] == {"polygons-fill": {"getFillColor": "@@=properties.fill"}}


def test_lsoa_deck_with_picked_lsoa_adds_only_an_outline() -> None:
    shapes = geometries({"A": SQUARE, "B": SQUARE})
    plain, picked = drawn(figures(), shapes), drawn(figures(), shapes, picked="B")
    assert layer(picked, OUTLINE)["data"]["coordinates"] == json.loads(json.dumps(SQUARE))
    assert [layer for layer in picked["layers"] if layer["id"] != OUTLINE] == plain["layers"]
    assert picked["initialViewState"] == plain["initialViewState"]
    assert drawn(figures(), shapes, picked="nowhere") == plain


def test_lsoa_deck_with_heat_weights_points_by_records() -> None:
    deck = drawn(figures(), geometries({"A": SQUARE}), "heat")
    assert names(deck) == [LAYER, HEAT]
    points = layer(deck, HEAT)["data"]
    assert [point["weight"] for point in points] == [1, 2, 3]
    assert layer(deck, LAYER)["pickable"] is True
    assert layer(deck, LAYER)["_subLayerProps"]["polygons-fill"]["getFillColor"][3] < FADED_ALPHA
    assert "Records close together" in heat_legend(figures())


def test_lsoa_deck_marks_places_by_kind(study: CrimeArea) -> None:
    deck = drawn(figures(), {}, places=study.places)
    points = layer(deck, PLACES)["data"]["features"]
    assert len(points) == len(study.places)
    assert {point["properties"]["text"] for point in points} == {
        "University campus",
        "Acute hospital",
        "District centre",
    }
    colours = {(point["properties"]["text"], tuple(point["properties"]["fill"])) for point in points}
    assert len(colours) == len({colour for _, colour in colours}) == 3
    legend = places_legend((CENTRE, HOSPITAL))
    assert [kind in legend for kind in (CENTRE, HOSPITAL, UNIVERSITY)] == [True, True, False]
    assert places_legend(()) == ""


def test_lsoa_deck_names_districts_if_several_and_not_many() -> None:
    def named(count: int) -> list[str]:
        borders = {f"District {number}": SQUARE for number in range(count)}
        features = layer(drawn(figures(), {}, borders=borders), BORDERS)["data"]["features"]
        assert sum(feature["geometry"]["type"] == "MultiPolygon" for feature in features) == count
        return [feature["properties"]["name"] for feature in features if feature["geometry"]["type"] == "Point"]

    assert named(1) == []
    assert named(3) == ["District 0", "District 1", "District 2"]
    assert named(40) == []


def test_lsoa_deck_draws_lines_around_few_areas_only() -> None:
    many = figures().rows.loc[[0] * (MOST_OUTLINED + 1)]
    few = figures()
    assert layer(drawn(few, {}), LAYER)["stroked"] is True
    crowd = LsoaMapData(many, few.scale, few.title, few.write, few.finding)
    assert layer(drawn(crowd, {}), LAYER)["stroked"] is False


def test_lsoa_deck_view_fits_all_areas() -> None:
    wide, near = (
        drawn(figures(longitude=[0.0, far, far], latitude=[0.0, far, far]), {})["initialViewState"]
        for far in (2.0, 0.02)
    )
    assert (wide["longitude"], wide["latitude"]) == (1.0, 1.0)
    assert near["zoom"] > wide["zoom"] + 5
    assert drawn(figures(), {}, phone=True)["initialViewState"]["zoom"] < wide["zoom"] + 1
    one = drawn(figures(longitude=0.0, latitude=0.0), {})["initialViewState"]
    assert np.isfinite(one["zoom"])


def test_lsoa_deck_view_holds_the_outlines_of_its_districts() -> None:
    deck = drawn(figures(longitude=0.1, latitude=0.1), {}, borders={"One": SQUARE})
    view = deck["initialViewState"]
    assert (view["longitude"], view["latitude"]) == (0.5, 0.5)
    assert TILE * 2 ** view["zoom"] / 360 < WIDE_HEIGHT  # pixels of a degree


@pytest.mark.parametrize("style", ["shades", "heat"])
def test_lsoa_deck_of_study_is_small_when_compressed(style: Any, study: CrimeArea, shapes: Mapping[str, str]) -> None:
    shown = lsoa_map_data(study, lsoa_rates(study))
    borders = {"West Midlands": dissolve(outlines(study).values())}
    deck = lsoa_deck(shown, shapes, study.places, style, picked="E01033620", borders=borders)
    sent = deck.to_json().encode()
    packer = zlib.compressobj(wbits=-12, memLevel=5)  # as the server does
    assert len(packer.compress(sent) + packer.flush()) < MOST_BYTES / 4
    assert len(sent) < MOST_BYTES * 1.2
    assert len(json.loads(sent)["layers"][0]["data"]["features"]) == 1680


# The figures


@pytest.mark.parametrize("figure", [kind for kind in RATE_KINDS if kind != CLUSTERS])
@pytest.mark.parametrize("crime_type", [ALL_RECORDS, BICYCLE_THEFT])
def test_lsoa_map_data_of_each_figure_has_distinct_classes(figure: RateKind, crime_type: str, study: CrimeArea) -> None:
    rates = lsoa_rates(study, crime_type)
    shown = lsoa_map_data(study, rates, crime_type, figure)
    assert shown.rows["lsoa11_code"].tolist() == study.lsoas["lsoa11_code"].tolist()
    known = rates.set_index("lsoa11_code").loc[shown.rows["lsoa11_code"], figure]
    np.testing.assert_allclose(shown.rows["value"], known)
    labels = class_labels(shown.scale, shown.write)
    assert len(labels) == len(set(labels)) == len(shown.scale.colours)
    for label in labels:
        low, *high = re.findall(r"[\d,.]+", label)
        assert [low] != high, f"the class {label!r} is empty"
    assert shown.rows["value"].map(shown.scale.colour).nunique() >= 3
    assert ("per 1,000 residents" in shown.title) == (figure != "records")
    top = rates.sort_values(figure).iloc[-1]["LSOA"]
    assert f" in {top}" in shown.finding
    assert shown.heat in shown.rows


def test_lsoa_map_data_fades_rates_that_are_not_clear(study: CrimeArea) -> None:
    rates = lsoa_rates(study, BICYCLE_THEFT)
    rows = lsoa_map_data(study, rates, BICYCLE_THEFT, "shrunk").rows
    above = rates.set_index("lsoa11_code").loc[rows["lsoa11_code"], "above"].to_numpy()
    np.testing.assert_array_equal(rows["clear"], (above > 0.975) | (above < 0.025))
    assert 0 < rows["clear"].sum() < len(rows)
    assert rows["text"].str.contains(NOT_CLEAR).equals(~rows["clear"])
    counts = lsoa_map_data(study, rates, BICYCLE_THEFT, "records").rows
    assert counts["clear"].all()
    assert not counts["text"].str.contains(NOT_CLEAR).any()
    assert is_clear(pd.Series([0.0, 0.5, 1.0])).tolist() == [True, False, True]


def test_lsoa_map_data_tooltip_has_value_interval_count_and_residents(study: CrimeArea) -> None:
    rows = lsoa_map_data(study, lsoa_rates(study)).rows.set_index("LSOA")
    value, interval, counted = str(rows.loc["Birmingham 138A", "text"]).split("\n")
    assert value == "3,146 per 1,000 residents"
    assert interval == "95% interval 3,057 to 3,238"
    assert counted == "4,707 records, 1,496 residents"


def test_lsoa_map_data_of_district_has_colours_of_the_whole(study: CrimeArea) -> None:
    rates = lsoa_rates(study)
    whole, part = lsoa_map_data(study, rates), lsoa_map_data(study, rates, district="Walsall")
    assert part.scale == whole.scale
    assert len(part.rows) == (study.lsoas["district"] == "Walsall").sum() < len(whole.rows)
    assert " in Walsall 030A" in part.finding
    assert "of 167 LSOAs" in part.finding


def test_lsoa_map_data_classes_double_about_the_average(study: CrimeArea) -> None:
    average = study.records().sum() / study.lsoas["residents"].sum() * 1000
    scale = lsoa_map_data(study, lsoa_rates(study)).scale
    np.testing.assert_allclose(np.array(scale.breaks) / average, [0.5, 1, 2, 4], rtol=0.03)


def test_lsoa_map_data_with_many_zeros_has_a_class_for_zero(study: CrimeArea) -> None:
    shown = lsoa_map_data(study, lsoa_rates(study, BICYCLE_THEFT), BICYCLE_THEFT, "records")
    assert class_labels(shown.scale, shown.write)[0] == "under 1"
    lowest = shown.rows["value"].map(shown.scale.colour) == shown.scale.colours[0]
    assert lowest.equals(shown.rows["value"] == 0)


def test_lsoa_map_data_without_base_has_no_rate(study: CrimeArea) -> None:
    rates = lsoa_rates(study, BICYCLE_THEFT, "records")
    kept = rates[rates["lsoa11_code"] != "E01033620"]
    row = lsoa_map_data(study, kept, BICYCLE_THEFT, "rate", "records").rows.set_index("lsoa11_code").loc["E01033620"]
    assert np.isnan(row["value"])
    assert row["text"] == "50 records\nNothing to divide by"
