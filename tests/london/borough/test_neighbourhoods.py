"""The neighbourhoods of a borough, their map and its table."""

import json

import pytest

from core.london.borough.map import finding, legend, neighbourhood_deck, neighbourhood_table, static_neighbourhood_map
from core.london.borough.neighbourhoods import Neighbourhoods, neighbourhoods, offences
from core.london.borough.section_text import neighbourhood_note
from core.sources.small_areas.areas import CODE
from core.tables.catalogue import Catalogue


@pytest.fixture(scope="module")
def lewisham(catalogue: Catalogue) -> Neighbourhoods:
    return neighbourhoods(catalogue, "Lewisham", offences(catalogue))


def test_neighbourhoods_are_those_of_the_borough(lewisham: Neighbourhoods, catalogue: Catalogue) -> None:
    rows = lewisham.rows
    assert rows["name"].str.startswith("Lewisham ").all()
    assert set(rows[CODE]) == set(lewisham.shapes)
    summaries = catalogue.read_table("district_summaries_2025").set_index("ltla24_name")
    # England's own summary states the same share of neighbourhoods, rounded to three decimals.
    published = summaries["imd25_share_most_deprived"]["Lewisham"] * 100
    assert lewisham.share("tenth") == pytest.approx(published, abs=0.06)
    assert lewisham.share("tenth") <= lewisham.share("fifth")


def test_offences_are_those_of_the_last_12_months(lewisham: Neighbourhoods, catalogue: Catalogue) -> None:
    crime = catalogue.read_table("london_area_crime", where={CODE: lewisham.rows[CODE].tolist()})
    months = sorted(crime["month"].unique())
    assert lewisham.month == months[-1]
    assert lewisham.rows["offences"].sum() == crime[crime["month"].isin(months[-12:])]["offences"].sum()
    assert (lewisham.rows["low"] <= lewisham.rows["rate"]).all()
    apart = (lewisham.rows["low"] > lewisham.average) | (lewisham.rows["high"] < lewisham.average)
    assert (apart == lewisham.rows["clear"]).all()
    known = lewisham.rows[lewisham.rows["low"] > 0]
    margin = 1.959964 * (known["offences"] * lewisham.dispersion) ** 0.5 / known["residents"] * 1000
    assert (known["high"] - known["rate"]).tolist() == pytest.approx(margin.tolist(), rel=1e-6)
    assert 1 < lewisham.dispersion < 2
    assert f"counts vary {lewisham.dispersion:.1f} times" in neighbourhood_note(lewisham)


def test_map_has_every_neighbourhood_with_rounded_values_and_units(lewisham: Neighbourhoods) -> None:
    (layer,) = json.loads(neighbourhood_deck(lewisham).to_json())["layers"]
    features = layer["data"]["features"]
    assert len(features) == len(lewisham.rows)
    for feature in features:
        assert "per 1,000" in feature["properties"]["text"]
        assert "." not in feature["properties"]["text"].replace("borough's average", "")
    assert "faded" in legend(lewisham)


def test_map_as_a_file_has_the_table_from_high_to_low(lewisham: Neighbourhoods) -> None:
    drawn = static_neighbourhood_map(lewisham)
    assert drawn.title == f"{finding(lewisham)}."
    table = neighbourhood_table(lewisham)
    assert table["Crime per 1,000 residents"].is_monotonic_decreasing
    assert len(table) == len(lewisham.rows)
