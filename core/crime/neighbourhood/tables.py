"""The neighbourhoods of one force with their places, residents, deprivation and records; and where to find each."""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

import pandas as pd

from core.crime.area import ASB
from core.crime.neighbourhood.question import DOMAINS, WITHOUT_CRIME
from core.crime.today import LONDON, METROPOLITAN_AREA, PREFIX, counts_of_today, label, names, served_area
from core.sources.police.territories import force_name, slug_of
from core.sources.small_areas.areas import CODE, DISTRICT, DISTRICT_CODE
from core.tables.catalogue import Catalogue
from core.tables.panel import POINTS

NAME, WARD = "lsoa21_name", "ward24_name"
FORCE_AREA = "pfa24_name"
PLACES = NAME, WARD, DISTRICT, DISTRICT_CODE
PEOPLE = ("residents_2022", "census_residents", "census_16_24", "census_65_plus")
TABLES = ("areas", "deprivation_2025", "area_shapes", "street_crime_2025", "london_area_crime", "district_shapes_2024")
SCORES = (*(f"{domain}_score" for domain in DOMAINS), WITHOUT_CRIME)
RANKS = tuple(f"{domain}_rank" for domain in DOMAINS)
DECILES = tuple(f"{domain}_decile" for domain in DOMAINS)
MOST_FOUND = 12
_TYPED = str.maketrans({"'": "", "\u2019": "", ".": "", "-": " ", "&": "and"})
NEAR = 0.8  # twice the letters in common, of those of both names, from where one may be meant by the other


@dataclass(frozen=True, eq=False)
class ForceNeighbourhoods:
    """The neighbourhoods that one force serves.

    Parameters
    ----------
    name, period
        Name of the force, and the months counted.
    is_london
        Whether they are London's, whose police publish categories of their own.
    in_england
        How many neighbourhoods there are in England.
    rows
        One row each, by ``lsoa21_code``: name, ward, district; ``residents_2022``, ``census_residents`` and
        ``with_young`` (those aged 16 to 24 counted twice); ``young`` and ``old``, the shares aged 16 to 24 and 65 or
        more, in per cent; scores, ranks and deciles of deprivation.
    records
        Records of 12 months, a column for each type, in the order of `rows`.
    """

    name: str
    period: str
    is_london: bool
    in_england: int
    rows: pd.DataFrame
    records: pd.DataFrame

    @cached_property
    def crimes(self) -> pd.Series:
        """Records of all types that are crimes: without anti-social behaviour."""
        return self.records.drop(columns=ASB, errors="ignore").sum(axis=1)

    def text(self, code: str, column: str) -> str:
        """What a column of text has of the neighbourhood `code`."""
        return str(self.rows.at[code, column])

    def count(self, code: str, column: str) -> int:
        """What a column of whole numbers, such as ranks, has of the neighbourhood `code`."""
        found: Any = self.rows.at[code, column]
        return int(found)

    def position(self, code: str) -> int:
        """In which row the neighbourhood `code` is."""
        return self._positions[code]

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {str(code): position for position, code in enumerate(self.rows.index)}

    @property
    def year(self) -> str:
        """'2025', or 'the year to February 2026'."""
        first, _, last = self.period.partition(" to ")
        return f"the year to {last}" if last else first


def force_neighbourhoods(name: str, tables: Catalogue) -> ForceNeighbourhoods:
    """The neighbourhoods of a place of today; of each table only their rows are read, where its file allows that.

    Raises
    ------
    core.crime.area.CrimeError
        If there is no such place.
    core.tables.catalogue.CatalogueError
        If a table is missing or damaged.
    """
    counts, period = counts_of_today(name, tables)
    people = tables.read_table("areas", [CODE, *PLACES, *PEOPLE], {FORCE_AREA: [served_area(name, tables)]})
    deprived = tables.read_table("deprivation_2025", [CODE, *SCORES, *RANKS, *DECILES])
    rows = _with_shares(people.merge(deprived, on=CODE).set_index(CODE).sort_index())
    records = counts.pivot_table(index="lsoa11_code", columns="crime_type", values="records", aggfunc="sum")
    aligned = records.reindex(rows.index).fillna(0).astype(int)
    is_london = name == LONDON
    title = "London" if is_london else force_name(name.removeprefix(PREFIX))
    return ForceNeighbourhoods(title, period, is_london, len(deprived), rows, aligned)


def _with_shares(rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with other counts of residents, and the shares of the young and the old."""
    shares = {"young": rows["census_16_24"], "old": rows["census_65_plus"]}
    return rows.assign(
        with_young=rows["residents_2022"] + rows["census_16_24"],
        **{name: part / rows["census_residents"] * POINTS for name, part in shares.items()},
    )


def directory(tables: Catalogue) -> pd.DataFrame:
    """Every neighbourhood of England by code: ``name``, ``ward``, ``district``, its ``code``, ``force`` and ``place``.

    ``place`` is the place of today that has its figures; empty where the figures lack its force.
    """
    named = {NAME: "name", WARD: "ward", DISTRICT: "district", DISTRICT_CODE: "code", FORCE_AREA: "force"}
    rows = tables.read_table("areas", [CODE, *named]).rename(columns=named).set_index(CODE)
    offered = names()
    places = {area: LONDON if area == METROPOLITAN_AREA else PREFIX + slug_of(area) for area in rows["force"].unique()}
    rows["place"] = rows["force"].map({area: place if place in offered else "" for area, place in places.items()})
    return rows.sort_values(["district", "ward", "name"])


def plain(name: str) -> str:
    """`name` as it is compared with what is typed: whatever the case, apostrophes, full stops, hyphens and *&*."""
    return name.lower().translate(_TYPED).strip()


def search(every: pd.DataFrame, wanted: str) -> dict[str, str]:
    """Neighbourhoods that `wanted` may mean, at most :data:`MOST_FOUND`: the label of each by its code.

    A name or code of a neighbourhood finds it; the name of a ward or of a district, or a part of one, finds the first
    neighbourhood of the ward, or of each of the district's wards. What begins with `wanted` goes first.

    Parameters
    ----------
    every
        From :func:`directory`.
    """
    text = plain(wanted)
    if not text:
        return {}
    if any(letter.isdigit() for letter in text):
        found = every[every["name"].map(plain).str.startswith(text) | (every.index.str.lower() == text)]
        return labels(found.head(MOST_FOUND))
    wards = every[~every.duplicated(["ward", "district"])]
    fits = [wards[part].map(plain).str.contains(text, regex=False) for part in ("ward", "district")]
    found = wards[fits[0] | fits[1]]
    first = ~found["ward"].map(plain).str.startswith(text)
    found = found.assign(first=first).sort_values("first", kind="stable").head(MOST_FOUND)
    return {str(code): f"{row['ward']}, {row['district']}" for code, row in found.iterrows()}


def spelt_like(every: pd.DataFrame, wanted: str) -> str:
    """The name of a district or a ward that is nearest to `wanted` in spelling; empty where none is near.

    Parameters
    ----------
    every
        From :func:`directory`.
    """
    names = {plain(name): name for part in ("ward", "district") for name in every[part].unique()}
    close = get_close_matches(plain(wanted), names, n=1, cutoff=NEAR)
    return names[close[0]] if close else ""


def labels(rows: pd.DataFrame) -> dict[str, str]:
    """Label of each row of :func:`directory` by its code."""
    return {code: label(*names) for code, *names in rows[["ward", "name"]].itertuples()}
