"""The meanings of the columns of the tables on the page of one neighbourhood, and the units of their values."""

from collections.abc import Mapping

from core.exports.column_help import PERCENT, RATE

_ALIKE = "the neighbourhoods of the same force that are nearest in deprivation, for as many residents as here"

COLUMNS: Mapping[str, tuple[str, str]] = {
    "Recorded here": ("What the police recorded in the neighbourhood in 12 months.", "records"),
    "Usual number": (f"The middle of what is recorded in {_ALIKE}.", "records"),
    "Usual range from": (f"Lower end of the range that holds 95 in 100 of {_ALIKE}.", "records"),
    "Usual range to": (f"Upper end of the range that holds 95 in 100 of {_ALIKE}.", "records"),
    "At the rate of all of them": (f"Records at the rate of all taken together of {_ALIKE}.", "records"),
    "Of those compared, have less": ("How many of those compared have fewer records per resident.", "count"),
    "Compared with": ("How many neighbourhoods it is compared with.", "count"),
    "Usual range": ("On which side of the usual range the record lies.", ""),
    "Domain": ("What kind of deprivation: a domain of the English indices of deprivation 2025, or all of them.", ""),
    "Less deprived neighbourhoods of England (%)": (
        "Share of England's neighbourhoods that are less deprived.",
        PERCENT,
    ),
    "Tenth of England": ("Tenth of England's neighbourhoods by deprivation; 1 is the most deprived.", "tenth"),
    "Rank in England": ("Rank among England's neighbourhoods by deprivation; 1 is the most deprived.", "rank"),
    "Among": ("The neighbourhoods that it is compared with: of its district, its force, or all forces.", ""),
    "Place by crime per resident": (
        "The range that holds the place by crime per resident 95 times in 100, and among how many; 1st is the most.",
        "",
    ),
    "Neighbourhood": ("Ward that the small area lies in, and the name of the small area (LSOA of 2021).", ""),
    "Crimes per 1,000 residents": ("Recorded crimes for each 1,000 residents, 12 months.", RATE),
    "Deprivation (six domains)": (
        "Score of the English indices of deprivation 2025 from six domains, without crime; higher is more deprived.",
        "score, 0 to 100",
    ),
    "Aged 16 to 24 (%)": ("Share of the residents at the 2021 census who were aged 16 to 24.", PERCENT),
    "Aged 65 or more (%)": ("Share of the residents at the 2021 census who were aged 65 or more.", PERCENT),
    "What is alike": ("Figures in which the two are close, and what differs most.", ""),
}
