import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.stats.ranks import DRAWS, SEED, Ranks, own_share, place_range, ranks

SOME = st.integers(2, 12).flatmap(
    lambda areas: st.tuples(
        st.lists(st.integers(0, 100), min_size=areas, max_size=areas),
        st.lists(st.integers(0, 20), min_size=areas, max_size=areas),
    )
)


def named(*figures: float) -> pd.Series:
    return pd.Series([*figures], index=[f"Area {number}" for number in range(len(figures))], dtype="float64")


def parts(found: Ranks) -> list[list[int]]:
    return [series.tolist() for series in (found.rank, found.low, found.high)]


def test_ranks_with_figures_far_apart_are_certain() -> None:
    found = ranks(named(0.2, 0.9, 0.5), 0.01)
    assert parts(found) == [[3, 1, 2]] * 3
    assert found.rank.index.tolist() == ["Area 0", "Area 1", "Area 2"]


def test_ranks_with_equal_figures_and_errors_span_all_places() -> None:
    found = ranks(named(*[0.5] * 9), 0.1)
    assert found.rank.tolist() == [1] * 9
    # Every place is as likely: a tenth of nine places at each end is the first and the last.
    assert found.low.tolist() == [1] * 9
    assert found.high.tolist() == [9] * 9


@given(SOME)
def test_ranks_are_those_that_pandas_gives_to_the_same_draws(drawn: tuple[list[int], list[int]]) -> None:
    figures, sds = named(*drawn[0]), pd.Series(drawn[1], dtype="float64")
    noise = np.random.default_rng(SEED).standard_normal((DRAWS, len(figures)))
    ranked = pd.DataFrame(figures.to_numpy() + noise * sds.to_numpy()).rank(axis=1, ascending=False, method="min")
    low, high = (ranked.quantile(level, interpolation="nearest").to_numpy() for level in (0.1, 0.9))
    middle = figures.rank(ascending=False, method="min").to_numpy()
    assert parts(ranks(figures, sds)) == [
        each.tolist() for each in (middle, np.minimum(low, middle), np.maximum(high, middle))
    ]


def test_ranks_intervals_are_symmetric_about_the_middle() -> None:
    found = ranks(named(*np.linspace(0.6, 0.4, 21)), 0.03)
    mirrored = 22 - found.high.to_numpy()[::-1]
    assert np.abs(found.low.to_numpy() - mirrored).max() <= 1
    middle = found.rank.to_numpy()[10]
    assert middle == 11
    assert middle - found.low.iloc[10] == pytest.approx(found.high.iloc[10] - middle, abs=1)
    assert 2 <= middle - found.low.iloc[10] <= 8


def test_ranks_of_two_areas_overlap_as_their_errors_imply() -> None:
    """A tenth of a normal difference lies below zero where its mean is 1.28 of its standard deviations."""
    apart = 0.02 * np.sqrt(2)
    assert parts(ranks(named(0.5 + 1.2 * apart, 0.5), 0.02)) == [[1, 2], [1, 1], [2, 2]]
    assert parts(ranks(named(0.5 + 1.4 * apart, 0.5), 0.02)) == [[1, 2], [1, 2], [1, 2]]


def test_ranks_with_tied_figures_share_the_better_rank() -> None:
    found = ranks(named(0.5, 0.7, 0.5, 0.3), 0.0)
    assert parts(found) == [[2, 1, 2, 4]] * 3


def test_ranks_with_larger_error_have_a_wider_interval() -> None:
    found = ranks(named(0.40, 0.44, 0.48, 0.52, 0.56, 0.60), named(0.001, 0.001, 0.2, 0.001, 0.001, 0.001))
    widths = (found.high - found.low).tolist()
    assert max(widths) == widths[2] == 5
    assert max(widths[:2] + widths[3:]) <= 1


def test_ranks_change_from_counts_places_gained() -> None:
    found = ranks(named(0.5, 0.9, 0.2), 0.01)
    change = found.change_from(pd.Series([1, 3, 2], index=found.rank.index))
    assert change.to_dict("list") == {"gained": [-1, 2, -1], "low": [-1, 2, -1], "high": [-1, 2, -1]}


