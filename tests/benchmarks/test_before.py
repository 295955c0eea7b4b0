from benchmarks.before import changes, rows
from benchmarks.measuring import Row, lines


def printed(*values: float, name: str = "glossary: first render") -> str:
    return "\n".join(
        ["This machine counts to 10 in 1 ms.", "", "Pages", *lines(Row(name, v, "ms", 250) for v in values)]
    )


def test_rows_reads_what_benchmarks_print() -> None:
    shown = lines(
        [Row("a", 1234.5, "ms", most=1), Row("b, 95th percentile", 0.25, "kB"), Row("curve", 50, "x", least=2)]
    )
    assert list(rows("\n".join(shown))) == [("a", "ms", 1234.5), ("b, 95th percentile", "kB", 0.25)]


def test_changes_compares_the_medians_of_the_turns() -> None:
    (change,) = changes([printed(10), printed(12), printed(90)], [printed(11), printed(13), printed(80)])
    assert (change.before, change.now, change.worse) == (12, 13, False)
    assert change.line.endswith("1.08")


def test_changes_marks_what_is_slower_in_every_turn() -> None:
    (change,) = changes([printed(10), printed(12)], [printed(14), printed(30)])
    assert change.worse
    (noise,) = changes([printed(10), printed(12)], [printed(13), printed(30)])
    assert not noise.worse


def test_changes_leaves_out_what_one_version_does_not_measure() -> None:
    assert changes([printed(10, name="old")], [printed(10, name="new")]) == []
