"""The crime pages and what leaves them say which months of a force were counted, and what these lack."""

import io
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from core.build.street_crime import build_street_crime
from core.exports.excel import DEFINITIONS
from core.tables.catalogue import load_catalogue
from tests.pages.conftest import Makers
from tests.pages.test_crime_types import offered_from
from tests.pages.visiting import WHOLE, Visit
from tests.sources.police.generated import TYPES, Row, street_csv, write_zip

FORCE = "leicestershire"
PAGES = ("crime_rates", "crime_types", "crime_bicycle_theft", "crime_deprivation")
SPAN = "January to April 2021 (3 of 4 months)"
LACKS = (
    "3 of 4 months are counted: there are no records for March 2021.",
    "Rates are for the months counted, not for a year.",
    "February 2021 (200 records) is short, under half of the usual",
    "of the records of Leicestershire have no area",
)


def month(codes: list[str], start: int) -> list[Row]:
    """Some records in each of `codes`, and a fifth of all without an area."""
    rows = [(code, TYPES[(at + step) % 4]) for at, code in enumerate(codes, start) for step in range(5 + at % 7)]
    return [*rows, *[("", "Burglary")] * (len(rows) // 4)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """January, February and April of Leicestershire; February is short."""
    england = load_catalogue().read_table("england_lsoas")
    codes = england.loc[england["district"].isin(["Rutland", "Melton"]), "lsoa11_code"].tolist()
    rows = {"2021-01": month(codes, 0), "2021-02": month(codes, 1)[:200], "2021-04": month(codes, 2)}
    files = {f"{name}/{name}-{FORCE}-street.csv": street_csv(name, records) for name, records in rows.items()}
    place = tmp_path_factory.mktemp("months")
    build_street_crime(write_zip(place / "police.zip", files), place / "built")
    return place / "built"


@pytest.mark.parametrize("page", PAGES)
def test_crime_page_of_a_force_says_which_months_are_counted(
    page: str, folder: Path, offered: Makers, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered_from(folder, monkeypatch)
    visit = Visit(page, WHOLE | {"v": "1", "place": FORCE})
    captions = [item.value for item in visit.at.caption]
    for sentence in LACKS:
        assert sum(sentence in caption for caption in captions) == 1
    assert f"Leicestershire, {SPAN}" in visit.widget("place").options
    made = {name: make for name, make in offered.items() if name.endswith(".csv")}
    assert made
    for make in made.values():
        table = pd.read_csv(io.BytesIO(make()), comment=None)
        assert set(table["Months"]) == {SPAN}
        assert set(table["Months missing"]) == {"2021-03"}
        assert set(table["Short months"]) == {"2021-02"}
        assert table["Records without an area (%)"].between(15, 25).all()


def test_crime_workbook_of_a_force_says_what_its_months_lack(
    folder: Path, offered: Makers, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered_from(folder, monkeypatch)
    Visit("crime_rates", WHOLE | {"v": "1", "place": FORCE})
    book = openpyxl.load_workbook(io.BytesIO(offered["district_rates.xlsx"]()))
    cells = [str(cell.value) for row in book[DEFINITIONS].iter_rows() for cell in row]
    assert any(LACKS[0] in cell for cell in cells)
    assert "Records without an area (%)" in cells


@pytest.mark.parametrize("page", ["crime_rates", "crime_bicycle_theft"])
def test_crime_page_rates_name_their_months(page: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offered_from(folder, monkeypatch)
    visit = Visit(page, WHOLE | {"v": "1", "place": FORCE})
    titles = [item.value for item in visit.at.subheader]
    rates = [title for title in titles if "per 1,000 residents" in title]
    assert rates
    assert all(SPAN in title for title in rates)
    written = [*visit.texts, *(item.value for item in visit.at.markdown)]
    bare = [
        text for text in written if re.search(r"\d\)? (?:recorded bicycle thefts )?per 1,000 residents(?! in)", text)
    ]
    assert not bare


def test_crime_page_of_the_study_has_no_note_on_months(offered: Makers) -> None:
    visit = Visit("crime_rates")
    assert not any("months are counted" in item.value for item in visit.at.caption)
    assert "Months missing" not in pd.read_csv(io.BytesIO(offered["district_rates.csv"]())).columns
