"""Tables as further offices, programs and people write them, and what must not be made of others like them."""

from collections.abc import Mapping, Sequence

import pandas as pd
import pytest

from core.sources.files.periods import MOST_PERIODS, read_periods
from core.user_panel.panel import Roles, guessed_roles, panel_of, rows_without_keys
from core.user_panel.read import UserPanelError, UserTable
from core.user_panel.text import case_text, without_keys_text
from core.user_panel.totals import differ_by_case, totals
from tests.user_panel.peoples_files import AREAS, YEARS, as_text, plain, read, shaped, table, with_column

FRAME = table()
QUARTERS = [f"{year} Q{number}" for year in YEARS[:2] for number in (1, 2, 3, 4)]
REGIONS = ("North East", "North West", "London")


def by_period(columns: Sequence[str], periods: Sequence[str] = QUARTERS) -> pd.DataFrame:
    """A row for each period, and under each name of a column numbers that say which column it is."""
    cells = {name: [str(100 * place + row) for row in range(len(periods))] for place, name in enumerate(columns, 1)}
    return pd.DataFrame({"Title": list(periods), **cells})


def keyed(keys: Mapping[str, Sequence[str]], frame: pd.DataFrame = FRAME) -> pd.DataFrame:
    """The table with further columns, whose cells go round for the periods of each area."""
    rows = range(len(frame))
    return frame.assign(**{name: [cells[row % len(cells)] for row in rows] for name, cells in keys.items()})


ORDERS = ("{area}: {measure}", "{measure}: {area}", "{area} - {measure}", "{measure} | {area}")
RATES = ("Unemployment rate", "Employment rate")


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("measures", [RATES, ("Rate one", "Rate two", "Rate", "Mean")])
def test_area_and_measure_in_a_heading_are_told_apart_in_both_orders(order: str, measures: Sequence[str]) -> None:
    names = [order.format(area=area, measure=measure) for area in REGIONS for measure in measures]
    found = shaped(by_period(names))
    assert found.areas == sorted(REGIONS)
    rows = found.frame[found.frame["Area"] == "North East"]
    assert rows[list(measures)].iloc[0].tolist() == [100 * (place + 1) for place in range(len(measures))]


@pytest.mark.parametrize("order", ["{}: Unemployment rate", "Unemployment rate: {}"])
def test_measure_that_all_headings_share_is_the_name_of_the_figures(order: str) -> None:
    found = read(by_period([order.format(area) for area in REGIONS], [*YEARS[:2], *QUARTERS]))
    panel = panel_of(found, guessed_roles(found))
    assert panel.areas == sorted(REGIONS)
    assert len(panel.periods) == len(QUARTERS)
    assert "Unemployment rate" in found.numbers


def test_measure_that_all_headings_share_begins_the_names_of_measures() -> None:
    names = [f"Rate of jobs: {area}: {sex}" for area in REGIONS for sex in ("Men", "Women")]
    found = shaped(by_period(names))
    assert (found.areas, list(found.frame)[2:]) == (sorted(REGIONS), ["Rate of jobs: Men", "Rate of jobs: Women"])


def test_part_of_a_place_that_all_headings_share_is_no_measure() -> None:
    names = [f"Hackney - {part}" for part in ("North", "South", "Central")]
    assert shaped(by_period(names)).areas == sorted(names)


def mixed() -> pd.DataFrame:
    return table([*YEARS[:2], *QUARTERS], "Period")


@pytest.mark.parametrize("name", ["Notes", "Flag", "Comment"])
def test_note_on_years_alone_does_not_keep_them_beside_their_quarters(name: str) -> None:
    frame = mixed()
    notes = ["whole year" if period in YEARS else "" for period in frame["Period"]]
    found = read(frame.assign(**{name: notes}))
    assert any("12 rows of years left out" in note for note in found.notes)


def test_name_of_a_kind_on_years_alone_keeps_them() -> None:
    frame = mixed()
    kinds = ["whole year" if period in YEARS else "part" for period in frame["Period"]]
    assert not any("left out" in note for note in read(frame.assign(Kind=kinds)).notes)


