"""Several of what a key names: also where a visitor's column has the name."""

import pytest

from core.stats.regression.errors import several


@pytest.mark.parametrize(
    ("name", "plural"),
    [
        ("borough", "boroughs"),
        ("quarter", "quarters"),
        ("country", "countries"),
        ("Survey", "Surveys"),
        ("rownames", "rownames"),
        ("months", "months"),
        ("FIPS", "FIPS"),
        ("LSOA", "LSOAs"),
        ("COUNTRY", "COUNTRIES"),
        ("tax", "taxes"),
        ("branch", "branches"),
        ("Area (ONS)", "Area (ONS)"),
        ("year 2", "year 2"),
        ("", ""),
    ],
)
def test_plural_of_any_name_of_a_key_is_one_word(name: str, plural: str) -> None:
    assert several(name) == plural
