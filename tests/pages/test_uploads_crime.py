"""A police zip that a visitor hands in: the crime pages offer the force, to that visitor alone."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest

from core.app.sections import crime_common
from core.crime.area import ALL_CRIME, CrimeArea
from core.crime.district_rates import district_shares
from core.crime.loaders import from_street_crime
from core.crime.lsoa_rates import lsoa_rates
from core.crime.places import STUDY_AREA, UPLOADED_PREFIX
from core.crime.rates import text as rates_text
from core.crime.text import Scope
from core.questions.question import LONDON_AMOUNT
from core.tables.catalogue import load_catalogue
from tests.pages.sharing import cached_for_all
from tests.pages.test_uploads import BACK, badged, handed
from tests.pages.visiting import Visit
from tests.sources.police.generated import HEADING, made_up_download, write_zip

DISTRICTS = ("Rutland", "Corby")
PAGES = ("crime_rates", "crime_types", "crime_bicycle_theft", "crime_deprivation")
NAME, LABEL = f"{UPLOADED_PREFIX}made-up", "Made Up, 2018-03 (your file)"
File = tuple[str, bytes, str]


@pytest.fixture(scope="module")
def download(tmp_path_factory: pytest.TempPathFactory) -> File:
    path = made_up_download(tmp_path_factory.mktemp("police") / "police.zip", DISTRICTS)
    return path.name, path.read_bytes(), "application/zip"


def test_the_crime_pages_offer_the_force_and_answer_for_it(download: File) -> None:
    visit = handed(download)
    assert any(LABEL in item.value for item in visit.at.markdown)
    assert any(re.search(r"read (\d+) = counted \1 \+ without", item.value) for item in visit.at.markdown)
    for page in PAGES:
        assert badged(visit.go(page, {"v": "1", "place": NAME}))
        assert visit.value("place") == NAME
        assert visit.widget("district").options == ["All districts", "Corby", "Rutland"]
        assert LABEL in visit.widget("place").options


def read_area(download: File, england: pd.DataFrame) -> CrimeArea:
    """The same figures, read row by row from the file."""
    with zipfile.ZipFile(BytesIO(download[1])) as archive, archive.open(archive.namelist()[0]) as file:
        rows = pd.read_csv(file)
    named = rows.rename(columns={"LSOA code": "lsoa11_code", "Crime type": "crime_type"})
    counts = named.groupby(["lsoa11_code", "crime_type"]).size().rename("records").reset_index()
    return from_street_crime(counts, england, DISTRICTS, name="Made Up", period="2018-03")


def test_the_answer_is_that_of_the_figures_handed_in(download: File) -> None:
    visit = handed(download).go("crime_rates", {"v": "1", "place": NAME})
    england = load_catalogue().read_table("england_lsoas")
    area = read_area(download, england)
    scope = Scope(area.name, area.period, ALL_CRIME)
    assert visit.answer == rates_text.answer(district_shares(area), lsoa_rates(area), scope, "", "2019")


def test_without_the_file_the_link_leads_to_the_study(download: File) -> None:
    handed(download).go("crime_rates", {"v": "1", "place": NAME})
    other = Visit("crime_rates", {"v": "1", "place": NAME})
    assert not badged(other)
    assert other.view("PlaceView").place == STUDY_AREA
    assert not any(LABEL in option for option in crime_common.places())


def test_nothing_of_it_is_kept_for_others(download: File) -> None:
    for page in PAGES:
        Visit(page)
    Visit("data")
    before = cached_for_all()
    visit = handed(download)
    for page in PAGES:
        visit.go(page, {"v": "1", "place": NAME})
    assert cached_for_all() == before


def test_london_stays_the_published_and_one_click_takes_the_force_away(download: File) -> None:
    published = Visit(LONDON_AMOUNT.page).answer
    visit = handed(download).go(LONDON_AMOUNT.page)
    assert visit.answer == published
    (badge,) = [item.value for item in visit.at.markdown if "Your own figures" in item.value]
    assert "on the crime pages, from `police.zip`" in badge
    visit.go("crime_types", {"v": "1", "place": NAME})
    visit.at.button(key=BACK).click()
    visit.run()
    assert visit.view("PlaceView").place == STUDY_AREA
    assert not badged(visit)


BROKEN: dict[str, tuple[bytes | dict[str, bytes], str]] = {
    "no zip": (b"PK\x03\x04 broken", "is not a whole zip file"),
    "empty": (b"", "is empty"),
    "outcomes only": ({"2018-03/2018-03-made-up-outcomes.csv": b"Crime ID\n"}, "holds no street-level crime"),
    "no district": (
        {"2018-03/2018-03-btp-street.csv": (",".join(HEADING) + "\n" + ",2018-03,x,x,,,x,,,Burglary,,\n").encode()},
        "no English district of its own",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_zip_that_cannot_be_used_gets_one_sentence(case: str, tmp_path: Path) -> None:
    content, text = BROKEN[case]
    made = write_zip(tmp_path / "a.zip", content).read_bytes() if isinstance(content, dict) else content
    visit = handed(("odd.zip", made, "application/zip"))
    (warning,) = visit.at.warning
    assert text in warning.value.replace("\\", "")
    assert not badged(visit)


def test_two_downloads_are_said(download: File) -> None:
    visit = handed(download, ("more.zip", *download[1:]))
    (warning,) = visit.at.warning
    assert "hand in one, with all the months in it" in warning.value
