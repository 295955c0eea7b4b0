"""Where the figures of a page come from: their publications, and the line that a picture of them carries."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from core.tables.catalogue import Catalogue
from core.tables.schema import Source

APP = "Policing Evidence Explorer"
PLACE = "Police.uk"
FORCE_AREAS = ("england_lsoas", "england_shapes", "lsoa_crime")


def page_sources(catalogue: Catalogue, tables: Sequence[str], force: str = "") -> tuple[Source, ...]:
    """Publications behind `tables`; behind all tables of the catalogue where none is named.

    Parameters
    ----------
    tables
        Names of tables, those behind a page.
    force
        Police force whose figures a crime page shows in place of those of the study; empty for those of the study.
    """
    if not force:
        return catalogue.sources(*tables)
    return tuple(_of_force(source, force) for source in catalogue.sources(*FORCE_AREAS))


def _of_force(source: Source, force: str) -> Source:
    """The words for the crime of the studied place, said of another one."""
    if source.publisher != PLACE:
        return source
    line = f"Source: data.police.uk, street-level crime recorded by {force}. {source.attribution.split('. ')[-1]}"
    return replace(source, title=f"Street-level crime, {force}", attribution=line)


def source_line(sources: Sequence[Source], whose: str, link: str) -> str:
    """What stands under a picture that leaves the app: who published the figures, on what terms, where it was made.

    Parameters
    ----------
    whose
        What to say of figures of the reader's own; empty without.
    link
        Address of the view; written without its choices, which would fill lines.
    """
    publishers = "; ".join(dict.fromkeys(source.publisher for source in sources))
    licences = ", ".join(dict.fromkeys(source.terms for source in sources if source.terms))
    published = f"Sources: {publishers}. {licences}." if publishers else ""
    made = f"Made with the {APP}, {urlsplit(link)._replace(query='').geturl()}" if link else f"Made with the {APP}"
    return "\n".join(line for line in (" ".join(part for part in (whose, published) if part), made) if line)
