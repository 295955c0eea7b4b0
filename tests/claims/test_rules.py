import itertools

import pytest

from core.claims import RULES, Evidence, Seen, Statement, Verdict, rule_for
from core.claims.report import rules_text

SEEN = Seen("data")


def evidence(**found: object) -> Evidence:
    return Evidence(Statement("1.0"), SEEN, Statement("2.0"), because="something decides", **found)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "verdict", "reason"),
    [
        ({"missing": "the ages"}, Verdict.CANNOT_BE_CHECKED, "It cannot be checked: the ages."),
        (
            {"repeats": False, "stands": True},
            Verdict.NOT_REPRODUCED,
            "It cannot be reproduced: repeating the study's steps on the same data gives 2.0, not 1.0.",
        ),
        (
            {"repeats": True},
            Verdict.STANDS_UP,
            "It can be reproduced to every digit reported, and is a simple count, which needs no model.",
        ),
        (
            {"repeats": True, "stands": False},
            Verdict.NOT_SUPPORTED,
            "It can be reproduced as published, but something decides.",
        ),
        (
            {"repeats": True, "stands": True},
            Verdict.STANDS_UP,
            "It can be reproduced as published, and something decides.",
        ),
    ],
)
def test_rule_for_gives_verdict_and_reason(found: dict[str, object], verdict: Verdict, reason: str) -> None:
    result = evidence(**found)
    rule = rule_for(result)
    assert rule.verdict is verdict
    assert result.reason(rule.reason) == reason


def test_rule_for_each_combination_gives_a_verdict_and_uses_each_rule() -> None:
    every = [
        evidence(missing=missing, repeats=repeats, stands=stands)
        for missing, repeats, stands in itertools.product(("", "figures"), (True, False), (None, True, False))
    ]
    assert {id(rule_for(one)) for one in every} == {id(rule) for rule in RULES}
    for one in every:
        if one.missing:
            assert rule_for(one).verdict is Verdict.CANNOT_BE_CHECKED
        elif not one.repeats:
            assert rule_for(one).verdict is Verdict.NOT_REPRODUCED


def test_rules_text_lists_the_rules_in_order() -> None:
    lines = rules_text().split("\n")
    assert len(lines) == len(RULES)
    for at, (line, rule) in enumerate(zip(lines, RULES, strict=True), 1):
        assert line == f"{at}. {rule.sentence} *{rule.verdict.label}.*"
