"""The pages, in the order of the menu: navigation, home, attribution and the README take them from here.

To add a page: its script ``pages/NAME.py``, its module ``core/app/sections/NAME.py`` where it needs one, and an entry.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.crime.deprivation.question import CRIME_PAGE, CRIME_TITLE
from core.crime.england.question import PAGE as ENGLAND_PAGE
from core.crime.england.question import TITLE as ENGLAND_TITLE
from core.crime.england.tables import TABLES as ENGLAND_TABLES
from core.london.ages.question import LONDON_AGES
from core.london.amount.question import LONDON_AMOUNT
from core.london.outcomes.question import LONDON_OUTCOMES
from core.questions.question import Question
from core.user_panel.question import PAGE as USER_PANEL_PAGE

PLACES = "Your area"
LONDON, CRIME = "London: force and trust", "Crime and deprivation"
SURVEY_AND_FORCE = ("survey", "use_of_force")
LONDON_MODEL = (*SURVEY_AND_FORCE, "recorded_crime", "population", "deprivation")
NEIGHBOURHOODS = ("areas", "deprivation_2025", "london_area_crime", "area_shapes")
SMALL_AREAS = ("lsoas", "lsoa_crime", "districts")


@dataclass(frozen=True)
class Page:
    """A page of the app.

    Parameters
    ----------
    name
        Its file name without ending, which is also its URL path.
    title, icon, section
        Its words and its Material icon in the menu, and the heading that it stands under.
    about
        What it shows, for the table in the README (`python -m core.build.readme`).
    tables
        Tables of the catalogue behind its figures; empty for all of them.
    question
        The question of a panel that it answers, if its answer needs nothing else.
    on_home
        Whether the front page tells its answer: that of `question`, or that of ``brief()`` in its section module.
    """

    name: str
    title: str
    icon: str
    section: str
    about: str
    tables: tuple[str, ...] = ()
    question: Question | None = None
    on_home: bool = False


PAGES: tuple[Page, ...] = (
    Page(
        "home",
        "Start here",
        ":material/home:",
        "Policing Evidence Explorer",
        "every question with its answer so far",
    ),
    Page(
        "borough",
        "My borough",
        ":material/location_on:",
        PLACES,
        "How much do people in one London borough trust the police, what is likely next, and how sure is that?",
        (*LONDON_MODEL, "survey_london", "borough_shapes", *NEIGHBOURHOODS),
    ),
    Page(
        LONDON_AMOUNT.page,
        "Amount of force",
        ":material/stacked_line_chart:",
        LONDON,
        LONDON_AMOUNT.title,
        LONDON_MODEL,
        LONDON_AMOUNT,
        on_home=True,
    ),
    Page(
        LONDON_OUTCOMES.page,
        "Outcomes of force",
        ":material/call_split:",
        LONDON,
        LONDON_OUTCOMES.title,
        LONDON_MODEL,
        LONDON_OUTCOMES,
        on_home=True,
    ),
    Page(
        LONDON_AGES.page,
        "Ages",
        ":material/groups:",
        LONDON,
        LONDON_AGES.title,
        ("survey", "use_of_force_ages", *LONDON_MODEL[2:], "published_findings"),
        LONDON_AGES,
        on_home=True,
    ),
    Page(
        "london_forecast",
        "Forecast",
        ":material/query_stats:",
        LONDON,
        "What will trust be next, and how good is the forecast?",
        (*SURVEY_AND_FORCE, "borough_shapes"),
        on_home=True,
    ),
    Page(
        "london_map",
        "Borough map",
        ":material/map:",
        LONDON,
        "How do the boroughs compare, and how did they change?",
        (*SURVEY_AND_FORCE, "population", "borough_shapes"),
    ),
    Page(
        ENGLAND_PAGE,
        "England, 2025",
        ":material/public:",
        CRIME,
        ENGLAND_TITLE,
        ENGLAND_TABLES,
        on_home=True,
    ),
    Page(
        CRIME_PAGE,
        "Crime and deprivation",
        ":material/scatter_plot:",
        CRIME,
        CRIME_TITLE,
        (*SMALL_AREAS, "crime_findings"),
        on_home=True,
    ),
    Page(
        "crime_rates",
        "More than their share",
        ":material/location_city:",
        CRIME,
        "Which districts and small areas have more than their share of crime?",
        (*SMALL_AREAS, "places", "lsoa_shapes"),
        on_home=True,
    ),
    Page(
        "crime_types",
        "Types of crime",
        ":material/category:",
        CRIME,
        "Which crime does one meet where?",
        (*SMALL_AREAS, "district_crime", "two_lsoas_crime"),
        on_home=True,
    ),
    Page(
        "crime_bicycle_theft",
        "Bicycle theft",
        ":material/pedal_bike:",
        CRIME,
        "Where is the safest place to park a bicycle?",
        (*SMALL_AREAS, "places", "lsoa_shapes"),
        on_home=True,
    ),
    Page(
        "published_claims",
        "Published claims",
        ":material/gavel:",
        "The verdicts",
        "Do the studies' claims stand up? Each with its verdict, and the rule behind it",
        (*LONDON_MODEL, *SMALL_AREAS, "published_findings", "crime_findings"),
        on_home=True,
    ),
    Page(
        USER_PANEL_PAGE,
        "Your own panel",
        ":material/upload_file:",
        "Go further",
        "your own table of areas and periods, with the same methods, in your visit alone",
    ),
    Page(
        "data",
        "The figures",
        ":material/table:",
        "About",
        "every table and its sources; new figures for one visit",
    ),
    Page("glossary", "Glossary", ":material/dictionary:", "About", "what the words and variables mean"),
)
# Old names of pages, for links that people have: each leads to the page that has its place.
MOVED: Mapping[str, str] = {"own_panel": USER_PANEL_PAGE}
QUESTIONS: tuple[Question, ...] = tuple(page.question for page in PAGES if page.question)


def page_of(name: str) -> Page | None:
    """The page `name`, if there is one."""
    return next((page for page in PAGES if page.name == name), None)
