import numpy as np
import pytest

from core.london.forecasting.intervals import LEVELS, TRUST_IN_MODEL, calibration, past_errors, typical_error
from core.london.forecasting.simple import no_change

NAN = np.nan


def test_levels_are_normal_quantiles() -> None:
    from scipy.special import ndtri

    assert {level: ndtri(0.5 + level / 200) for level in LEVELS} == pytest.approx(LEVELS)


def test_past_errors_use_only_earlier_figures() -> None:
    values = np.arange(8.0)[:, None] ** 2
    errors = past_errors(values, 2, no_change)
    assert errors.shape == (4, 2, 1)
    assert errors[:, 0, 0].tolist() == [16 - 9, 25 - 16, 36 - 25, 49 - 36]
    assert errors[:3, 1, 0].tolist() == [25 - 9, 36 - 16, 49 - 25]
    assert np.isnan(errors[3, 1, 0])


def test_typical_error_never_falls_with_the_horizon() -> None:
    errors = np.array([[[0.03, -0.03], [0.01, 0.01], [NAN, NAN]]])
    assert typical_error(errors) == pytest.approx([0.03, 0.03, 0.03 * np.sqrt(1.5)])


def test_calibration_with_few_errors_is_shrunk_to_the_model() -> None:
    assert calibration(np.full((3, 2, 4), NAN)).tolist() == [1.0, 1.0]
    twice = np.full((12, 1, 4), 2.0)
    assert calibration(twice) == pytest.approx([np.sqrt((TRUST_IN_MODEL + 12 * 4) / (TRUST_IN_MODEL + 12))])
    assert calibration(twice[:1]) < calibration(twice)


def test_calibration_does_not_depend_on_number_of_boroughs() -> None:
    few, many = np.full((5, 1, 2), 1.5), np.full((5, 1, 60), 1.5)
    assert calibration(few) == pytest.approx(calibration(many))