def test_row_without_a_period_stays_beside_quarters_and_can_be_left_out() -> None:
    frame = mixed()
    frame.loc[5, "Period"] = None
    found = read(frame)
    roles = guessed_roles(found)
    assert any("12 rows of years left out" in note for note in found.notes)
    assert without_keys_text(rows_without_keys(found, roles)) == (
        "1 row without Period (the first is row 7): leave out"
    )
    assert len(panel_of(found, Roles("Area", "Period", without_empty=True)).frame) == len(AREAS) * len(QUARTERS) - 1


def test_rows_of_other_levels_without_an_area_are_counted_and_can_be_left_out() -> None:
    whole = pd.DataFrame({"Area": [""] * 6, "Year": YEARS, "Offences": "9", "Trust": "50"})
    found = read(pd.concat([whole, FRAME]))
    roles = guessed_roles(found)
    with pytest.raises(UserPanelError, match=r"Row 2 of mine.csv has no Area; .* In all 6 rows have none; they can be"):
        panel_of(found, roles)
    assert rows_without_keys(found, roles) == {"Area": [2, 3, 4, 5, 6, 7]}
    assert panel_of(found, Roles("Area", "Year", without_empty=True)).areas == sorted(AREAS)


def test_cells_below_a_merged_one_are_not_offered_to_be_left_out() -> None:
    merged = FRAME.assign(Area=FRAME["Area"].where(FRAME["Year"] == YEARS[0], ""))
    found = read(merged)
    assert rows_without_keys(found, Roles("Area", "Year")) == {}


def of_names(names: Sequence[str]) -> UserTable:
    frame = pd.concat([table().assign(Area=name).head(6) for name in names])
    return read(frame.assign(Year=list(YEARS) * len(names)))


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (
            ("North East", "North West", "East Midlands", "Wales", "Scotland", "Northern Ireland", "England"),
            1,
        ),
        (("Austria", "Belgium", "Spain", "Italy", "Euro area (20 countries)", "European Union - 27 countries"), 2),
        (("Albania", "Brazil", "Chad", "Denmark", "Caribbean small states", "Europe & Central Asia"), 2),
        (("Avon", "Kent", "Essex", "Metropolitan counties", "English forces"), 2),
        (("Alabama", "Alaska", "Texas", "Utah", "United States"), 1),
        (("Bayern", "Berlin", "Hessen", "Bremen", "Deutschland", "Insgesamt"), 2),
        (("Dorset", "Essex", "Kent", "England and Wales (excluding London)"), 1),
    ],
)
def test_wholes_of_areas_are_known_by_their_names(names: Sequence[str], found: int) -> None:
    assert sorted(totals(of_names(names), "Area", "Year")) == sorted(names[-found:])


@pytest.mark.parametrize(
    "names",
    [
        ("United States", "Canada", "Mexico", "Brazil"),
        ("Germany", "Berlin", "Austria", "Poland"),
        ("France", "Spain", "Italy", "Corse"),
        ("England", "Wales", "Scotland", "Northern Ireland"),
        ("North", "South", "East", "West"),
    ],
)
def test_areas_without_their_parts_are_no_wholes(names: Sequence[str]) -> None:
    assert totals(of_names(names), "Area", "Year") == []


def grouped(figures: Sequence[Sequence[int]]) -> UserTable:
    """Areas A, B and so on, with the sum of the first two after them."""
    rows = [list(row) for row in figures]
    rows.insert(2, [one + other for one, other in zip(*rows[:2], strict=True)])
    cells = [("ABXCDEFG"[place], YEARS[time], str(n)) for place, row in enumerate(rows) for time, n in enumerate(row)]
    return read(pd.DataFrame(cells, columns=["Area", "Year", "Offences"]))


def test_sum_of_the_areas_above_it_is_a_total() -> None:
    figures = [[1000 * (place + 1) + 37 * time * (place + 2) for time in range(6)] for place in range(6)]
    assert totals(grouped(figures), "Area", "Year") == ["X"]


def test_sum_of_small_counts_is_none() -> None:
    figures = [[(place + time) % 3 for time in range(6)] for place in range(6)]
    assert totals(grouped(figures), "Area", "Year") == []


