"""One of what a key names, and several: also where a visitor's column has the name."""

import pytest

from core.stats.regression.errors import one, several


@pytest.mark.parametrize(
    ("name", "singular", "plural"),
    [
        ("borough", "borough", "boroughs"),
        ("Borough", "borough", "boroughs"),
        ("Dates", "date", "dates"),
        ("country", "country", "countries"),
        ("COUNTRY", "country", "countries"),
        ("Counties", "county", "counties"),
        ("Survey", "survey", "surveys"),
        ("months", "month", "months"),
        ("branches", "branch", "branches"),
        ("LSOA", "LSOA", "LSOAs"),
        ("FIPS", "FIPS", "FIPS"),
        ("rownames", "“rownames”", "values of “rownames”"),
        ("firm_id", "“firm_id”", "values of “firm_id”"),
        ("Area (ONS)", "“Area (ONS)”", "values of “Area (ONS)”"),
        ("", "“”", "values of “”"),
    ],
)
def test_name_of_a_key_is_a_common_word_or_quoted(name: str, singular: str, plural: str) -> None:
    assert (one(name), several(name)) == (singular, plural)
