"""Every sentence of the first screen, for all boroughs and for the cases that today's figures do not have."""

import re
from dataclasses import replace

import pytest

from core.london.borough import section_text, text
from core.london.borough.analysis import (
    NextFigure,
    Rate,
    Standing,
    SurveyChange,
    crime_rates,
    force_rates,
    next_figure,
    standing,
)
from core.london.borough.stand_out import comparisons
from core.london.forecast.view import Forecasts
from core.london.panel import london_panel
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel

MOST_WORDS, MOST_NUMBERS = 25, 2
AREAS = london_panel().areas
# Names of ranges and years are no numbers to keep in mind.
NAMED = re.compile(r"\b(?:95% margin|80% (?:range|probability)|20\d\d)\b|\b(?:95|80)% (?:margin|range|probability)")
BANNED = re.compile(
    r"\d %|\bp-value|interval|clear of zero|goes? with\b|\btold\b|beside\b|reckon|at hand|cannot be told", re.IGNORECASE
)
EXAMPLE = Standing("Kensington and Chelsea", "trust_mps", "2026Q1", 66.0, 4.6, 9, 21, 32, None)
ROSE, FELL, SAME = (SurveyChange("2025Q1", 66 - points, points, 6.0) for points in (8.0, -8.0, 1.0))
FORCE = Rate("2023Q4", 40.1, 30.2, 4)
COMING = NextFigure("2026Q2", 67.0, 64.0, 70.0, 17, 20)


def sentences(marked: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!])\s+", marked.replace("\n", " ")) if part]


def check(marked: str) -> None:
    assert not BANNED.search(marked), marked
    for sentence in sentences(marked):
        assert len(sentence.split()) <= MOST_WORDS, sentence
        assert len(re.findall(r"\d[\d,.]*", NAMED.sub("", sentence))) <= MOST_NUMBERS, sentence
        assert sentence[-1] in ".?!", sentence


def first_screen(now: Standing, coming: NextFigure | None) -> list[str]:
    said = [text.answer(now), text.margin(now), text.published(now), text.RANK_NOTE, text.source(now)]
    said += [*text.can_say(now, coming), *text.cannot_say(now), text.question(now.borough)]
    return said + ([text.forecast_note(coming)] if coming else [text.NO_FORECAST])


@pytest.mark.parametrize("borough", AREAS)
def test_first_screen_of_each_borough_is_short_and_plain(borough: str, panel: Panel, forecasts: Forecasts) -> None:
    now = standing(panel, borough)
    for sentence in first_screen(now, next_figure(forecasts, borough, now.quarter)):
        check(sentence)
    assert borough in text.answer(now)


@pytest.mark.parametrize("year", [ROSE, FELL, SAME, None])
@pytest.mark.parametrize("coming", [COMING, None])
def test_first_screen_of_the_longest_name_is_short_in_every_case(
    year: SurveyChange | None, coming: NextFigure | None
) -> None:
    for sentence in first_screen(replace(EXAMPLE, year=year), coming):
        check(sentence)


@pytest.mark.parametrize(("year", "word", "other"), [(ROSE, "up", "down"), (FELL, "down", "up")])
def test_direction_word_agrees_with_number(year: SurveyChange, word: str, other: str) -> None:
    found = replace(EXAMPLE, year=year)
    for sentence in (text.answer(found), text.can_say(found, None)[2]):
        assert re.search(rf"\b{word}\b", sentence)
        assert not re.search(rf"\b{other}\b", sentence)
    assert text.chip(found) == "clear"
    assert f"from {year.before:.0f}% a year before" in text.answer(found)


@pytest.mark.parametrize("borough", AREAS)
def test_answer_names_a_direction_only_beyond_chance(borough: str, panel: Panel) -> None:
    now = standing(panel, borough)
    assert now.year is not None
    says = re.search(r"\b(up|down)\b", text.answer(now))
    assert bool(says) == (abs(now.year.points) > now.year.margin) == (text.chip(now) == "clear")
    if says:
        assert (says[1] == "up") == (now.value > now.year.before)


def test_change_that_may_be_chance_is_named_as_what_cannot_be_said() -> None:
    assert "could be chance" in text.cannot_say(replace(EXAMPLE, year=SAME))[0]
    assert not [unsaid for unsaid in text.cannot_say(replace(EXAMPLE, year=FELL)) if "could be chance" in unsaid]


def test_no_figure_a_year_before_cannot_say() -> None:
    assert text.chip(EXAMPLE) == "cannot_tell"
    assert "no figure a year before" in text.answer(EXAMPLE)


def test_rank_of_one_place_is_no_range() -> None:
    assert text.rank(EXAMPLE) == "9 to 21"
    assert text.rank(replace(EXAMPLE, rank_low=32, rank_high=32)) == "32"


def test_quotation_ends_with_source_and_date() -> None:
    assert text.summary(EXAMPLE, COMING, FORCE).quotation.splitlines()[-1] == (
        "Source: MOPAC Public Attitude Survey, January to March 2026."
    )


@pytest.mark.parametrize("borough", AREAS)
def test_trends_agree_with_rates(borough: str, panel: Panel, catalogue: Catalogue) -> None:
    for what, table in (("Use of force", force_rates(panel)), ("Recorded crime", crime_rates(catalogue))):
        sentence = section_text.trend(table, borough, what)
        assert len(sentence.split()) <= MOST_WORDS
        rates = table[borough].dropna()
        assert ("rose" in sentence) == (rates.iloc[-1] > rates.iloc[0])
        assert ("fell" in sentence) == (rates.iloc[-1] < rates.iloc[0])


def test_what_stands_out_names_the_side_of_each_difference(panel: Panel, catalogue: Catalogue) -> None:
    rows = comparisons(panel, ["trust_mps", "good_job_local"])
    for borough in AREAS:
        own = rows[(rows["borough"] == borough) & rows["stands_out"]]
        listed = section_text.stands_out(rows, borough, catalogue)
        assert len(listed) == max(1, len(own))
        assert sum("above" in sentence for sentence in listed) == (own["points"] > 0).sum()
        for sentence in listed:
            check(sentence)


def test_note_on_the_picture_says_where_the_line_of_london_ends() -> None:
    assert text.band_note("2026Q1", "2026Q1") == text.BAND_NOTE
    assert text.band_note("2026Q1", "2025Q3").endswith("published to July to September 2025.")


def test_notes_have_short_sentences() -> None:
    notes = [text.METHOD, text.BAND_NOTE, text.CHOOSE, text.NOT_CHOSEN]
    notes += [note for name, note in vars(section_text).items() if name.endswith("_NOTE")]
    for sentence in (part for note in notes for part in sentences(note)):
        assert len(sentence.split()) <= MOST_WORDS, sentence
        assert not re.search(r"\d %", sentence)
