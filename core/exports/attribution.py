"""Where the figures of a page come from: their publications, and the line that a picture of them carries."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from core.crime.deprivation.question import CRIME_PAGE
from core.london.ages.question import LONDON_AGES
from core.london.amount.question import LONDON_AMOUNT
from core.london.outcomes.question import LONDON_OUTCOMES
from core.tables.catalogue import Catalogue, SourceNote

APP = "Policing Evidence Explorer"
PLACE = "Police.uk"
SURVEY_AND_FORCE = ("survey", "use_of_force")
MODEL = (*SURVEY_AND_FORCE, "recorded_crime", "population", "deprivation")
SMALL_AREAS = ("lsoas", "lsoa_crime", "districts")
FORCE_AREAS = ("england_lsoas", "england_shapes", "lsoa_crime")
TABLES: Mapping[str, tuple[str, ...]] = {
    LONDON_AMOUNT.page: MODEL,
    LONDON_OUTCOMES.page: MODEL,
    LONDON_AGES.page: ("survey", "use_of_force_ages", *MODEL[2:], "published_findings"),
    "london_forecast": ("survey", "use_of_force", "borough_shapes"),
    "london_map": (*SURVEY_AND_FORCE, "population", "borough_shapes"),
    CRIME_PAGE: (*SMALL_AREAS, "crime_findings"),
    "crime_rates": (*SMALL_AREAS, "places", "lsoa_shapes"),
    "crime_types": (*SMALL_AREAS, "district_crime", "two_lsoas_crime"),
    "crime_bicycle_theft": (*SMALL_AREAS, "places", "lsoa_shapes"),
    "published_claims": (*MODEL, *SMALL_AREAS, "published_findings", "crime_findings"),
}


def page_sources(catalogue: Catalogue, page: str, force: str = "") -> tuple[SourceNote, ...]:
    """Publications behind the figures of `page`; behind all figures for a page that is not in :data:`TABLES`.

    Parameters
    ----------
    force
        Police force whose figures a crime page shows in place of those of the study; empty for those of the study.
    """
    if not force:
        return catalogue.sources(*TABLES.get(page, ()))
    return tuple(_of_force(note, force) for note in catalogue.sources(*FORCE_AREAS))


def _of_force(note: SourceNote, force: str) -> SourceNote:
    """The words for the crime of the studied place, said of another one."""
    if note.publisher != PLACE:
        return note
    line = f"Source: data.police.uk, street-level crime recorded by {force}. {note.attribution.split('. ')[-1]}"
    return replace(note, title=f"Street-level crime, {force}", attribution=line)


def source_line(notes: Sequence[SourceNote], whose: str, link: str) -> str:
    """What stands under a picture that leaves the app: who published the figures, on what terms, where it was made.

    Parameters
    ----------
    whose
        What to say of figures of the reader's own; empty without.
    link
        Address of the view; told without its choices, which would fill lines.
    """
    publishers = "; ".join(dict.fromkeys(note.publisher for note in notes))
    licences = ", ".join(dict.fromkeys(note.licence for note in notes if note.licence))
    published = f"Sources: {publishers}. {licences}." if publishers else ""
    made = f"Made with the {APP}, {urlsplit(link)._replace(query='').geturl()}" if link else f"Made with the {APP}"
    return "\n".join(line for line in (" ".join(part for part in (whose, published) if part), made) if line)