def test_names_that_differ_by_accents_are_pointed_out_where_they_never_share_a_period() -> None:
    later = FRAME["Area"].eq("Alder") & FRAME["Year"].gt("2017")
    names = FRAME["Area"].where(~later, "\u00c1lder ")
    groups = differ_by_case(read(FRAME.assign(Area=names)), "Area", "Year")
    assert groups == [("Alder", "\u00c1lder")]
    assert case_text(groups).startswith("Alder and \u00c1lder differ only by capitals, accents")
    both = pd.concat([FRAME, FRAME[FRAME["Area"] == "Alder"].assign(Area="\u00c1lder")])
    assert differ_by_case(read(both), "Area", "Year") == []


def test_areas_above_their_years_are_areas() -> None:
    lines = ["Area / year,Offences,Trust"]
    for area in AREAS:
        rows = FRAME[FRAME["Area"] == area]
        lines += [f"{area},,", *(",".join(map(str, row)) for row in rows.drop(columns="Area").to_numpy())]
    found = read("\n".join([*lines, "Source: an office,,"]).encode())
    panel = panel_of(found, guessed_roles(found))
    assert (panel.areas, panel.periods) == (sorted(AREAS), list(YEARS))
    assert any("6 rows of a whole group or of all left out, such as 'Alder'" in note for note in found.notes)


def test_names_of_groups_of_areas_are_left_out_with_a_count() -> None:
    wide = pd.DataFrame({"Area": [*"ABC", *"DEF"], **{year: [str(number) for number in range(6)] for year in YEARS}})
    rows = plain(as_text(wide)).to_numpy().tolist()
    blank = [""] * len(YEARS)
    lines = [["Area", *YEARS], ["North", *blank], *rows[:3], ["South", *blank], *rows[3:]]
    found = read("\n".join(",".join(line) for line in lines).encode())
    assert panel_of(found, guessed_roles(found)).areas == list("ABCDEF")
    assert any("2 rows left out: a single cell" in note for note in found.notes)


def test_headings_one_short_of_numbered_rows_are_moved_and_said() -> None:
    body = FRAME.to_csv(header=False, lineterminator="\n")
    numbered = "".join(f"{number},{line.partition(',')[2]}\n" for number, line in enumerate(body.splitlines(), 1))
    found = read((",".join(map(str, FRAME)) + "\n" + numbered).encode())
    assert found.cells.to_numpy().tolist() == FRAME.to_numpy().tolist()
    assert "Rows begin with their numbers and have one cell more than there are headings." in found.notes
    with pytest.raises(UserPanelError, match="there are more cells than the 4 headings"):
        read((",".join(map(str, FRAME)) + "\n" + body).encode())


def test_margins_of_figures_that_share_a_name_are_named_after_their_figures() -> None:
    rows = [f"{area},{','.join(f'{n}0,{n}' for n in range(1, 4))}" for area in AREAS]
    text = "Area,2015 rate,conf,2016 rate,conf,2017 rate,conf\n" + "\n".join(rows)
    found = read(text.encode())
    assert "Columns called conf are named after the one before: 2015 rate conf." in found.notes
    assert panel_of(found, guessed_roles(found)).frame[["rate", "rate conf"]].head(3).to_numpy().tolist() == [
        [10, 1], [20, 2], [30, 3],
    ]  # fmt: skip
    with pytest.raises(UserPanelError, match="two columns called Trust"):
        read(text.replace("conf", "Trust").encode())


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (["1er semestre 2015", "2e semestre 2015"], ["2015H1", "2015H2"]),
        (["1. Halbjahr 2015", "2. Halbjahr 2015"], ["2015H1", "2015H2"]),
        (["1T2015", "2T2015", "3T2015", "4T2015"], ["2015Q1", "2015Q2", "2015Q3", "2015Q4"]),
        (["ene-15", "feb-15", "abr-15"], ["2015-01", "2015-02", "2015-04"]),
        (["Jan 2015", "Mrz 2015", "Okt 2015", "Dez 2015"], ["2015-01", "2015-03", "2015-10", "2015-12"]),
        (["janv. 2015", "f\u00e9vr. 2015", "juil. 2015"], ["2015-01", "2015-02", "2015-07"]),
        (["as at 31 March 2015", "As at 31 March 2016"], ["2015", "2016"]),
        (["At 31/03/2015", "At 30/06/2015"], ["2015Q1", "2015Q2"]),
        (["2013/14 - 15/16", "2014/15 - 16/17"], ["2015/16", "2016/17"]),
        (["01/2015-03/2015", "04/2015-06/2015"], ["2015Q1", "2015Q2"]),
        (["2015-01 to 2015-12", "2016-01 to 2016-12"], ["2015", "2016"]),
    ],
)
def test_further_periods_are_read(written: list[str], read_as: list[str]) -> None:
    found = read_periods(pd.Series(written, dtype="str"))
    assert found is not None
    assert found.values.tolist() == read_as