@given(drawn=SOME)
def test_ranks_lie_in_their_intervals_and_within_the_number_of_areas(drawn: tuple[list[int], list[int]]) -> None:
    figures, sds = (named(*values) / 100 for values in drawn)
    found = ranks(figures, sds)
    assert (found.low <= found.rank).all()
    assert (found.rank <= found.high).all()
    assert (found.low >= 1).all()
    assert (found.high <= len(figures)).all()
    assert found.rank.tolist() == [1 + int((figures > figure).sum()) for figure in figures]


@given(drawn=SOME, shift=st.integers(-8, 8))
def test_ranks_with_all_figures_shifted_are_unchanged(drawn: tuple[list[int], list[int]], shift: int) -> None:
    # In steps of 1/64, so that the shift is exact.
    figures, sds = (named(*values) / 64 for values in drawn)
    assert parts(ranks(figures + shift, sds)) == parts(ranks(figures, sds))


def test_ranks_with_the_same_figures_are_reproducible() -> None:
    figures = named(*np.linspace(0.5, 0.6, 20))
    assert parts(ranks(figures, 0.05)) == parts(ranks(figures, 0.05))


@pytest.mark.parametrize(("shared", "own"), [(0.0, 1.0), (1.0, 1.0), (1.0, 0.5), (2.0, 0.1)])
def test_own_share_agrees_with_simulated_errors(shared: float, own: float) -> None:
    rng = np.random.default_rng(0)
    errors = pd.DataFrame(shared * rng.normal(size=(4000, 1)) + own * rng.normal(size=(4000, 32)))
    assert own_share(errors) == pytest.approx(own**2 / (own**2 + shared**2), rel=0.08)


def test_own_share_with_missing_errors_leaves_them_out() -> None:
    rng = np.random.default_rng(1)
    errors = pd.DataFrame(rng.normal(size=(2000, 1)) + rng.normal(size=(2000, 32)))
    errors = errors.mask(rng.random(errors.shape) < 0.2)
    assert own_share(errors) == pytest.approx(0.5, rel=0.08)


def drawn_range(figures: np.ndarray, errors: np.ndarray, own: int, level: float) -> tuple[float, float]:
    drawn = figures + errors * np.random.default_rng(1).standard_normal((4000, len(figures)))
    ranked = 1 + (drawn > drawn[:, [own]]).sum(axis=1)
    low, high = np.quantile(ranked, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


@pytest.mark.parametrize("count", [5, 30, 400])
@pytest.mark.parametrize("level", [0.8, 0.95])
@pytest.mark.parametrize("place", [0.0, 0.3, 1.0])
def test_place_range_agrees_with_drawing(count: int, level: float, place: float) -> None:
    rng = np.random.default_rng(count)
    figures, errors = np.sort(rng.normal(size=count))[::-1], rng.uniform(0.05, 0.4, count)
    own = round(place * (count - 1))
    found, drawn = place_range(figures, errors, own, level), drawn_range(figures, errors, own, level)
    assert found == pytest.approx(drawn, abs=max(1.0, 0.02 * count))


def test_place_range_of_figures_far_apart_is_one_place() -> None:
    figures = np.array([3.0, 1.0, 2.0])
    found = [place_range(figures, np.full(3, 0.01), own, 0.95) for own in range(3)]
    assert found == [(1, 1), (3, 3), (2, 2)]


def test_place_range_widens_with_the_error_and_stays_inside() -> None:
    figures = np.linspace(1, 0, 50)
    widths = [np.subtract(*place_range(figures, np.full(50, error), 25, 0.95)[::-1]) for error in (0.01, 0.1, 1.0, 9.0)]
    assert widths == sorted(widths)
    low, high = place_range(figures, np.full(50, 99.0), 25, 0.95)
    assert 1 <= low <= 3
    assert 48 <= high <= 50
