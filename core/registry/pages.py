"""The pages, in the order of the menu: navigation, home, attribution and the README take them from here.

Pages of a study are in its entry in :mod:`core.registry.studies`; here are those of the app itself.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain

from core.crime.neighbourhood.question import PAGE as NEIGHBOURHOOD_PAGE
from core.crime.neighbourhood.tables import TABLES as NEIGHBOURHOOD_TABLES
from core.questions.question import Question
from core.registry.page import Page
from core.registry.studies import LONDON_MODEL, STUDIES
from core.user_panel.question import PAGE as USER_PANEL_PAGE

PLACES = "Your area"
NEIGHBOURHOODS = ("areas", "deprivation_2025", "london_area_crime", "area_shapes")

PAGES: tuple[Page, ...] = (
    Page(
        "home",
        "Start here",
        ":material/home:",
        "every question with its answer so far",
        section="Policing Evidence Explorer",
    ),
    Page(
        "borough",
        "My borough",
        ":material/location_on:",
        "How much do people in one London borough trust the police, what is likely next, and how sure is that?",
        (*LONDON_MODEL, "survey_london", "borough_shapes", *NEIGHBOURHOODS),
        section=PLACES,
    ),
    Page(
        NEIGHBOURHOOD_PAGE,
        "My neighbourhood",
        ":material/home_pin:",
        "How much crime is recorded in one neighbourhood, and is that unusual where deprivation is the same?",
        NEIGHBOURHOOD_TABLES,
        section=PLACES,
    ),
    *(replace(page, section=study.section) for study in STUDIES for page in study.pages),
    Page(
        "published_claims",
        "Published claims",
        ":material/gavel:",
        "Do the studies' claims stand up? Each with its verdict, and the rule behind it",
        tuple(chain.from_iterable(study.claim_tables for study in STUDIES)),
        on_home=True,
        section="Fact-check",
    ),
    Page(
        USER_PANEL_PAGE,
        "Your own data",
        ":material/upload_file:",
        "your own table of areas and periods, with the same methods, in your visit alone",
        section="Use your own data",
    ),
    Page(
        "data",
        "Data and sources",
        ":material/table:",
        "every table and its sources; new figures for one visit",
        section="About the data",
    ),
    Page(
        "glossary",
        "Glossary",
        ":material/dictionary:",
        "what the words and variables mean",
        section="About the data",
    ),
)
# Old names of pages, for links that people have: each leads to the page that has its place.
MOVED: Mapping[str, str] = {"own_panel": USER_PANEL_PAGE}
QUESTIONS: tuple[Question, ...] = tuple(page.question for page in PAGES if page.question)


def page_of(name: str) -> Page | None:
    """The page `name`, if there is one."""
    return next((page for page in PAGES if page.name == name), None)