@pytest.mark.parametrize(
    "written",
    [
        ["1T2015", "2T2015", "3T2015"],
        ["2013/14 - 15/16", "2014/15 - 17/18"],
        ["2013/14 - 15/17", "2014/15 - 16/18"],
        ["01/2015-03/2015", "04/2015-05/2015"],
        ["at 5", "at 6"],
    ],
)
def test_what_may_be_other_periods_is_not_read(written: list[str]) -> None:
    found = read_periods(pd.Series(written, dtype="str"))
    assert found is None or found.kind == "numbers in order"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (["1.0", "2.0", "3.0"], ["1", "2", "3"]),
        (["1.2015", "2.2015"], ["2015-01", "2015-02"]),
        (["31.12.17", "31.03.18"], ["2017Q4", "2018Q1"]),
        (["0.5", "2015"], None),
        (["12.345", "2016"], None),
    ],
)
def test_figure_that_comes_first_is_none_of_a_column_of_times(written: list[str], read_as: list[str] | None) -> None:
    found = read_periods(pd.Series(written, dtype="str"), "date")
    assert (found.values.tolist() if found else None) == read_as


def test_more_times_than_any_panel_has_are_not_read() -> None:
    days = pd.Series(pd.date_range("1900-01-01", periods=MOST_PERIODS + 1).strftime("%Y-%m-%d"), dtype="str")
    assert read_periods(days) is None
    assert read_periods(days.iloc[1:]) is not None


@pytest.mark.parametrize(
    ("year", "part", "name", "first"),
    [
        (("2015", "2015", "2016"), ("First quarter", "Second quarter", "First quarter"), "Quarter", "2015Q1"),
        (("2015", "2015", "2016"), ("Jan to Mar", "Apr to Jun", "Jan to Mar"), "Quarter", "2015Q1"),
        (("2015/16", "2015/16", "2016/17"), ("Apr-Jun", "Jan-Mar", "Apr-Jun"), "Quarter", "2015Q2"),
        (("2015", "2015", "2016"), ("Jan to Jun", "Jul to Dec", "Jan to Jun"), "Period", "2015H1"),
        (("2015-16", "2015-16", "2016-17"), ("APRIL", "JANUARY", "APRIL"), "Period", "2015-04"),
    ],
)
def test_year_and_its_part_in_words_are_put_together(
    year: Sequence[str], part: Sequence[str], name: str, first: str
) -> None:
    frame = FRAME[FRAME["Year"] < "2018"]
    found = read(keyed({"Year": year, name: part}, frame))
    panel = panel_of(found, guessed_roles(found))
    assert (panel.period, panel.periods[0], len(panel.periods)) == (f"Year and {name}", first, 3)


@pytest.mark.parametrize(
    "keys",
    [
        {"Update time": ("March", "April", "May")},
        {"Start": ("March", "April", "May")},
        {"Period": ("Spring", "Summer", "Autumn")},
    ],
)
def test_words_that_are_no_part_of_the_period_are_not_put_to_the_year(keys: Mapping[str, Sequence[str]]) -> None:
    assert guessed_roles(read(keyed(keys))).period == "Year"


def test_day_month_and_year_are_put_together() -> None:
    parts = {"Day": [str(day) for day in range(1, 7)], "Month": ["3"], "Year": ["2020"]}
    found = shaped(keyed(parts))
    assert (found.period, found.periods[0], found.periods[-1]) == ("Day Month Year", "2020-03-01", "2020-03-06")


def test_days_that_no_month_has_are_not_put_together() -> None:
    parts = {"Day": [str(day) for day in range(28, 34)], "Month": ["2"], "Year": ["2020"]}
    assert "put together" not in " ".join(read(keyed(parts)).notes)


