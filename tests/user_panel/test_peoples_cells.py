"""Numbers as people write them: read by one convention for a file, or named as left out."""

import numpy as np
import pandas as pd
import pytest

from core.sources.files.numbers import NUMBER
from core.sources.files.periods import is_period
from core.user_panel.panel import guessed_roles, usable_outcomes
from core.user_panel.read import UserPanelError
from tests.user_panel.peoples_files import as_text, read, table, with_column


def spend(written: list[str], separator: str = ",") -> tuple[list[float], str]:
    """The first values of a column with `written` cells, and what was said of it."""
    found = read(as_text(with_column(written), separator))
    said = " ".join(note for note in found.notes if note.startswith("Spend"))
    return found.frame["Spend"].head(len(written)).tolist(), said


@pytest.mark.parametrize(
    ("written", "values"),
    [
        (["79.553,24", "18.558,15", "9,5"], [79553.24, 18558.15, 9.5]),
        (["8.548", "50,5"], [8548.0, 50.5]),
        (["1.234.567", "12"], [1234567.0, 12.0]),
        (["1 234,5", "0,25"], [1234.5, 0.25]),
        (["53,6%", "50,5%"], [0.536, 0.505]),
    ],
)
def test_numbers_with_decimal_commas_have_points_between_thousands(written: list[str], values: list[float]) -> None:
    frame = with_column(written)
    frame["Trust"] = frame["Trust"].str.replace(".", ",")
    found = read(as_text(frame, ";"))
    assert found.frame["Spend"].head(len(values)).tolist() == pytest.approx(values)
    assert any("commas are read as decimal points" in note for note in found.notes)


@pytest.mark.parametrize(
    ("written", "values"),
    [
        (["8,548", "50.5"], [8548.0, 50.5]),
        (["1,234,567", "12"], [1234567.0, 12.0]),
        (["12,34,567.5", "1"], [1234567.5, 1.0]),
        (["1'000", "2"], [1000.0, 2.0]),
        (["\u22125.5", "\u20133", "-2", "4-"], [-5.5, -3.0, -2.0, -4.0]),
        (["(47,237)", "85,633", "($1.5)"], [-47237.0, 85633.0, -1.5]),
        (["\u00a382,492", "-\u00a35", "\u20ac 3", "12 EUR"], [82492.0, -5.0, 3.0, 12.0]),
        (["50.8 [p]", "53.6r", "7 (e)", "1,000*", "3\u2020"], [50.8, 53.6, 7.0, 1000.0, 3.0]),
        (["1e5", "2.5E-3"], [1e5, 2.5e-3]),
        (["\u00a3(51.6)", "(\u00a33)", "2"], [-51.6, -3.0, 2.0]),
        (
            ["5 [note 1][note 2]", "6 [notes 1, 2]", "7 [r] [p]", "8 bep", "9\u2074\u00b2", "4\u00a7"],
            [5, 6, 7, 8, 9, 4],
        ),
        (["\uff15\uff11\uff0e\uff16", "2"], [51.6, 2.0]),
    ],
)
def test_numbers_with_signs_currency_and_flags_are_read(written: list[str], values: list[float]) -> None:
    assert spend(written)[0] == pytest.approx(values)


@pytest.mark.parametrize("unit", ["5.2bn", "5 run", "3 bed", "6 def", "5 per", "5.2m"])
def test_numbers_with_a_unit_in_letters_are_no_flagged_numbers(unit: str) -> None:
    assert NUMBER.fullmatch(unit) is None
    assert NUMBER.fullmatch("51.6 bep") is not None


MARKS = """.. ... . - -- : * ** x [c] [x] [z] [low] [u] <5 <=10 n/a N/A NA #N/A #DIV/0! #VALUE! nan null None c z ~
    inf -inf suppressed"""
PHRASES = (
    "[c] [note 2]",
    "x [note 2]",
    "5 or fewer",
    "Err:502",
    "not available",
    "< 5",
    "fewer than 5",
    "\u2013",
    "\u2014",
    ": c",
    "\u22645",
    "no data",
    ">95",
)


@pytest.mark.parametrize("mark", [*MARKS.split(), *PHRASES])
def test_marks_for_missing_numbers_are_missing_and_counted(mark: str) -> None:
    values, said = spend(["1.5", mark, "2"])
    assert np.isnan(values[1])
    assert (values[0], values[2]) == (1.5, 2.0)
    assert f"12 cells marked {mark} count as missing" in said


def test_column_with_many_marks_stays_one_of_numbers() -> None:
    values, said = spend(["..", ":", "[c]", "7"])
    assert values[3] == 7
    assert np.isnan(values[:3]).all()
    assert "27 cells marked" in said


@pytest.mark.parametrize(
    ("written", "values"),
    [
        (["50.5", "53.6%"], [0.505, 0.536]),
        (["0.5", "53.6%"], [0.5, 0.536]),
        (["10%", "20 per cent"], [0.1, 0.2]),
    ],
)
def test_percentages_in_a_column_are_on_one_scale_and_said(written: list[str], values: list[float]) -> None:
    found, said = spend(written)
    assert found == pytest.approx(values)
    assert "read as shares" in said


def test_percentages_that_may_be_on_two_scales_are_left_out_and_named() -> None:
    found = read(with_column(["0.6%", "0.5"]))
    assert "Spend" in found.texts
    assert any(note.startswith("Spend: kept as text") for note in found.notes)


