"""What is kept for all, and its keys: the same for equal arguments, however they came about, and for no others."""

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


def test_how_much_is_kept_can_be_told() -> None:
    assert max_entries({}) == 1000
    assert max_entries({"EXPLORER_KEPT": "100"}) == 100


@pytest.mark.parametrize("setting", ["", "0", "-5", "many", "1.5", "²", "٣"])
def test_what_is_no_number_of_results_is_refused_by_name(setting: str) -> None:
    with pytest.raises(ValueError, match="EXPLORER_KEPT says how many results are kept"):
        max_entries({"EXPLORER_KEPT": setting})


def test_what_is_kept_is_worked_out_once_and_the_longest_unasked_for_goes_first() -> None:
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


def test_a_copy_may_be_changed_and_what_is_shared_is_one_object() -> None:
    copied, shared = cached(4, copies=True)(_rows), cached(4)(_rows)
    copied(3).append(99)
    assert copied(3) == [0, 1, 2]
    assert shared(3) is shared(3)


def _rows(count: int) -> list[int]:
    return list(range(count))


def test_an_error_is_not_kept() -> None:
    fails = iter([True, False])

    @cached(2, copies=True)
    def once_wrong() -> str:
        if next(fails):
            raise ValueError("not yet")
        return "right"

    with pytest.raises(ValueError, match="not yet"):
        once_wrong()
    assert [once_wrong(), once_wrong()] == ["right", "right"]


def test_who_asks_for_what_is_being_worked_out_waits_for_it() -> None:
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


def test_what_is_let_go_leaves_nothing_behind() -> None:
    """Choices are without number, and the process runs for months."""

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


def test_what_is_kept_is_listed_by_function_and_can_be_forgotten() -> None:
    small = cached(10)(_rows)
    small(5)
    name = f"{__name__}._rows"
    assert (name, key(((5,), ""))) in set(cached_keys())
    clear()
    assert not list(cached_keys())


@given(PLAIN, PLAIN)
def test_a_key_tells_values_apart(one: object, other: object) -> None:
    assert (key((one,)) == key((other,))) == (repr(one) == repr(other))


@given(PLAIN)
def test_equal_values_have_one_key_whether_they_are_one_object_or_two(value: object) -> None:
    again = pickle.loads(pickle.dumps(value))
    assert key((value, value)) == key((value, again)) == key((again, value))


def test_a_model_and_what_it_found_are_told_by_what_they_hold() -> None:
    found = fit(london_panel(), SPEC, wild=False)
    assert key((found, SPEC)) == key((pickle.loads(pickle.dumps(found)), replace(SPEC)))
    assert key((SPEC,)) != key((replace(SPEC, lag=SPEC.lag + 1),))


@pytest.mark.parametrize("row", [0, 59_999])
def test_a_large_table_is_told_by_every_row(row: int) -> None:
    rows = pd.DataFrame({"area": [f"area {at}" for at in range(60_000)], "crimes": np.arange(60_000.0)})
    other = rows.assign(crimes=rows["crimes"].where(rows.index != row, -1.0))
    assert key((rows,)) == key((rows.copy(),)) != key((other,))
    assert key((rows,)) != key((rows.rename(columns={"crimes": "thefts"}),))


def test_large_objects_that_all_share_are_told_by_which_one_it_is() -> None:
    one, other = (Panel(london_panel().frame.head(40)) for _ in range(2))
    assert key((one,)) == key((one,)) != key((other,))
    assert len(key((one,))) < 200
    before = key((other,))
    del other
    gc.collect()
    assert key((Panel(one.frame),)) != before  # not even where it lies in the same place


def test_functions_are_told_by_their_names() -> None:
    assert key((fit,)) == key((fit,)) != key((london_panel,))
    assert key((partial(fit, wild=False),)) != key((partial(fit, wild=True),))
    assert key((fit,)) != key((f"{fit.__module__}.{fit.__qualname__}",))


@pytest.mark.parametrize("nameless", [lambda: 1, partial(lambda: 1)])
def test_a_function_without_a_name_of_its_own_is_refused(nameless: object) -> None:
    with pytest.raises(ValueError, match="no name of its own"):
        key((nameless,))


def test_words_are_told_by_their_version_and_studies() -> None:
    catalogue = load_catalogue()
    assert key((catalogue,)) == key((replace(catalogue),)) != key((replace(catalogue, version="another"),))
    assert key((catalogue.of("london"),)) != key((catalogue,))
