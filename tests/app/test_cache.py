"""Results cached for all visitors, and their keys: the same for equal arguments and for no others."""

import gc
import pickle
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Event

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.app.cache import cached, cached_keys, clear, key, max_entries
from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.panel import london_panel
from core.questions.question import RECOMMENDED
from core.stats.regression import fit
from core.tables.catalogue import load_catalogue
from core.tables.panel import Panel

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.tuples(inner, inner) | st.lists(inner, max_size=3).map(tuple),
    max_leaves=8,
)
SPEC = LONDON_OUTCOMES.presets[RECOMMENDED]


def test_max_entries_returns_limit_from_environment_or_default() -> None:
    assert max_entries({}) == 1000
    assert max_entries({"EXPLORER_KEPT": "100"}) == 100


@pytest.mark.parametrize("setting", ["", "0", "-5", "many", "1.5", "²", "٣"])
def test_max_entries_with_invalid_number_names_the_setting(setting: str) -> None:
    with pytest.raises(ValueError, match="EXPLORER_KEPT says how many results are kept"):
        max_entries({"EXPLORER_KEPT": setting})


def test_cached_computes_once_and_evicts_least_recently_used() -> None:
    asked = []

    @cached(2)
    def twice(number: float, note: str = "") -> float:
        asked.append((number, note))
        return 2 * number

    assert [twice(1), twice(2), twice(1), twice(3), twice(1), twice(2)] == [2, 4, 2, 6, 2, 4]
    assert [number for number, _ in asked] == [1, 2, 3, 2]
    twice(1, version="another", note="not part of the key")
    twice(1, version="another", note="")
    twice(1.0)  # equal, but shown in another way
    assert asked[-2:] == [(1, "not part of the key"), (1.0, "")]


def test_cached_with_copies_returns_independent_results() -> None:
    copied, shared = cached(4, copies=True)(_rows), cached(4)(_rows)
    copied(3).append(99)
    assert copied(3) == [0, 1, 2]
    assert shared(3) is shared(3)


def _rows(count: int) -> list[int]:
    return list(range(count))


def test_cached_does_not_cache_errors() -> None:
    fails = iter([True, False])

    @cached(2, copies=True)
    def once_wrong() -> str:
        if next(fails):
            raise ValueError("not yet")
        return "right"

    with pytest.raises(ValueError, match="not yet"):
        once_wrong()
    assert [once_wrong(), once_wrong()] == ["right", "right"]


def test_cached_with_concurrent_equal_calls_computes_once() -> None:
    begun, go, asked = Event(), Event(), []

    @cached(4)
    def slow(number: int) -> int:
        asked.append(number)
        begun.set()
        assert go.wait(60)
        return number

    @cached(4)
    def quick(number: int) -> int:
        return number

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(slow, 1)
        assert begun.wait(60)
        second = threads.submit(slow, 1)
        assert quick(1) == 1  # nobody else waits
        go.set()
        assert (first.result(60), second.result(60)) == (1, 1)
    assert asked == [1]


def test_cached_after_eviction_frees_memory() -> None:
    """There are countless choices, and the process runs for months."""

    @cached(10)
    def small(number: int) -> int:
        return number

    def in_use_after(start: int) -> int:
        for number in range(start, start + 2000):
            small(number)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before, after = in_use_after(0), in_use_after(2000)
    finally:
        tracemalloc.stop()
    assert after - before < 20_000  # a lock for every key would be 400,000


def test_clear_empties_what_cached_keys_lists() -> None:
    small = cached(10)(_rows)
    small(5)
    name = f"{__name__}._rows"
    assert (name, key(((5,), ""))) in set(cached_keys())
    clear()
    assert not list(cached_keys())


@given(PLAIN, PLAIN)
def test_key_differs_exactly_where_values_differ(one: object, other: object) -> None:
    assert (key((one,)) == key((other,))) == (repr(one) == repr(other))


@given(PLAIN)
def test_key_of_equal_values_ignores_object_identity(value: object) -> None:
    again = pickle.loads(pickle.dumps(value))
    assert key((value, value)) == key((value, again)) == key((again, value))


def test_key_of_model_and_fit_depends_on_content() -> None:
    found = fit(london_panel(), SPEC, wild=False)
    assert key((found, SPEC)) == key((pickle.loads(pickle.dumps(found)), replace(SPEC)))
    assert key((SPEC,)) != key((replace(SPEC, lag=SPEC.lag + 1),))


@pytest.mark.parametrize("row", [0, 59_999])
def test_key_of_large_table_depends_on_every_row(row: int) -> None:
    rows = pd.DataFrame({"area": [f"area {at}" for at in range(60_000)], "crimes": np.arange(60_000.0)})
    other = rows.assign(crimes=rows["crimes"].where(rows.index != row, -1.0))
    assert key((rows,)) == key((rows.copy(),)) != key((other,))
    assert key((rows,)) != key((rows.rename(columns={"crimes": "thefts"}),))


def test_key_of_panel_depends_on_object_identity() -> None:
    one, other = (Panel(london_panel().frame.head(40)) for _ in range(2))
    assert key((one,)) == key((one,)) != key((other,))
    assert len(key((one,))) < 200
    before = key((other,))
    del other
    gc.collect()
    assert key((Panel(one.frame),)) != before  # not even where it lies in the same place


def test_key_of_function_depends_on_its_name() -> None:
    assert key((fit,)) == key((fit,)) != key((london_panel,))
    assert key((partial(fit, wild=False),)) != key((partial(fit, wild=True),))
    assert key((fit,)) != key((f"{fit.__module__}.{fit.__qualname__}",))


@pytest.mark.parametrize("nameless", [lambda: 1, partial(lambda: 1)])
def test_key_of_nameless_function_raises_value_error(nameless: object) -> None:
    with pytest.raises(ValueError, match="no name of its own"):
        key((nameless,))


def test_key_of_catalogue_depends_on_version_and_studies() -> None:
    catalogue = load_catalogue()
    assert key((catalogue,)) == key((replace(catalogue),)) != key((replace(catalogue, version="another"),))
    assert key((catalogue.of("london"),)) != key((catalogue,))
