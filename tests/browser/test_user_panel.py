"""A visitor's own figures in a browser: files are uploaded, shown, and removed."""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

from core.london.amount.question import LONDON_AMOUNT
from core.tables.catalogue import load_catalogue
from core.uploads.read import SURVEYS
from tests.browser.visiting import Visitor, eventually
from tests.sources.files.open_document import as_ods
from tests.sources.police.generated import made_up_download
from tests.sources.workbooks.survey import write_survey
from tests.user_panel.panels import YEARS, as_csv, held, rows
from tests.user_panel.peoples_files import AREAS, as_text, as_workbook, table

BADGE = "Your own figures"
BACK = "Back to the published figures"
DISTRICTS = ("Melton", "Rutland")
FORCE = "Leicestershire, March 2018 (your file)"


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A survey in which trust was lower in every other borough."""
    boroughs, london = (load_catalogue().read_table(name).query("quarter >= '2018Q1'") for name in SURVEYS)
    lower = boroughs["trust_mps"] - 0.1 * (boroughs["borough"].rank(method="dense") % 2)
    path = tmp_path_factory.mktemp("survey") / "new survey.xlsx"
    path.write_bytes(write_survey(boroughs.assign(trust_mps=lower), london))
    return path


def drop(visitor: Visitor, path: Path) -> None:
    """Upload a file, and wait until it is there."""
    visitor.main.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)


def test_user_panel_upload_is_answered_and_can_be_removed(visitor: Visitor, tmp_path: Path) -> None:
    frame = rows(YEARS)
    file = tmp_path / "mine.csv"
    file.write_bytes(as_csv(frame))
    visitor.open("user_panel")
    drop(visitor, file)
    visitor.main.get_by_role("button", name="Suggestion").click()
    visitor.link_says(file=held(frame).fingerprint, outcome="outcome")
    expect(visitor.answer).to_contain_text("is linked to \N{LEFT DOUBLE QUOTATION MARK}outcome")
    visitor.choose("Outcome", "chance")
    visitor.link_says(outcome="chance")
    expect(visitor.answer).to_contain_text("\N{LEFT DOUBLE QUOTATION MARK}chance")
    visitor.shows_no_error()

    visitor.main.get_by_role("button", name="Remove file").click()
    expect(visitor.main.get_by_test_id("stFileUploader")).to_be_visible()
    eventually(lambda: visitor.query == {"v": "1"}, visitor.page, "a link without the file")
    expect(visitor.main).not_to_contain_text("chance")


def typed() -> list[list[object]]:
    frame = table()
    return [list(frame), *([a, int(y), int(o), float(t)] for a, y, o, t in frame.to_numpy())]


def wide() -> pd.DataFrame:
    rows, by_year = table(), pd.DataFrame({"Area": AREAS})
    for year in rows["Year"].unique().tolist():
        for measure in ("Offences", "Trust"):
            by_year[f"{measure} {year}"] = rows.loc[rows["Year"] == year, measure].to_list()
    return by_year


PEOPLES_FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "titled.xlsx": (
        lambda: as_workbook([["Table 3: Recorded offences"], ["Source: made up"], [], *typed()]),
        "The headings are in row 4; 2 rows above left out",
    ),
    "cover.ods": (
        lambda: as_ods({"Cover": [["About"]], "Data": [["Table 3"], [], *typed()]}),
        "Sheet Data is read; the others are Cover",
    ),
    "wide.csv": (lambda: as_text(wide()), "12 columns named after periods"),
    "numbers.csv": (
        lambda: as_text(table().replace({"Area": {area: str(1001 + place) for place, area in enumerate(AREAS)}})),
        "6 areas, 6 periods (2015 to 2020), 36 rows",
    ),
}


@pytest.mark.parametrize("name", PEOPLES_FILES)
def test_file_as_people_have_it_is_reported_and_answered_in_one_click(
    name: str, visitor: Visitor, tmp_path: Path
) -> None:
    write, said = PEOPLES_FILES[name]
    (tmp_path / name).write_bytes(write())
    visitor.open("user_panel")
    drop(visitor, tmp_path / name)
    expect(visitor.main).to_contain_text(said)
    if name == "wide.csv":
        visitor.main.get_by_role("button", name="Go on").click()
    expect(visitor.main.get_by_role("combobox", name="Area")).to_have_value("Area")
    visitor.main.get_by_role("button", name="Suggestion").click()
    expect(visitor.answer).to_contain_text(re.compile("(is|are) linked to"))
    visitor.shows_no_error()


def test_file_of_two_long_keys_is_refused_at_once(visitor: Visitor, tmp_path: Path) -> None:
    keys = [f"Street {n},{20000000 + n},{37 * n % 101},{53 * n % 97}" for n in range(4000)]
    (tmp_path / "long.csv").write_text("Area,Date,Offences,Trust\n" + "\n".join(keys) + "\n")
    visitor.open("user_panel")
    drop(visitor, tmp_path / "long.csv")
    expect(visitor.main).to_contain_text("Each Area has one row in long.csv, so there is no change to compare")
    expect(visitor.main.get_by_role("button", name="Suggestion")).to_have_count(0)
    visitor.shows_no_error()


def test_survey_upload_shows_badge_until_it_is_removed(visitor: Visitor, survey: Path) -> None:
    address = f"{LONDON_AMOUNT.page}?layer=analysts&tab=evidence&outcome=trust_mps"
    visitor.open(address)
    published = visitor.answer.inner_text()
    visitor.open("data")
    drop(visitor, survey)
    expect(visitor.main.get_by_text(survey.name)).to_be_visible()
    visitor.main.get_by_role("button", name="Use this data").click()
    expect(visitor.main).to_contain_text(BADGE)

    visitor.sidebar.get_by_role("link", name="How much force is used").click()
    expect(visitor.heading).to_contain_text("force")
    visitor.settled()
    expect(visitor.main).to_contain_text(f"{BADGE} on the London pages, from {survey.name}")
    visitor.main.get_by_role("button", name=BACK).click()
    expect(visitor.main).not_to_contain_text(BADGE)
    visitor.settled()
    visitor.open(address)
    expect(visitor.answer).to_have_text(published)


def test_police_zip_upload_offers_its_force_until_it_is_removed(visitor: Visitor, tmp_path: Path) -> None:
    police = made_up_download(tmp_path / "police.zip", DISTRICTS, "leicestershire")
    visitor.open("crime_rates")
    published = visitor.answer.inner_text()
    visitor.open("data")
    drop(visitor, police)
    expect(visitor.main.get_by_text(police.name)).to_be_visible()
    visitor.main.get_by_role("button", name="Use this data").click()
    expect(visitor.main).to_contain_text(f"{BADGE} on the crime pages, from {police.name}")
    expect(visitor.main).to_contain_text(FORCE)

    visitor.sidebar.get_by_role("link", name="Crime rates by area").click()
    visitor.link_says(place="own-leicestershire")  # pages begin with what was uploaded
    expect(visitor.main.get_by_role("combobox", name="Place", exact=True)).to_have_value(FORCE)
    expect(visitor.answer).not_to_have_text(published)
    expect(visitor.main).to_contain_text(f"{BADGE} on the crime pages, from {police.name}")
    visitor.shows_no_error()

    visitor.main.get_by_role("button", name=BACK).click()
    expect(visitor.main).not_to_contain_text(BADGE)
    visitor.settled()
    expect(visitor.answer).to_have_text(published)
    expect(visitor.main).not_to_contain_text(FORCE)
