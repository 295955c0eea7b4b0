import pytest

from core.stats.robustness import Word, answer_by_rule


@pytest.mark.parametrize(
    ("recommended", "alternatives", "joint_p", "word"),
    [
        (1, [1] * 10, 0.01, "clear"),
        (1, [1] * 9 + [0], 0.04, "clear"),
        (1, [1] * 8 + [0] * 2, 0.01, "depends"),
        (1, [1] * 11 + [0] * 2, 0.01, "depends"),
        (1, [1] * 19 + [-1], 0.01, "depends"),
        (1, [1] * 10, 0.05, "depends"),
        (1, [1] * 10, float("nan"), "depends"),
        (0, [0] * 10, 0.5, "none"),
        (0, [0] * 10, float("nan"), "none"),
        (0, [0] * 12 + [1], 0.5, "none"),
        (0, [0] * 10 + [1, -1], 0.5, "depends"),
        (0, [0] * 10, 0.01, "depends"),
        (0, [], 0.5, "none"),
        (1, [], 0.01, "clear"),
    ],
)
def test_answer_by_rule_of_known_cases(recommended: int, alternatives: list[int], joint_p: float, word: Word) -> None:
    assert answer_by_rule(recommended, alternatives, joint_p) == word
    mirrored = [-sign for sign in alternatives]
    assert answer_by_rule(-recommended, mirrored, joint_p) == word
