"""Every sentence of the first screen, for many neighbourhoods, the longest names, and each possible verdict."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.crime.neighbourhood import text
from core.crime.neighbourhood.analysis import PlaceRange, Usual, all_crime, by_comparison, by_type, places, rates
from core.crime.neighbourhood.figures import deprivation_shares, similar_rows
from core.crime.neighbourhood.question import Comparison
from core.crime.neighbourhood.summary import CHIPS, summary
from core.crime.neighbourhood.tables import ForceNeighbourhoods, directory
from core.crime.today import label
from core.tables.catalogue import Catalogue

MOST_WORDS, MOST_NUMBERS, YEARLY = 25, 2, 0.1
# Years, the names of small areas and what a rate is per are no numbers to keep in mind.
NAMED = re.compile(r"\b20\d\d\b|\(.+? \d{3}[A-Z]\)|per 1,000")
BANNED = re.compile(
    r"\d %|\bp-value|interval|\bln\b|clear of zero|goes? with\b|\btold\b|beside\b|reckon|at hand|cannot be told"
    r"|\bcaus(?:e|es|ed)\b",
    re.IGNORECASE,
)
FORCES = pytest.mark.parametrize("name", ["durham", "london_force", "city"])
FOUND = Usual(1204, 236.4, 60.0, 512.0, 301.2, 97, 100)


def sentences(marked: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!])\s+", marked.replace("**", "").replace("\n", " ")) if part]


def check(marked: str) -> None:
    assert not BANNED.search(marked), marked
    for sentence in sentences(marked):
        assert len(sentence.split()) <= MOST_WORDS, sentence
        assert len(re.findall(r"\d[\d,.]*", NAMED.sub("", sentence))) <= MOST_NUMBERS, sentence
        assert sentence[-1] in ".?!", sentence


def first_screen(force: ForceNeighbourhoods, code: str, found: Usual, within: PlaceRange) -> list[str]:
    compared = by_comparison(force, code, Comparison())
    shown = summary(force, code, found, compared, within, is_centre=True)
    return [
        text.question(text.name_of(force, code)),
        shown.answer,
        shown.below,
        shown.chip_meaning,
        *(fact.note for fact in shown.facts),
        *shown.can_say,
        *shown.cannot_say,
        shown.source,
        f"{text.types_title(by_type(force, code, Comparison()))}.",
        *text.notes(force, is_centre=True),
    ]


@FORCES
def test_first_screen_is_short_and_plain(name: str, request: pytest.FixtureRequest) -> None:
    force: ForceNeighbourhoods = request.getfixturevalue(name)
    for code in force.rows.sample(min(40, len(force.rows)), random_state=2).index:
        for sentence in first_screen(force, code, all_crime(force, code, Comparison()), places(force, code, YEARLY)[0]):
            check(sentence)


@pytest.mark.parametrize("name", ["durham", "london_force"])
def test_longest_names_of_neighbourhoods_fit(name: str, request: pytest.FixtureRequest, catalogue: Catalogue) -> None:
    force: ForceNeighbourhoods = request.getfixturevalue(name)
    code = str(force.rows.index[0])
    every = directory(catalogue)
    wards = set(every.loc[(every["place"] == "2025-london") == force.is_london, "ward"])
    for ward in sorted(wards, key=lambda name: -len(name.split()))[:25]:
        named = replace(force, rows=force.rows.assign(ward24_name=ward))
        for found in (FOUND, replace(FOUND, recorded=60, low=np.nan, high=np.nan)):
            check(text.answer(named, code, found))


@pytest.mark.parametrize(
    ("recorded", "side", "chip"), [(1204, "more", text.MORE), (236, "usual", text.WITHIN), (12, "less", text.LESS)]
)
def test_verdict_agrees_with_the_numbers(recorded: int, side: str, chip: str, made: ForceNeighbourhoods) -> None:
    found = replace(FOUND, recorded=recorded)
    assert found.side == side
    assert text.chip(pd.DataFrame({"side": [side] * 3})) == chip
    said = " ".join(text.can_say(made, "E00000007", found, chip, PlaceRange("Eastby", 3, 9, 40)))
    assert f"{recorded:,} crimes" in said
    assert {"more": "more than usual", "less": "less than usual", "usual": "within the usual range"}[side] in said
    assert "between the 3rd and the 9th place in Eastby" in said


def test_verdict_that_not_every_comparison_gives_depends_on_the_choices() -> None:
    mixed = pd.DataFrame({"side": ["more", "usual", "more"], "choice": ["As shown", "Other", "Another"]})
    assert text.chip(mixed) == text.DEPENDS
    assert "2 of 3 ways to compare give this verdict" in text.reason(FOUND, mixed)
    assert text.comparisons_title(mixed) == "All crime is above the usual range in two of three ways to compare"


@pytest.mark.parametrize(
    ("recorded", "fewer", "where"),
    [(480, 97, "towards the top of it"), (236, 50, "near the middle of it"), (61, 3, "towards the bottom of it")],
)
def test_count_within_a_wide_range_is_placed_in_it(recorded: int, fewer: int, where: str) -> None:
    found = replace(FOUND, recorded=recorded, fewer=fewer)
    reason = text.reason(found, pd.DataFrame({"side": ["usual"] * 3}))
    assert "Their usual range is wide." in reason
    assert f"This one is {where}: {fewer} of 100 have less crime per resident." in reason
    assert "About as usual" not in {text.chip(pd.DataFrame({"side": ["usual"]})), *text.CHIP_HELP}


def test_narrow_range_is_not_called_wide() -> None:
    assert "wide" not in text.standing(replace(FOUND, recorded=236, low=200.0, high=280.0))


def test_answer_counts_as_people_do(made: ForceNeighbourhoods) -> None:
    code = "E00000007"
    assert "Police recorded no crime in" in text.answer(made, code, replace(FOUND, recorded=0))
    assert "Police recorded 1 crime in" in text.answer(made, code, replace(FOUND, recorded=1))
    said = text.answer(made, code, FOUND)
    assert "Police recorded 1,204 crimes in this part of Ward H in 2025; similar places record about 236" in said


def test_place_of_one_is_no_range() -> None:
    assert text.place_value(PlaceRange("Eastby", 1, 1, 180)) == "1st of 180"
    assert text.place_value(PlaceRange("Eastby", 12, 43, 1200)) == "12th to 43rd of 1,200"
    assert "range" not in text.place_note(PlaceRange("Eastby", 1, 1, 180))
    assert "range" in text.place_note(PlaceRange("Eastby", 12, 43, 1200))


@pytest.mark.parametrize("decile", range(1, 11))
def test_tenths_are_named_from_the_nearer_end(decile: int) -> None:
    value = text.decile_value(decile)
    assert ("most" in value.lower()) == (decile <= 5)
    assert value.endswith("tenth")
    assert len({text.decile_value(each) for each in range(1, 11)}) == 10


def types(**sides: str) -> pd.DataFrame:
    return pd.DataFrame({"crime_type": list(sides), "side": list(sides.values())})


@pytest.mark.parametrize(
    ("sides", "title"),
    [
        ({"Drugs": "usual", "Robbery": "usual"}, "Every type of crime is within its usual range"),
        ({"Drugs": "more", "Robbery": "usual"}, "Drugs is above its usual range"),
        ({"Drugs": "more", "Robbery": "less"}, "Drugs is above its usual range; robbery is below its usual range"),
        ({"Drugs": "more", "Robbery": "more", "B": "usual"}, "Drugs and robbery are above their usual range"),
        ({"Drugs": "more", "Robbery": "more"}, "Every type is above its usual range"),
        ({"A": "more", "B": "more", "C": "more", "D": "more", "E": "less"}, "4 of 5 types are above their usual range"),
        ({"Drugs": "unknown", "Robbery": "unknown"}, "What was recorded, by type"),
    ],
)
def test_title_of_types_names_what_is_outside(sides: dict[str, str], title: str) -> None:
    assert text.types_title(types(**sides)).startswith(title)


@FORCES
def test_sentences_of_the_sections_are_short(name: str, request: pytest.FixtureRequest) -> None:
    force: ForceNeighbourhoods = request.getfixturevalue(name)
    for code in force.rows.sample(5, random_state=4).index:
        rows, own = similar_rows(force, code), float(rates(force)[code])
        found = text.similar(rows, own)
        check(found)
        if "more than" in found:
            assert own > rows["rate"].max()
        check(text.in_ward(force, code))
        assert len(f"{text.deprivation_title(deprivation_shares(force, code))}.".split()) <= MOST_WORDS


def test_notes_have_short_sentences() -> None:
    notes = [value for name, value in vars(text).items() if name.isupper() and isinstance(value, str) and "." in value]
    for note in notes:
        for sentence in sentences(note):
            assert len(sentence.split()) <= MOST_WORDS, sentence
            assert not BANNED.search(sentence), sentence


def test_london_is_said_to_be_compared_with_london_only(
    london_force: ForceNeighbourhoods, durham: ForceNeighbourhoods
) -> None:
    assert text.LONDON_NOTE in text.notes(london_force, False)
    assert text.LONDON_NOTE not in text.notes(durham, False)
    assert text.ASB_NOTE in text.notes(durham, False)
    assert text.ASB_NOTE not in text.notes(london_force, False)
    assert "London" in text.cannot_say(london_force)[-1]


def test_label_of_a_neighbourhood_begins_with_its_place(durham: ForceNeighbourhoods) -> None:
    code = str(durham.rows.index[0])
    assert text.name_of(durham, code) == label(durham.text(code, "ward24_name"), durham.text(code, "lsoa21_name"))
    assert not re.match(r"E\d", text.name_of(durham, code))


def test_each_verdict_has_a_kind_and_a_meaning() -> None:
    assert set(CHIPS) == set(text.CHIP_HELP) == {*text.CHIPS.values(), text.DEPENDS}
    assert set(text.VERDICTS) == set(CHIPS) - {text.CANNOT_SAY}


def test_summary_warns_of_visitors_where_many_come(made: ForceNeighbourhoods) -> None:
    compared = pd.DataFrame({"side": ["more"] * 3})
    for is_centre in (True, False):
        shown = summary(made, "E00000007", FOUND, compared, PlaceRange("Eastby", 3, 9, 40), is_centre)
        assert (text.CENTRE in shown.below) == is_centre
        assert text.ASB_NOTE in shown.below
        assert (shown.chip, shown.chip_label) == ("clear", text.MORE)


@pytest.mark.parametrize(
    ("drawn", "says"),
    [
        (10, "one of the 10 types may lie outside"),
        (20, "one of the 20 types may lie outside"),
        (40, "about 2 of the 40"),
    ],
)
def test_types_note_speaks_of_the_types_drawn(drawn: int, says: str) -> None:
    assert says in text.types_note(drawn)


def test_district_without_figures_is_served_by_a_police_force() -> None:
    assert "Coventry is served by West Midlands Police." in text.without_figures("Coventry", "West Midlands")
    assert "Metropolitan Police." in text.without_figures("Barnet", "Metropolitan Police")