@pytest.mark.parametrize("pair", [("TRUE", "FALSE"), ("Yes", "No"), ("true", "false"), ("Y", "N"), ("T", "F")])
def test_truths_are_one_and_zero_and_can_be_chosen(pair: tuple[str, str]) -> None:
    found = read(with_column(list(pair), "Reformed"))
    assert found.frame["Reformed"].head(2).tolist() == [1, 0]
    assert "Reformed" in usable_outcomes(found, guessed_roles(found))
    assert any(note.startswith("Reformed: ") and "is 1 and" in note for note in found.notes)


def test_codes_keep_their_zeros_and_are_no_outcomes() -> None:
    found = read(with_column(["01", "02", "10"], "Class"))
    assert found.frame["Class"].head(3).tolist() == ["01", "02", "10"]
    assert "Class" not in usable_outcomes(found, guessed_roles(found))
    assert any(note.startswith("Class: kept as text") for note in found.notes)


def test_numbers_too_long_for_their_digits_stay_text() -> None:
    found = read(with_column(["12345678901234567", "12345678901234568"], "Id"))
    assert "Id" in found.texts


def test_text_among_numbers_is_named_when_the_column_is_left_out() -> None:
    found = read(with_column(["1", "2", "about ten", "about five", "about six"]))
    assert "Spend" in found.texts
    assert "Spend: kept as text, because 21 of its cells, such as 'about ten', are not read as numbers." in found.notes


def test_text_in_the_smaller_part_of_a_column_is_missing_and_counted() -> None:
    found = read(with_column(["1", "2", "about ten"]))
    assert "Spend: 12 cells such as 'about ten' are no numbers and count as missing." in found.notes


def test_decimals_that_the_cells_leave_open_are_asked_for() -> None:
    frame = with_column(["8.548", "9.125"]).drop(columns="Trust")
    with pytest.raises(UserPanelError, match=r"Spend: 8.548 can be 8548 or 8.548; choose how the file writes decimals"):
        read(as_text(frame, ";"))
    for sign, value in ((",", 8548), (".", 8.548)):
        assert read(as_text(frame, ";"), decimal=sign).frame["Spend"].iloc[0] == value


def test_decimals_in_two_conventions_are_refused_with_both_columns() -> None:
    frame = with_column(["1,5", "2,25"])
    with pytest.raises(UserPanelError, match=r"Trust writes decimals with a point .* and Spend with a comma \(1,5\)"):
        read(as_text(frame, ";"))


def test_days_with_points_do_not_decide_how_decimals_are_written() -> None:
    frame = table(["31.03.2017", "30.06.2017"], "Date").assign(Spend="1,234")
    assert read(as_text(frame)).frame["Spend"].iloc[0] == 1234


def test_parquet_truths_and_days_are_read() -> None:
    frame = pd.DataFrame(
        {"Area": ["a", "a", "b", "b"], "Day": pd.to_datetime(["2017-03-31", "2017-06-30"] * 2), "Y": [1.5, 2, 3, 4]}
    ).assign(Reformed=[True, False, True, True])
    buffer = __import__("io").BytesIO()
    frame.to_parquet(buffer)
    found = read(buffer.getvalue(), "mine.parquet")
    assert found.frame["Reformed"].tolist() == [1, 0, 1, 1]
    assert found.cells["Day"].tolist()[:2] == ["2017-03-31", "2017-06-30"]


def test_number_beyond_all_numbers_is_missing_and_said() -> None:
    values, said = spend(["1e400", *["2"] * 11])
    assert np.isnan(values[0])
    assert "3 cells such as '1e400' are no numbers and count as missing" in said


def test_yes_and_no_among_ones_and_zeros_are_not_taken_for_missing() -> None:
    found = read(with_column(["1", "0", "1", "0", "Yes", "No"]))
    assert "Spend" in found.texts
    assert any(note.startswith("Spend: kept as text") for note in found.notes)


def test_dash_after_a_number_is_a_minus_sign_and_said() -> None:
    values, said = spend(["5-", "3"])
    assert values == [-5, 3]
    assert "a dash after a number is read as a minus sign (5-)" in said


def test_billions_are_no_flag() -> None:
    assert "Spend" in read(with_column(["1.2B", "3"])).texts


def test_decimals_of_powers_of_ten_need_no_choice() -> None:
    frame = with_column(["5,160E+03", "1,234E+02"]).drop(columns="Trust")
    assert read(as_text(frame, ";")).frame["Spend"].head(2).tolist() == [5160, 123.4]


def test_brackets_around_one_digit_are_a_minus_sign_and_no_mark() -> None:
    values, said = spend(["(5)", "3"])
    assert values == [-5, 3]
    assert "missing" not in said


def test_days_and_months_are_no_numbers_with_flags() -> None:
    assert "Spend" in read(with_column(["5 feb", "6 feb", "1 sep"])).texts


def test_numbers_below_zero_are_no_years() -> None:
    assert not is_period("-2015")
    assert read(with_column(["-2015", "-2016"])).frame["Spend"].iloc[0] == -2015


def test_quotation_marks_inside_a_cell_after_a_space_stay() -> None:
    content = as_text(table()).replace(b"Alder,", b' "old" Alder,').replace(b"Bracken,", b'Br "x" en,')
    areas = set(read(content).cells["Area"])
    assert {'"old" Alder', 'Br "x" en'} <= areas
