"""Sentences about one neighbourhood, for anyone: at most 25 words and two numbers each."""

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from core.crime.area import ASB
from core.crime.intervals import TAILS
from core.crime.neighbourhood.analysis import PlaceRange, Side, Usual
from core.crime.neighbourhood.question import FEWEST
from core.crime.neighbourhood.tables import NAME, WARD, ForceNeighbourhoods
from core.crime.text import the
from core.crime.today import label
from core.presentation.numbers import all_of, lower_first, number, number_word, ordinal, upper_first
from core.sources.police.street_crime_2025 import YEAR
from core.sources.small_areas.areas import DISTRICT
from core.stats.regression.errors import listed

MORE, LESS, WITHIN, DEPENDS, CANNOT_SAY = (
    "More than usual",
    "Less than usual",
    "Within the usual range",
    "Depends on the choices",
    "Cannot say",
)
CHIP_HELP: Mapping[str, str] = {
    MORE: "Above the usual range in every way to compare.",
    LESS: "Below the usual range in every way to compare.",
    WITHIN: "Within the usual range in every way to compare. That need not be near the middle of it.",
    DEPENDS: "Within the usual range in some ways to compare, outside of it in others.",
    CANNOT_SAY: "Too few neighbourhoods are alike to say what is usual.",
}
CHIPS: Mapping[Side, str] = {"more": MORE, "less": LESS, "usual": WITHIN, "unknown": CANNOT_SAY}
CHOOSE = "Find a neighbourhood by the name of its ward or district, choose it from the lists, or click it on a map."
CHOOSE_ONE = "Choose a neighbourhood from the list, or click it on the map."
NOTHING_FOUND = "No borough, district, ward or neighbourhood of England has this in its name. Check the spelling."
SPELT_LIKE = "No place of England has this in its name. These have *{name}* in theirs:"
POSTCODE = "Postcodes are not in these data; type the name of a ward or district, or choose on the map."
ONE_FOUND = "One place has this name:"
MORE_FOUND = "There may be more; type more of the name."
WIDE = 2  # times its lower end that a usual range reaches before it is called wide
QUARTER = 0.25  # of those alike; between the quarter with most and the quarter with least is near the middle
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s*(?:\d[A-Z]{2})?", re.IGNORECASE)
WHAT_IT_IS = (
    "A neighbourhood here is a small area of the 2021 census, with about 1,600 residents. It has the name of its ward."
)
NO_RANGE = "Too few neighbourhoods are alike to say what is usual."
CENTRE = (
    "**Many people visit this place.** Shoplifting and thefts are above the usual range. Crime per resident then says "
    "little about the risk to residents."
)
CENTRES = (
    "**Residents are counted, visitors are not.** Where few live and many shop, work or go out, crime per resident is "
    "high whatever the deprivation."
)
REPORTING = "**Only what was reported and recorded counts.** People in some places report more than in others."
SNAP_POINTS = "**Records are moved to a map point.** Some near a boundary fall into the neighbourhood next door."
ASB_NOTE = "Anti-social behaviour is not counted: it is an incident, not a crime."
LONDON_NOTE = (
    "London's police publish categories of their own, without sexual offences and fraud. So London is compared with "
    "London only."
)
KEY = (
    "Dot: recorded here. Bar: where 95 of 100 neighbourhoods as "
    "deprived lie, for as many residents. Mark: their middle."
)
COMPARISONS_NOTE = f"{KEY} Each row changes one choice."
METHOD = (
    "A neighbourhood is compared with those of its force that are nearest in deprivation: 100 unless you choose "
    "otherwise. Deprivation is that of 2025 without its crime domain, which rests on recorded crime. Their crimes per "
    "resident are multiplied by the residents here. The usual range leaves out the lowest and the highest 2.5% of "
    "them. So it holds how much neighbourhoods differ, which is more than the chance in one count. The most deprived "
    "neighbourhoods of a force are compared with less deprived ones too."
)
PLACE_METHOD = (
    "A place is a range because the count of one year varies. It varies by chance, and by as much more as "
    "London's neighbourhoods varied from one year to the next. The range holds the place 95 times in 100."
)
SIMILAR_NOTE = (
    "Similar means: deprivation without its crime domain, residents, and the shares aged 16 to 24 and 65 or more. "
    "Each counts by how much neighbourhoods of the force differ in it. Crime is not among them."
)
DEPRIVATION_NOTE = (
    "The English indices of deprivation 2025. Each bar is the share of England's neighbourhoods that are less deprived."
)


def question(name: str) -> str:
    """The question that the page answers."""
    return f"How much crime is recorded in {name}, and is that unusual?"


def name_of(force: ForceNeighbourhoods, code: str) -> str:
    """'Monument (Newcastle upon Tyne 024G)'."""
    return label(force.text(code, WARD), force.text(code, NAME))


def where(force: ForceNeighbourhoods, code: str) -> str:
    """Its ward in a sentence: 'this part of Monument'."""
    return f"this part of {force.text(code, WARD)}"


