import re
from pathlib import Path

import pytest

from core.app.sections import data
from core.app.sections.home import TOO_FEW
from core.london.ages.question import LONDON_AGES
from core.london.amount.question import LONDON_AMOUNT
from core.registry.pages import PAGES
from core.tables.catalogue import load_catalogue
from core.uploads.read import SURVEYS
from tests.pages.caches import cached_for_all
from tests.pages.visiting import WHOLE, Visit
from tests.sources.workbooks.__main__ import published_records
from tests.sources.workbooks.force import write_year
from tests.sources.workbooks.survey import write_survey

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONDON = [entry.name for entry in PAGES if entry.section.startswith("London")]
BACK = "uploaded.back"
File = tuple[str, bytes, str]


@pytest.fixture(scope="module")
def survey() -> File:
    """A survey in which trust was lower in every other borough from 2021 on."""
    boroughs, london = (load_catalogue().read_table(name) for name in SURVEYS)
    recent = boroughs[boroughs["quarter"] >= "2018Q1"]
    lower = recent["trust_mps"] - 0.1 * (recent["borough"].rank(method="dense") % 2) * (recent["quarter"] >= "2021Q1")
    content = write_survey(recent.assign(trust_mps=lower), london[london["quarter"] >= "2018Q1"])
    return "new *survey*.xlsx", content, XLSX


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> File:
    """Records of 2020-21, a sixtieth of the real number."""
    path = tmp_path_factory.mktemp("force") / "force 2020.xlsx"
    return path.name, write_year(path, published_records(60, 3).years["FY20-21"]).read_bytes(), XLSX


def upload_files(*files: File, visit: Visit | None = None) -> Visit:
    visit = visit.go("data") if visit else Visit("data")
    visit.at.file_uploader[0].set_value(list(files))
    (button,) = [item for item in visit.at.button if item.label == "Use this data"]
    button.click()
    return visit.run()


def badged(visit: Visit) -> bool:
    return any(item.key == BACK for item in visit.at.button) and any(
        "Your own figures" in item.value for item in visit.at.markdown
    )


def test_london_pages_with_uploads_show_badge(survey: File, force: File) -> None:
    visit = upload_files(survey, force)
    assert badged(visit)
    for page in LONDON:
        assert badged(visit.go(page, WHOLE))
        if page == LONDON_AGES.page:  # ages of one year, of which a force of 12 months has one quarter
            (refusal,) = visit.refusals
            assert "rows" in refusal
            assert visit.answer
        else:
            assert not visit.refusals
    assert any(TOO_FEW in item.value for item in visit.go("home").at.markdown)


def test_back_button_after_survey_upload_restores_published_answer(survey: File) -> None:
    choice = {"outcome": "trust_mps"}
    published = Visit(LONDON_AMOUNT.page, choice)
    visit = upload_files(survey).go(LONDON_AMOUNT.page, choice)
    assert visit.answer != published.answer
    visit.at.button(key=BACK).click()
    visit.run()
    assert not badged(visit)
    assert (visit.answer, visit.query) == (published.answer, published.query)
    assert [item.value for item in visit.at.subheader] == [item.value for item in published.at.subheader]
    assert "uploaded." not in " ".join(key for key in map(str, visit.at.session_state.to_dict()) if key != BACK)


def test_survey_upload_is_not_visible_to_another_visit(survey: File) -> None:
    before = Visit(LONDON_AMOUNT.page).answer
    upload_files(survey).go(LONDON_AMOUNT.page, WHOLE)
    other = Visit(LONDON_AMOUNT.page)
    assert not badged(other)
    assert other.answer == before


def test_survey_upload_is_not_cached_for_others(survey: File) -> None:
    for page in ("data", LONDON_AMOUNT.page, "london_map", "london_outcomes"):
        Visit(page)
    before = cached_for_all()
    visit = upload_files(survey)
    for page in (LONDON_AMOUNT.page, "london_map", "london_outcomes"):
        visit.go(page, WHOLE)
    assert cached_for_all() == before


def test_upload_report_and_badge_escape_file_names(survey: File) -> None:
    visit = upload_files(survey)
    lines = [item.value for item in visit.at.markdown if item.value.startswith("- ")]
    assert any(r"new \*survey\*.xlsx" in line for line in lines)
    assert not any("new *survey*" in line for line in lines)
    (badge,) = [item.value for item in visit.at.markdown if "Your own figures" in item.value]
    assert "`new *survey*.xlsx`" in badge


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("odd.csv", b"name,size\nZebra,3\n"),
        ("odd.xlsx", b"PK\x03\x04 broken"),
        (
            "![x](http:a).csv",
            b"Date,Survey,Borough,Measure,Proportion,MPS\n<b>x</b>,PAS,[a](http:b),Good Job local,0.5,0.5\n",
        ),
    ],
    ids=["another table", "a broken zip", "Markdown and HTML"],
)
def test_upload_of_unusable_file_shows_one_warning(name: str, content: bytes) -> None:
    visit = upload_files((name, content, "text/csv"))
    (warning,) = visit.at.warning
    assert not badged(visit)
    assert not re.search(r"(?<!\\)[\[<!]", warning.value), "Markdown or HTML of the file's own"
    assert "odd" in warning.value or "http" in warning.value


def test_upload_of_another_table_says_each_reason_on_a_line_of_its_own() -> None:
    page = upload_files(("crime.csv", b"Region,Year,Crimes\nA,2019,3\nB,2020,4\n", "text/csv"))
    (warning,) = page.at.warning
    first, *reasons = warning.value.split("\n")
    assert "neither of the tables" in first
    assert [reason.split(":")[0].rstrip("\\") for reason in reasons] == ["- As a survey", "- As use of force"]


def test_upload_of_too_many_files_shows_the_limit() -> None:
    visit = upload_files(*[(f"{number}.csv", b"a", "text/csv") for number in range(data.MOST_FILES + 1)])
    (warning,) = visit.at.warning
    assert f"at most {data.MOST_FILES}" in warning.value


def test_survey_upload_writes_nothing_to_disk(survey: File, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    upload_files(survey).go(LONDON_AMOUNT.page, WHOLE)
    assert not list(tmp_path.iterdir())


def test_forecast_page_with_uploaded_survey_uses_it(survey: File) -> None:
    published = Visit("london_forecast")
    before = cached_for_all()
    visit = upload_files(survey).go("london_forecast", WHOLE)
    assert badged(visit)
    assert any("worked out from your figures" in item.value for item in visit.at.info)
    assert "forest" not in " ".join(visit.widget("method").options)
    assert [item.value for item in visit.at.subheader] != [item.value for item in published.at.subheader]
    assert not [key for key in cached_for_all() - before if "_outlook" in str(key[0])]
    visit.at.button(key=BACK).click()
    visit.run()
    assert visit.answer == published.answer
    assert not visit.at.info
    assert [item.value for item in visit.at.subheader] == [item.value for item in published.at.subheader]


def test_forecast_page_with_uploaded_force_uses_published_figures(force: File) -> None:
    visit = upload_files(force).go("london_forecast", WHOLE)
    assert any("forecasts from the published figures, not from yours" in item.value for item in visit.at.info)
    assert visit.answer == Visit("london_forecast").answer
