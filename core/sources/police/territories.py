"""The territories of police forces: which local-authority district belongs to which force.

A district belongs to one force, whatever a file of records says: police forces record some crime outside their
territory, and network forces record theirs in everybody's. Districts of 2024 are placed by the published lookup;
those of 2019 by their neighbourhoods (LSOAs), which carry them over mergers and changes of codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from core.sources.files.cells import SourceError, Tidy, read_csv
from core.sources.small_areas.areas import FILE as WARDS_FILE
from core.sources.small_areas.areas import FORCES_FILE
from core.sources.small_areas.small_areas import ONS_CODES
from core.tables.schema import Field, Table

OLD, NEW, BOTH = "2019", "2024", "2019 and 2024"
WELSH = "W"
# Names in the publisher's file names that are not simply the name of the police force area.
SLUGS = {"Metropolitan Police": "metropolitan", "London, City of": "city-of-london"}
NAMES = {"metropolitan": "Metropolitan Police", "dyfed-powys": "Dyfed-Powys"}
SMALL_WORDS = ("and", "of")
_BTP, _MDP, _CNC = "British Transport Police", "Ministry of Defence Police", "Civil Nuclear Constabulary"
NETWORK_FORCES: Mapping[str, str] = {
    **dict.fromkeys(("btp", "british-transport", "british-transport-police"), _BTP),
    **dict.fromkeys(("mdp", "mod", "mod-police", "ministry-of-defence", "ministry-of-defence-police", "modp"), _MDP),
    **dict.fromkeys(("cnc", "civil-nuclear", "civil-nuclear-constabulary", "civil-nuclear-police"), _CNC),
}
ELSEWHERE: Mapping[str, str] = {
    "northern-ireland": "Police Service of Northern Ireland",
    "police-scotland": "Police Scotland",
    "scotland": "Police Scotland",
}

TABLE = Table(
    "police_territories",
    "police_territories.csv",
    "Territories of police forces",
    "One row per local-authority district of England (2019 and 2024) and Wales (2024), with its police force.",
    (ONS_CODES,),
    (
        Field(
            "district_code",
            "string",
            "District code",
            "Code of the local-authority district in the register of areas of the Office for National Statistics.",
            "key",
            unique=True,
            pattern=r"^[EW]0[6-9]\d{6}$",
        ),
        Field("district", "string", "District", "Name of the local-authority district.", "context"),
        Field(
            "edition",
            "string",
            "Edition",
            "Year or years in which there was a district of this code.",
            "context",
            enum=(OLD, NEW, BOTH),
        ),
        Field(
            "force",
            "string",
            "Police force",
            "Police force whose territory the district is part of, as data.police.uk names it in its files.",
            "context",
            pattern=r"^[a-z-]+$",
        ),
        Field(
            "pfa24_code",
            "string",
            "Code of the police force area",
            "Code of the police force area of 2024 in the register of areas.",
            "context",
            pattern=r"^[EW]\d{8}$",
        ),
    ),
    "Districts of 2024 as published. Those of 2019 belong to the force that has most of their neighbourhoods: all of "
    "them but one in South Northamptonshire, which a later boundary moved. Community safety partnerships left out.",
)


@dataclass(frozen=True, eq=False)
class Territories:
    """Which district belongs to which force.

    Parameters
    ----------
    table
        Rows of :data:`TABLE`.
    """

    table: pd.DataFrame

    @property
    def force_of(self) -> dict[str, str]:
        """Force by code of district, of 2019 and of 2024."""
        return dict(zip(self.table["district_code"], self.table["force"], strict=True))

    def why_no_district(self, force: str) -> str:
        """Why `force` has no district with crime figures here, to go on from its name; empty if it could have some."""
        codes = self.table.loc[self.table["force"] == force, "district_code"]
        if force in NETWORK_FORCES:
            return "serves a network, such as railways or military sites, and has no district of its own"
        if force in ELSEWHERE or codes.str.startswith(WELSH).any():
            return "lies outside England, and the figures of deprivation and residents here are those of England"
        if codes.empty:
            return f"({force!r} in the names of files) is no police force known here; use the publisher's file names"
        return ""


def force_name(slug: str) -> str:
    """Display name of a force from its name in file names: ``"avon-and-somerset"`` is Avon and Somerset."""
    known = NAMES.get(slug) or NETWORK_FORCES.get(slug) or ELSEWHERE.get(slug)
    return known or " ".join(word if word in SMALL_WORDS else word.capitalize() for word in slug.split("-"))


def slug_of(area: str) -> str:
    """Name in the publisher's file names of the force of the police force area `area`."""
    return SLUGS.get(area) or area.lower().replace("&", "and").replace(" ", "-")


