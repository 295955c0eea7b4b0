"""A police zip that a visitor uploads: the crime pages offer the force, to that visitor alone."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest

from core.app.crime_places import places
from core.crime.area import WITHOUT_ASB, CrimeArea
from core.crime.district_rates import district_shares
from core.crime.loaders import from_street_crime
from core.crime.lsoa_rates import lsoa_rates
from core.crime.places import STUDY_AREA, UPLOADED_PREFIX
from core.crime.rates import text as rates_text
from core.crime.text import Scope
from core.london.amount.question import LONDON_AMOUNT
from core.tables.catalogue import load_catalogue
from tests.pages.caches import cached_for_all
from tests.pages.test_uploads import BACK, badged, upload_files
from tests.pages.visiting import WHOLE, Visit
from tests.sources.police.generated import HEADING, made_up_download, street_csv, write_zip

DISTRICTS = ("Rutland", "Melton")
PAGES = ("crime_rates", "crime_types", "crime_bicycle_theft", "crime_deprivation")
NAME, LABEL = f"{UPLOADED_PREFIX}leicestershire", "Leicestershire, March 2018 (your file)"
File = tuple[str, bytes, str]


@pytest.fixture(scope="module")
def download(tmp_path_factory: pytest.TempPathFactory) -> File:
    path = made_up_download(tmp_path_factory.mktemp("police") / "police.zip", DISTRICTS, "leicestershire")
    return path.name, path.read_bytes(), "application/zip"


def test_crime_pages_with_uploaded_zip_offer_its_force(download: File) -> None:
    visit = upload_files(download)
    assert any(LABEL in item.value for item in visit.at.markdown)
    assert any(re.search(r"read (\d+) = counted \1 \+ without", item.value) for item in visit.at.markdown)
    for page in PAGES:
        assert badged(visit.go(page, {"v": "1", "place": NAME}))
        assert visit.value("place") == NAME
        assert visit.widget("district").options == ["All districts", "Melton", "Rutland"]
        assert LABEL in visit.widget("place").options


def read_area(download: File, england: pd.DataFrame) -> CrimeArea:
    """The same figures, read row by row from the file."""
    with zipfile.ZipFile(BytesIO(download[1])) as archive, archive.open(archive.namelist()[0]) as file:
        rows = pd.read_csv(file)
    named = rows.rename(columns={"LSOA code": "lsoa11_code", "Crime type": "crime_type"})
    counts = named.groupby(["lsoa11_code", "crime_type"]).size().rename("records").reset_index()
    return from_street_crime(counts, england, DISTRICTS, name="Leicestershire", period="March 2018")


def test_rates_page_answers_from_uploaded_zip(download: File) -> None:
    visit = upload_files(download).go("crime_rates", WHOLE | {"v": "1", "place": NAME})
    england = load_catalogue().read_table("england_lsoas")
    area = read_area(download, england)
    scope = Scope(area.name, area.period, WITHOUT_ASB)
    shares, rates = district_shares(area, WITHOUT_ASB), lsoa_rates(area, WITHOUT_ASB)
    assert visit.answer == rates_text.answer(shares, rates, scope, "", "2019")


def test_uploaded_force_is_shown_first_also_where_another_was_and_a_link_decides(download: File) -> None:
    before = Visit("crime_types")
    assert before.query["place"] == STUDY_AREA
    visit = upload_files(download, visit=before)
    assert visit.go("crime_types").query["place"] == NAME
    assert visit.go("crime_rates").query["place"] == NAME
    assert visit.go("crime_rates", {"v": "1", "place": STUDY_AREA}).query["place"] == STUDY_AREA


def test_uploaded_codes_of_2021_have_the_index_and_outlines_of_their_own() -> None:
    areas = load_catalogue().read_table("areas", ["lsoa21_code", "ltla24_name"])
    codes = areas.loc[areas["ltla24_name"] == "Leicester", "lsoa21_code"].tolist()
    content = street_csv("2026-02", [(code, "Burglary") for code in [*codes, "E01999999"]])
    visit = upload_files(("2026-02-leicestershire-street.csv", content, "text/csv")).go("crime_types", WHOLE)
    assert visit.query["place"] == NAME
    assert badged(visit)
    assert "Leicestershire, 2025" in visit.widget("place").options  # which is there already, and stays on offer
    captions = " ".join(item.value for item in visit.at.caption)
    assert "those of the 2021 census, deprivation is that of 2025" in captions
    assert "1 record has a code of no known area" in captions


def test_link_to_uploaded_force_without_file_shows_study(download: File) -> None:
    upload_files(download).go("crime_rates", {"v": "1", "place": NAME})
    other = Visit("crime_rates", {"v": "1", "place": NAME})
    assert not badged(other)
    assert other.view("PlaceView").place == STUDY_AREA
    assert not any(LABEL in option for option in places.places())


def test_police_zip_upload_is_not_cached_for_others(download: File) -> None:
    for page in PAGES:
        Visit(page)
    Visit("data")
    before = cached_for_all()
    visit = upload_files(download)
    for page in PAGES:
        visit.go(page, WHOLE | {"v": "1", "place": NAME})
    assert cached_for_all() == before


def test_police_zip_upload_leaves_london_and_can_be_removed(download: File) -> None:
    published = Visit(LONDON_AMOUNT.page).answer
    visit = upload_files(download).go(LONDON_AMOUNT.page, WHOLE)
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
    "outcomes only": ({"2018-03/2018-03-leicestershire-outcomes.csv": b"Crime ID\n"}, "holds no street-level crime"),
    "no district": (
        {"2018-03/2018-03-btp-street.csv": (",".join(HEADING) + "\n" + ",2018-03,x,x,,,x,,,Burglary,,\n").encode()},
        "has no district of its own",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_upload_of_unusable_zip_shows_one_warning(case: str, tmp_path: Path) -> None:
    content, text = BROKEN[case]
    made = write_zip(tmp_path / "a.zip", content).read_bytes() if isinstance(content, dict) else content
    visit = upload_files(("odd.zip", made, "application/zip"))
    (warning,) = visit.at.warning
    assert text in warning.value.replace("\\", "")
    assert not badged(visit)


def test_upload_of_single_street_files_offers_their_months(download: File) -> None:
    with zipfile.ZipFile(BytesIO(download[1])) as archive:
        march = archive.read(archive.namelist()[0])
    may = march.replace(b",2018-03,", b",2018-05,")
    visit = upload_files(
        ("2018-05-leicestershire-street.csv", may, "text/csv"),
        ("2018-03-leicestershire-street.csv", march, "text/csv"),
    )
    assert any(
        "Leicestershire, March to May 2018 (2 of 3 months) (your file)" in item.value for item in visit.at.markdown
    )
    visit.go("crime_rates", WHOLE | {"v": "1", "place": NAME})
    assert any("there are no records for April 2018" in item.value for item in visit.at.caption)


def test_upload_of_two_zips_shows_warning(download: File) -> None:
    visit = upload_files(download, ("more.zip", *download[1:]))
    (warning,) = visit.at.warning
    assert "choose one, with all the months in it" in warning.value
