"""Sentences of the page on types of crime: the answer with its uncertainty, and how to read the charts."""

import pandas as pd

from core.crime.area import EVERYWHERE, LOW_SCORE, CrimeArea
from core.crime.text import AREAS_NOT_PEOPLE, RECORDED_ONLY, per_cent, percent_digits, place_text
from core.crime.types.analysis import areas
from core.presentation.numbers import interval_text, lower_first, number, number_word, signed
from core.stats.robustness import SIGNIFICANCE
from core.tables.panel import POINTS

TITLE = "Which types of crime are most common where?"
CAVEAT = f"{RECORDED_ONLY} {AREAS_NOT_PEOPLE}"
SHARES_NOTE = (
    "These are shares of all records of the area, not amounts: a high share may only mean that others are low."
)
LINES_NOTE = "Lines are 95% intervals."
INTERVALS_NOTE = (
    f"{LINES_NOTE} They allow for records coming in groups, by the spread between neighbourhoods (MSOAs); a type that "
    "is not published for each LSOA is given the average of those that are. In single LSOAs this cannot be known, and "
    "the intervals are too narrow."
)
MONTHS_NOTE = "They allow for records coming in groups, by how much counts vary from one month to the next."
QUOTIENTS_MEAN = (
    "A location quotient is the share of a type in an area over its share in all districts together: 1 is as common as "
    "everywhere, 2 twice as common, 0.5 half as common."
)
PAIR_NOTE = (
    "In colour: types whose shares differ beyond chance, p-values adjusted (Holm) for reading all at once. "
    "If one area lies within the other, differences look smaller."
)
ROUNDED_NOTE = (
    "Shares of single LSOAs were published with one decimal, so we can give intervals but not test the difference."
)


def intervals_note(table: pd.DataFrame) -> str:
    """What the intervals of compositions allow for; `table` from :mod:`core.crime.types.design_effects`."""
    return f"{LINES_NOTE} {MONTHS_NOTE}" if (table["months"] > 0).all() else INTERVALS_NOTE


def share_text(row: pd.Series) -> str:
    """'30.3% of records (95% interval 27.9 to 32.7)' for a row of compositions."""
    digits = percent_digits(row["share"])
    ends = " to ".join(number(row[end] * POINTS, digits) for end in ("low", "high"))
    return f"{per_cent(row['share'])} of records (95% interval {ends})"


def times_text(row: pd.Series) -> str:
    """'2.10 times as common as in all districts (95% interval 1.44 to 3.06)' for a row of quotients."""
    ends = f"95% interval {number(row['low'])} to {number(row['high'])}"
    return f"{number(row['quotient'])} times as common as in all districts ({ends})"


def gap_text(row: pd.Series) -> str:
    """'+11.1 percentage points, 95% interval +7.2 to +15.6' for a row of differences."""
    digits = percent_digits(row["low"], row["high"])
    ends = interval_text(row["low"] * POINTS, row["high"] * POINTS, digits)
    return f"{signed(row['difference'] * POINTS, digits)} percentage points, 95% interval {ends}"


def clear(rows: pd.DataFrame, at: float = 1.0) -> pd.Series:
    """Whether the intervals in `rows` leave out `at`, true or false."""
    return (rows["low"] > at) | (rows["high"] < at)


def area_label(area: str) -> str:
    """An area as a label: 'Areas with an IMD score under 5'."""
    text = place_text(area)
    return text[:1].upper() + text[1:]


def clear_differences(compared: pd.DataFrame) -> pd.Series:
    """Which types differ beyond chance: by p-values adjusted for all of them, or by intervals where there are none."""
    tested = compared["p_holm"].notna()
    return (compared["p_holm"] < SIGNIFICANCE).where(tested, clear(compared, 0))


def pair_finding(compared: pd.DataFrame, one: str, other: str) -> str:
    """How many types differ clearly between two areas, and which the most."""
    here, there = place_text(one), place_text(other)
    differing = compared[clear_differences(compared)]
    if differing.empty:
        return f"No type of crime has a clearly different share in {here} and in {there}"
    top = differing.iloc[0]
    verb = "differs" if len(differing) == 1 else "differ"
    return (
        f"{number_word(len(differing)).capitalize()} of {len(compared)} types {verb} clearly, most of all "
        f"{lower_first(top['crime_type'])}: {per_cent(top['share_one'])} in {here}, "
        f"{per_cent(top['share_other'])} in {there} ({gap_text(top)})"
    )


def answer(table: pd.DataFrame, quotients: pd.DataFrame, district: str) -> str:
    """The page's answer, for one district or for all.

    Parameters
    ----------
    table, quotients
        From :mod:`core.crime.types.design_effects`.
    district
        Empty for all.
    """
    districts = areas(table[table["kind"] == "district"])
    if district or len(districts) == 1:
        return _one_answer(table, quotients, district or districts[0])
    firsts = table[table["kind"] == "district"].groupby("area").first()
    name = firsts["crime_type"].mode().iloc[0]
    same = firsts[firsts["crime_type"] == name].sort_values("share")
    least, most = same.iloc[0], same.iloc[-1]
    count = f"{number_word(len(same))} of {number_word(len(districts))} districts"
    where = "every district" if len(same) == len(districts) else count
    return (
        f"The largest type in {where} is {lower_first(name)}, from {per_cent(least['share'])} of records in "
        f"{least.name} to {per_cent(most['share'])} in {most.name}. {_most_unusual(quotients, EVERYWHERE)}"
    )


def _one_answer(table: pd.DataFrame, quotients: pd.DataFrame, district: str) -> str:
    largest = table[table["area"] == district].iloc[0]
    largest_text = f"In {district} the largest type is {lower_first(largest['crime_type'])}, {share_text(largest)}."
    of_district = quotients[quotients["area"] == district]
    return f"{largest_text} {_most_unusual(of_district, district)}" if several(quotients) else largest_text


def _most_unusual(quotients: pd.DataFrame, where: str) -> str:
    """The type that is most over-represented beyond chance."""
    top = quotients.sort_values("low").iloc[-1]
    if not top["low"] > 1:
        return "No type is clearly more common there than in all districts."
    place = f" in {top['area']}" if where == EVERYWHERE else ""
    return f"What stands out most is {lower_first(top['crime_type'])}{place}: {times_text(top)}."


def shown_area(quotients: pd.DataFrame, district: str) -> str:
    """`district`; where it is empty all of them, or the only one that has records."""
    if district or quotients.empty:
        return district
    return EVERYWHERE if several(quotients) else str(quotients["area"].iloc[0])


def several(quotients: pd.DataFrame) -> bool:
    """Whether there are several districts to compare."""
    return bool(quotients["area"].nunique() > 1)


def outstanding(quotients: pd.DataFrame, district: str) -> str:
    """`district`, or where it is empty the district with the most over-represented type."""
    return district or str(quotients.sort_values("low")["area"].iloc[-1])


def has_both(area: CrimeArea) -> bool:
    """Whether there are LSOAs with an IMD score under 5, and others."""
    low = area.lsoas["imd_score"] < LOW_SCORE
    return bool(low.any() and not low.all())


def low_score(area: CrimeArea) -> str:
    """How many LSOAs have an IMD score under 5, and so whether there is something to compare."""
    low = area.lsoas["imd_score"] < LOW_SCORE
    counted = (
        f"The score is that of the Index of Multiple Deprivation {area.basis.index} (IMD): the lower, the less "
        f"deprived. {low.sum():,} of {len(low):,} LSOAs have a score under {LOW_SCORE}"
    )
    return f"{counted}." if has_both(area) else f"{counted}, so there is nothing to compare."
