"""The first screen of the page on types of crime where there is little to compare."""

import pytest

from core.crime.area import ASB, WITHOUT_ASB
from core.crime.loaders import from_street_crime
from core.crime.types.design_effects import district_quotients, typed_compositions
from core.crime.types.summary import summary
from tests.crime.conftest import counts, squares


@pytest.mark.parametrize("types", [("Burglary",), ("Burglary", "Bicycle theft"), (ASB,)], ids=["one", "two", "none"])
def test_summary_of_one_district_with_few_types_has_an_answer(types: tuple[str, ...]) -> None:
    records = counts(squares())
    few = records[records["crime_type"].isin(types)]
    area = from_street_crime(few, squares(), ("Midby",), name="Mid", period="2018")
    found = summary(typed_compositions(area, (), WITHOUT_ASB), district_quotients(area, WITHOUT_ASB), area, "", ("X",))
    assert found.answer.endswith(".")
    assert (found.chip == "cannot_tell") == (types == (ASB,))