def answer(force: ForceNeighbourhoods, code: str, found: Usual) -> str:
    """The page's answer: what was recorded, and what would be usual."""
    start = f"Police recorded {count(found.recorded)} in {where(force, code)} in {force.year}"
    if found.side == "unknown":
        return f"{start}. {NO_RANGE}"
    return f"{start}; similar places record about {number(found.usual, 0)}."


def count(records: int) -> str:
    """'1 crime', '1,204 crimes', 'no crime'."""
    return "no crime" if not records else f"{records:,} {'crime' if records == 1 else 'crimes'}"


def chip(comparisons: pd.DataFrame) -> str:
    """The verdict: that of the comparison as shown, if every other way to compare gives it too."""
    sides: list[Side] = comparisons["side"].tolist()
    return CHIPS[sides[0]] if len(set(sides)) == 1 else DEPENDS


def reason(found: Usual, comparisons: pd.DataFrame) -> str:
    """What usual means, and how many ways to compare agree."""
    if found.side == "unknown":
        return f"A usual range needs at least {FEWEST} other neighbourhoods of the same force."
    same, every = int((comparisons["side"] == found.side).sum()), len(comparisons)
    agree = "Every way" if same == every else f"{same} of {every} ways"
    return (
        f"Similar places: the middle of the {found.peers} neighbourhoods of the same force nearest in deprivation, for "
        f"as many residents. {standing(found)} {agree} to compare "
        f"{'give' if same != 1 and same != every else 'gives'} this verdict."
    )


def standing(found: Usual) -> str:
    """Where the record lies among those alike, and whether their range is wide."""
    wide = "Their usual range is wide. " if found.high > WIDE * found.low else ""
    share = found.fewer / found.peers
    where = (
        "near the middle" if QUARTER <= share <= 1 - QUARTER else f"towards the {'top' if share > 0.5 else 'bottom'}"
    )
    place = {"more": "above it", "less": "below it"}.get(found.side, f"{where} of it")
    return f"{wide}This one is {place}: {found.fewer} of {found.peers} have less crime per resident."


def fewer_value(found: Usual) -> str:
    """'97 have less crime'."""
    return f"{found.fewer} have less crime"


def usual_range(found: Usual) -> str:
    """'Most of them record between 46 and 447 crimes, for as many residents.'."""
    if found.side == "unknown":
        return NO_RANGE
    return f"Most record between {number(found.low, 0)} and {number(found.high, 0)}, for as many residents."


def place_value(found: PlaceRange) -> str:
    """'16th to 44th of 126', or '1st of 180'."""
    ends = ordinal(found.low) if found.low == found.high else f"{ordinal(found.low)} to {ordinal(found.high)}"
    return f"{ends} of {found.count:,}"


PLACE_FIRST = "1st is the most crime per resident."


def place_note(found: PlaceRange) -> str:
    """Which end is the most, and why there are two."""
    return PLACE_FIRST if found.low == found.high else f"{PLACE_FIRST} It is a range, as one year's count varies."


def decile_value(decile: int) -> str:
    """'Most deprived tenth', '2nd most deprived tenth', 'Least deprived tenth'."""
    if decile == 1:
        return "Most deprived tenth"
    if decile == 10:
        return "Least deprived tenth"
    return f"{ordinal(decile)} most deprived tenth" if decile <= 5 else f"{ordinal(11 - decile)} least deprived tenth"


def rank_note(rank: int, of: int) -> str:
    """The published rank of deprivation."""
    return f"Rank {rank:,} of {of:,}, from the most deprived."


def types_title(types: pd.DataFrame) -> str:
    """Which types are outside of their usual ranges."""
    outside = {side: types.loc[types["side"] == side, "crime_type"].tolist() for side in ("more", "less")}
    if (types["side"] == "unknown").all():
        return "What was recorded, by type"
    if not outside["more"] and not outside["less"]:
        return "Every type of crime is within its usual range"
    parts = [_outside(names, side, len(types)) for side, names in outside.items() if names]
    sentence = "; ".join(parts)
    return sentence[:1].upper() + sentence[1:]


def types_note(drawn: int) -> str:
    """How to read the types, and how many of those drawn are outside of their usual ranges by chance."""
    share = drawn * (1 - (TAILS[1] - TAILS[0]))
    chance = f"about {number(share, 0)}" if share >= 1.5 else "one"
    return f"{KEY} By chance alone, {chance} of the {drawn} types may lie outside."


def _outside(names: Sequence[str], side: str, every: int) -> str:
    word = "above" if side == "more" else "below"
    if len(names) == every:
        return f"every type is {word} its usual range"
    if len(names) > 3:
        return f"{len(names)} of {every} types are {word} their usual range"
    text, plural = listed([lower_first(name) for name in names]), len(names) > 1
    return f"{text} {'are' if plural else 'is'} {word} {'their' if plural else 'its'} usual range"


def compared(side: Side, fewer: int, peers: int) -> str:
    """How a type compares, on hover."""
    words = {"more": "above the usual range", "less": "below the usual range", "usual": "within the usual range"}
    return f"{words.get(side, 'no usual range')}; {fewer} of {peers} have less"


