import math

from hypothesis import given
from hypothesis import strategies as st

from core.claims import repeats
from core.claims.findings import written_number
from core.london.claims import CLAIMS
from tests.claims.cases import finding

numbers = st.floats(-1e3, 1e3, allow_nan=False)
decimals = st.integers(0, 8)


@given(numbers, decimals)
def test_repeats_of_own_rounded_value_is_true(value: float, places: int) -> None:
    assert repeats(value, round(value, places), places)


@given(numbers, decimals, st.sampled_from((-1, 1)), st.floats(0.501, 1e3))
def test_repeats_with_more_than_half_a_unit_off_is_false(value: float, places: int, sign: int, units: float) -> None:
    reported = round(value, places)
    assert not repeats(reported + sign * units * 10.0**-places, reported, places)


@given(numbers, decimals)
def test_repeats_of_written_number_is_true(value: float, places: int) -> None:
    written = float(written_number(value, places))
    assert repeats(value, written, places)
    assert math.copysign(1, written) == 1 or written < 0


def test_repeats_uses_precision_of_the_report() -> None:
    assert repeats(-0.044116, -0.0441, 4)
    assert not repeats(-0.04416, -0.0441, 4)
    assert repeats(-0.04416, -0.04, 2)
    assert repeats(-5.5787e-05, -5.579e-05, 8)
    assert not repeats(-5.57e-05, -5.579e-05, 8)


def test_finding_reported_has_text_for_file_and_page() -> None:
    sentence = finding(-1234.5, 2, note="by hand").reported
    assert (sentence.file, sentence.page, sentence.note) == (
        "-1234.50",
        "\N{MINUS SIGN}1,234.50",
        "coefficient; by hand",
    )
    assert finding(text="negative").reported.headline == "negative"


def test_finding_negative_follows_number_or_text() -> None:
    assert finding(-0.1, 1).negative
    assert not finding(0.1, 1).negative
    assert finding(text="negative").negative
    assert not finding(text="positive").negative


def test_claim_text_has_no_digits() -> None:
    ages = ("18 to 34s", "35 to 49s", "50 and over", "under-18s")
    for claim in CLAIMS:
        text = claim.text
        for age in ages:
            text = text.replace(age, "")
        assert not any(letter.isdigit() for letter in text), claim.id