def read(folder: Path, areas: pd.DataFrame, lookup: pd.DataFrame) -> Tidy:
    """The territories, from the published lookups of 2024.

    Parameters
    ----------
    folder
        Folder of the lookups.
    areas
        ``lsoa11_code``, ``lad19_code`` and ``district`` of the neighbourhoods of England.
    lookup
        ``lsoa11_code`` and ``lsoa21_code`` that share ground.

    Raises
    ------
    SourceError
        If a file is not as expected, a district is in two police force areas, or one of 2019 is in none.
    """
    new = _districts_of_2024(folder)
    old = _districts_of_2019(read_csv(folder, WARDS_FILE, ["lsoa21_code", "ltla24_code"]), new, areas, lookup)
    both = new.merge(old, on="district_code", how="outer", suffixes=("", "_2019"), indicator="edition")
    names = {"left_only": NEW, "right_only": OLD, "both": BOTH}
    frame = both.assign(
        edition=both["edition"].map(names).astype(str),
        **{name: both[name].fillna(both[f"{name}_2019"]) for name in ("district", "force", "pfa24_code")},
    )
    return Tidy(TABLE, frame[TABLE.columns], (FORCES_FILE, WARDS_FILE))


def _districts_of_2024(folder: Path) -> pd.DataFrame:
    """Each district of 2024 with its force; the lookup has a row for each community safety partnership."""
    published = read_csv(
        folder, FORCES_FILE, ["ltla24_code", "ltla24_name", "pfa24_code", "pfa24_name"]
    ).drop_duplicates()
    twice = published.loc[published["ltla24_code"].duplicated(), "ltla24_name"]
    if len(twice):
        raise SourceError(f"{FORCES_FILE} has {twice.iloc[0]} in two police force areas; correct the row.")
    named = published.rename(columns={"ltla24_code": "district_code", "ltla24_name": "district"})
    return named.assign(force=named.pop("pfa24_name").map(slug_of))


def _districts_of_2019(
    wards: pd.DataFrame, new: pd.DataFrame, areas: pd.DataFrame, lookup: pd.DataFrame
) -> pd.DataFrame:
    """Each district of 2019 with the force that has most of its neighbourhoods."""
    placed = (
        areas[["lsoa11_code", "lad19_code", "district"]]
        .merge(lookup[["lsoa11_code", "lsoa21_code"]], on="lsoa11_code", how="left")
        .merge(wards, on="lsoa21_code", how="left")
        .merge(new.drop(columns="district"), left_on="ltla24_code", right_on="district_code", how="left")
    )
    nowhere = placed.loc[placed["force"].isna(), "lsoa11_code"]
    if len(nowhere):
        raise SourceError(
            f"{WARDS_FILE} and {FORCES_FILE} have no police force area for {nowhere.iloc[0]} ({len(nowhere)} in all); "
            "use the lookups of 2024."
        )
    by = ["lad19_code", "district", "force", "pfa24_code"]
    sizes = placed.groupby(by)["lsoa11_code"].nunique().rename("lsoas").reset_index()
    most = sizes.sort_values(["lad19_code", "lsoas"]).drop_duplicates("lad19_code", keep="last")
    return most.drop(columns="lsoas").rename(columns={"lad19_code": "district_code"})
