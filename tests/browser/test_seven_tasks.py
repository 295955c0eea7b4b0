"""What readers come for, done as they would, with their clicks counted; typing into a box that was clicked is none."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, expect

from core.london.amount.question import LONDON_AMOUNT
from core.london.borough.analysis import next_figure, standing
from core.london.borough.text import forecast_range, margin, whole
from core.london.forecast.view import stored_forecasts
from core.london.map.figures import borough_map_data, complete_view
from core.london.map.summary import CHANGE, moved
from core.london.panel import london_panel, survey_panel
from core.presentation.models.model_summary import overall
from core.questions.question import AS_PUBLISHED, PRESET_LABELS
from core.questions.robustness import robustness
from core.tables.catalogue import load_catalogue
from tests.browser.visiting import Visitor
from tests.user_panel.panels import YEARS, as_csv, held, rows

MAKING = 120_000  # milliseconds; the first picture of a server takes seconds, more where the machine is busy
SAYS = {"none": "no clear link", "depends": "depends on", "clear": "clearly linked"}


@dataclass
class Reader:
    """A visitor whose clicks are counted."""

    visitor: Visitor
    clicks: int = 0

    def click(self, target: Locator) -> None:
        target.click()
        self.clicks += 1

    def goes_to(self, page: str) -> None:
        """Click on `page` in the menu."""
        menu = self.visitor.sidebar.get_by_role("navigation")
        self.click(menu.get_by_role("link", name=page, exact=True))
        self.visitor.settled()

    def types(self, label: str, option: str, within: Locator | None = None) -> None:
        """Click into a select-box, type the option and press Enter."""
        box = (within or self.visitor.main).get_by_role("combobox", name=label, exact=True)
        self.click(box)
        box.fill(option)
        expect(self.visitor.page.get_by_role("option", name=option, exact=True)).to_be_visible()
        self.visitor.page.keyboard.press("Enter")

    def downloads(self, button: str, folder: Path, within: Locator | None = None) -> Path:
        with self.visitor.page.expect_download(timeout=MAKING) as started:
            self.click((within or self.visitor.main).get_by_role("button", name=button, exact=True))
        file = folder / started.value.suggested_filename
        started.value.save_as(file)
        return file


def test_trust_in_lewisham_next_quarter_and_how_sure_takes_two_clicks(visitor: Visitor) -> None:
    reader = Reader(visitor)
    visitor.open("home")
    reader.goes_to("Trust: forecast")
    reader.types("Borough", "Lewisham")
    visitor.link_says(borough="Lewisham")
    now = standing(survey_panel(), "Lewisham")
    coming = next_figure(stored_forecasts(load_catalogue()), "Lewisham", now.quarter)
    assert coming is not None
    expect(visitor.answer).to_contain_text(f"in Lewisham is forecast at about {whole(coming.mean)}")
    expect(visitor.main.get_by_text(forecast_range(coming), exact=True)).to_be_visible()
    expect(visitor.main.get_by_text(margin(now))).to_be_visible()
    assert reader.clicks <= 2


def test_sentence_on_force_and_trust_takes_no_click(visitor: Visitor) -> None:
    visitor.open("home")
    word = overall(robustness(london_panel(), LONDON_AMOUNT, LONDON_AMOUNT.recommended))
    expect(visitor.main.get_by_role("link", name=LONDON_AMOUNT.title).first).to_be_in_viewport()
    expect(visitor.main.get_by_text(SAYS[word]).first).to_be_in_viewport()


def test_boroughs_that_improved_beyond_chance_take_two_clicks(visitor: Visitor) -> None:
    reader = Reader(visitor)
    visitor.open("home")
    reader.goes_to("Borough map")
    panel = survey_panel()
    change = borough_map_data(complete_view(CHANGE, panel), panel, load_catalogue())
    rose = moved(change, 1)
    fact = visitor.main.get_by_test_id("stMetric").filter(has_text="Boroughs where trust rose")
    expect(fact).to_contain_text(f"{len(rose)} of {len(change.rows)}")
    for name in rose:
        expect(visitor.main.get_by_text(name).first).to_be_visible()
    assert reader.clicks <= 2


def test_link_slide_workbook_and_briefing_take_two_clicks_each(visitor: Visitor, tmp_path: Path) -> None:
    for kind in ("PNG", "Excel", "To print or read (HTML)"):
        reader = Reader(visitor)
        visitor.open(f"{LONDON_AMOUNT.page}?v=1&borough=Lewisham")
        reader.click(visitor.main.get_by_role("button", name="Share"))
        opened = visitor.page.get_by_test_id("stPopoverBody")
        expect(opened.get_by_text(f"{LONDON_AMOUNT.page}?v=1")).to_be_visible()
        file = reader.downloads(kind, tmp_path, opened)
        assert "lewisham" in file.name
        assert file.stat().st_size > 1000
        assert reader.clicks <= 2
        visitor.main.get_by_role("button", name="Share").click()  # what it opened would pass for an error's window


def test_bicycle_theft_in_coventry_takes_three_clicks(visitor: Visitor) -> None:
    reader = Reader(visitor)
    visitor.open("home")
    reader.goes_to("Bicycle theft")
    reader.types("District", "Coventry")
    visitor.link_says(district="Coventry")
    expect(visitor.answer).to_contain_text("Coventry")
    fact = visitor.main.get_by_test_id("stMetric").filter(has_text="Bicycle thefts per 1,000 residents, Coventry")
    expect(fact).to_be_visible()
    assert reader.clicks <= 3


def test_deprivation_in_birmingham_takes_three_clicks(visitor: Visitor) -> None:
    reader = Reader(visitor)
    visitor.open("home")
    reader.goes_to("Crime and deprivation")
    reader.types("District", "Birmingham")
    visitor.link_says(district="Birmingham")
    expect(visitor.answer).to_contain_text("Birmingham")
    expect(visitor.answer).to_contain_text("deprived")
    assert reader.clicks <= 3


def test_ward_typed_on_the_front_page_leads_to_its_neighbourhoods(visitor: Visitor) -> None:
    reader = Reader(visitor)
    visitor.open("home")
    box = visitor.main.get_by_role("textbox", name="Find your borough or neighbourhood")
    reader.click(box)
    box.fill("North Jesmond")
    visitor.page.keyboard.press("Enter")
    visitor.link_says(find="North Jesmond")
    reader.click(visitor.main.get_by_role("link", name="North Jesmond").first)
    expect(visitor.heading).to_contain_text("North Jesmond")
    assert reader.clicks <= 2


def test_three_changes_of_an_analyst_and_the_code_take_six_clicks(visitor: Visitor, tmp_path: Path) -> None:
    reader = Reader(visitor)
    visitor.open(LONDON_AMOUNT.page)
    reader.click(visitor.main.get_by_role("radio", name="For analysts"))
    visitor.link_says(layer="analysts")
    reader.click(visitor.sidebar.get_by_role("radio", name=PRESET_LABELS[AS_PUBLISHED]))
    visitor.link_says(effects="none")
    reader.types("Score", load_catalogue().label("trust_mps"), visitor.sidebar)
    visitor.link_says(outcome="trust_mps")
    reader.click(visitor.sidebar.get_by_text("Borough effects", exact=True))
    visitor.link_says(effects="borough")
    reader.click(visitor.main.get_by_role("tab", name="Take it away"))
    visitor.link_says(tab="take_away")
    code = reader.downloads("Python script that repeats the fit", tmp_path).read_text(encoding="utf-8")
    assert "trust_mps" in code
    compile(code, "script.py", "exec")
    assert reader.clicks <= 6


def test_own_table_is_answered_in_three_clicks(visitor: Visitor, tmp_path: Path) -> None:
    reader = Reader(visitor)
    file = tmp_path / "mine.csv"
    file.write_bytes(as_csv(rows(YEARS)))
    visitor.open("home")
    reader.goes_to("Your own data")
    with visitor.page.expect_file_chooser() as chooser:
        reader.click(visitor.main.get_by_test_id("stFileUploaderDropzone").locator("button"))
    chooser.value.set_files(file)
    reader.click(visitor.main.get_by_role("button", name="Suggestion"))
    visitor.link_says(file=held(rows(YEARS)).fingerprint)
    expect(visitor.answer).to_contain_text("linked to")
    assert reader.clicks <= 3