def test_areas_of_one_name_in_several_larger_ones_are_put_together_with_these() -> None:
    wards = dict(zip(AREAS, ("Park", "Town", "Park", "Hill", "Mill", "Lea"), strict=True))
    boroughs = dict(zip(AREAS, ("X", "X", "Y", "Y", "Y", "X"), strict=True))
    frame = FRAME.assign(Ward=FRAME["Area"].map(wards), Borough=FRAME["Area"].map(boroughs)).drop(columns="Area")
    found = read(frame)
    panel = panel_of(found, guessed_roles(found))
    assert panel.areas == ["Hill, Y", "Lea, X", "Mill, Y", "Park, X", "Park, Y", "Town, X"]
    assert any("some names of Ward come back in several" in note for note in found.notes)


def test_groups_that_all_areas_have_are_measures_and_no_larger_areas() -> None:
    frame = pd.concat([FRAME.assign(District=part) for part in ("Day", "Night")])
    assert shaped(frame).areas == sorted(AREAS)


def test_codes_of_areas_are_areas_beside_a_column_of_measures() -> None:
    codes = FRAME["Area"].map({area: f"S1200000{number}" for number, area in enumerate(AREAS)})
    long = pd.DataFrame({"FeatureCode": codes, "DateCode": FRAME["Year"]})
    frame = pd.concat(
        [long.assign(Measurement=kind, Value=FRAME["Trust"], Units=f"of {kind}") for kind in ("Count", "Ratio")]
    )
    roles = guessed_roles(read(frame))
    assert (roles.area, roles.period) == ("FeatureCode", "DateCode")


@pytest.mark.parametrize("name", ["Einwohner", "Bev\u00f6lkerung", "Poblaci\u00f3n"])
def test_residents_are_known_in_other_languages(name: str) -> None:
    assert guessed_roles(read(with_column(["1200", "3400"], name))).population == name


def test_records_are_refused_with_what_to_do() -> None:
    with pytest.raises(UserPanelError, match="If each row is one record, such as a crime or an answer, count them by"):
        shaped(pd.concat([FRAME.assign(Trust=[f"{row}.{n}5" for row in range(len(FRAME))]) for n in range(4)]))


def test_numbered_columns_of_one_row_for_each_area_are_named_with_what_to_do() -> None:
    wide = pd.DataFrame({"id": [f"k{number}k" for number in range(9)], "trust_1": range(9), "trust_2": range(2, 11)})
    with pytest.raises(UserPanelError, match=r"If trust_1, trust_2 are of several times, .*\(trust_wave1\)"):
        shaped(wide)
    found = shaped(wide.rename(columns={"trust_1": "t1_trust", "trust_2": "t2_trust"}))
    assert found.periods == ["1", "2"]


def test_totals_of_a_turned_table_are_found() -> None:
    rows = [[1000 * place + 37 * time * (place + 1) for time in range(len(YEARS))] for place in range(1, 6)]
    rows.insert(2, [one + other for one, other in zip(*rows[:2], strict=True)])
    found = read(pd.DataFrame(rows, columns=list(YEARS)).astype("str").assign(Area=list("ABXCDE")))
    assert totals(found, "Area", "Period") == ["X"]


def test_people_are_areas_beside_their_answers() -> None:
    people = range(1, 13)
    rows = [(who, wave, ("Yes", "No")[(who + wave) % 2], "NS"[who % 2], 3) for who in people for wave in (1, 2, 3)]
    frame = pd.DataFrame(rows, columns=["pidp", "wave", "victim", "region", "life"])
    roles = guessed_roles(read(frame))
    assert (roles.area, roles.period) == ("pidp", "wave")


def test_questions_numbered_beyond_four_are_no_quarters() -> None:
    questions = {f"Q{number}": [str(number + row % 3) for row in range(len(FRAME))] for number in range(1, 6)}
    assert read(FRAME.assign(**questions)).turned is None
    assert read(FRAME.assign(**{name: questions[name] for name in ("Q1", "Q2", "Q3", "Q4")})).turned is not None


def test_measure_with_a_figure_in_its_name_is_told_from_the_period() -> None:
    names = [f"{measure} {year}" for measure in ("Number", "Rate per 1,000") for year in ("2015/16", "2016/17")]
    wide = pd.DataFrame({"Area": list(AREAS), **{name: [str(place)] * 6 for place, name in enumerate(names)}})
    panel = shaped(wide)
    assert panel.periods == ["2015/16", "2016/17"]
    assert panel.frame[["Number", "Rate per 1,000"]].head(2).to_numpy().tolist() == [[0, 2], [1, 3]]
