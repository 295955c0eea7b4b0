"""Which neighbourhoods of the 2011 census became which of the 2021 census."""

from dataclasses import replace
from pathlib import Path

from core.sources.files.cells import Tidy, read_csv, refuse_repeats
from core.sources.small_areas.small_areas import ENGLISH_OR_WELSH, LSOA11_CODE, ONS_CODES
from core.tables.schema import Field, Table

FILE = "lookup_lsoa11_lsoa21_england_wales.csv.gz"
UNCHANGED, SPLIT, MERGED, IRREGULAR = "U", "S", "M", "X"

TABLE = Table(
    "lsoa_lookup",
    "lookup.csv.gz",
    "Neighbourhoods of 2011 and of 2021",
    "One row per pair of a neighbourhood of 2011 and one of 2021 that share ground, in England and Wales.",
    (ONS_CODES,),
    (
        replace(LSOA11_CODE, pattern=ENGLISH_OR_WELSH),
        replace(
            LSOA11_CODE,
            name="lsoa21_code",
            label="Neighbourhood code of 2021",
            definition="Code of the neighbourhood (LSOA) as drawn for the 2021 census; street-crime files of recent "
            "years carry these codes.",
            caveat="",
            pattern=ENGLISH_OR_WELSH,
        ),
        Field(
            "change",
            "string",
            "Change from 2011 to 2021",
            "U: unchanged. S: split into several. M: merged with others. X: redrawn in another way.",
            "context",
            enum=(UNCHANGED, SPLIT, MERGED, IRREGULAR),
        ),
    ),
    "Names and districts left out.",
)


def read(folder: Path) -> Tidy:
    """Pairs of neighbourhood codes of 2011 and 2021 with the kind of change."""
    frame = read_csv(folder, FILE, ["lsoa11_code", "lsoa21_code", "change_code"])
    refuse_repeats(frame, TABLE.key, FILE)
    return Tidy(TABLE, frame.rename(columns={"change_code": "change"})[TABLE.columns], (FILE,))