def can_say(force: ForceNeighbourhoods, code: str, found: Usual, verdict: str, within: PlaceRange) -> list[str]:
    """What a reader can say of the neighbourhood, to be quoted."""
    said = [f"Police recorded {count(found.recorded)} in {name_of(force, code)} in {force.year}."]
    if found.side == "unknown":
        return [*said, NO_RANGE]
    said.append(
        f"Neighbourhoods as deprived usually record between {number(found.low, 0)} and {number(found.high, 0)}, for as "
        "many residents."
    )
    said.append(VERDICTS[verdict])
    ends = f"the {ordinal(within.low)} and the {ordinal(within.high)} place"
    if within.low == within.high:
        said.append(f"By crime per resident it has the {ordinal(within.low)} place in {the(within.where)}.")
    else:
        said.append(f"By crime per resident it is between {ends} in {the(within.where)}, where the first has most.")
    return said


VERDICTS: Mapping[str, str] = {
    MORE: "That is more than usual, in every way to compare that was tried.",
    LESS: "That is less than usual, in every way to compare that was tried.",
    WITHIN: "That is within the usual range, in every way to compare that was tried.",
    DEPENDS: "Whether that is unusual depends on how it is compared.",
}


def cannot_say(force: ForceNeighbourhoods) -> list[str]:
    """What the figures do not show."""
    unsaid = [
        "That it is safe or dangerous to live here: visitors are not among the residents.",
        "Why there is more or less crime here: many things other than deprivation are linked to it.",
        "What a single street or person meets.",
    ]
    return [*unsaid, "How it compares with places outside London."] if force.is_london else unsaid


def source(force: ForceNeighbourhoods) -> str:
    """Source and date, to go with a quotation."""
    police = "Metropolitan Police (London Datastore)" if force.is_london else "data.police.uk"
    return f"Source: {police}, {force.period}; English indices of deprivation 2025."


def not_found(wanted: str) -> str:
    """What to do where nothing has `wanted` in its name: a postcode, or the first half of one, has not."""
    return POSTCODE if _POSTCODE.fullmatch(wanted.strip()) else NOTHING_FOUND


def without_figures(district: str, force: str) -> str:
    """Why there is nothing about the neighbourhoods of a district."""
    police = force if force.endswith("Police") else f"{force} Police"
    missing = f"There is no full year of its street-level figures for {YEAR} here."
    return f"{upper_first(the(district))} is served by {police}. {missing}"


def similar(rows: pd.DataFrame, own: float) -> str:
    """The neighbourhoods most alike, and how much crime there is in them."""
    low, high = rows["rate"].min(), rows["rate"].max()
    side = "more" if own > high else "fewer" if own < low else ""
    place = f"{side} than in any of them" if side else "within their range"
    return (
        f"In the {number_word(len(rows))} most similar neighbourhoods, police recorded between {number(low, 0)} and "
        f"{number(high, 0)} crimes per 1,000 residents. Here it was {number(own, 0)}, {place}."
    )


def comparisons_title(comparisons: pd.DataFrame) -> str:
    """Whether the verdict is the same for each way to compare."""
    first, same = comparisons["side"].iloc[0], int((comparisons["side"] == comparisons["side"].iloc[0]).sum())
    place = {"more": "above", "less": "below", "usual": "within"}.get(first)
    if place is None:
        return NO_RANGE.removesuffix(".")
    count = len(comparisons)
    ways = all_of(count) if same == count else f"{number_word(same)} of {number_word(count)}"
    return f"All crime is {place} the usual range in {ways} ways to compare"


def deprivation_title(shares: pd.DataFrame) -> str:
    """In which domain the neighbourhood is most deprived, and in which least."""
    domains = shares[shares["label"] != "All seven domains"].sort_values("share", kind="stable")
    most, least = domains.iloc[-1], domains.iloc[0]
    return (
        f"Most deprived in {lower_first(most['label'])}, least in {lower_first(least['label'])}: more deprived than "
        f"{whole(most['share'])} and {whole(least['share'])} of England's neighbourhoods"
    )


def whole(share: float) -> str:
    """A share in whole per cent."""
    return f"{number(share, 0)}%"


def in_ward(force: ForceNeighbourhoods, code: str) -> str:
    """How many neighbourhoods its ward has, for those who looked for the ward."""
    ward, district = force.text(code, WARD), force.text(code, DISTRICT)
    others = int(((force.rows[WARD] == ward) & (force.rows[DISTRICT] == district)).sum())
    ward_text = f"{ward} ward, {the(district)}"
    return f"{ward_text}, has {number_word(others)} neighbourhoods." if others > 1 else f"{ward_text}."


def notes(force: ForceNeighbourhoods, is_centre: bool) -> list[str]:
    """Cautions that hold for the neighbourhood."""
    first = [CENTRE] if is_centre else []
    asb = [ASB_NOTE] if ASB in force.records else []
    return [*first, CENTRES, REPORTING, SNAP_POINTS, *asb, *([LONDON_NOTE] if force.is_london else [])]
