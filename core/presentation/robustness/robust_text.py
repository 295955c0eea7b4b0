"""The answer to a question by rule, in sentences: what the recommended model finds, and whether other choices agree."""

from collections.abc import Mapping

from core.presentation.models.comparison import differs_note
from core.presentation.models.effects import counted, effect
from core.presentation.numbers import all_of, number_word, the_others, upper_first
from core.presentation.text import change, compared_rows, question_answer, verdict
from core.questions.robustness import Robustness
from core.questions.vocabulary import Vocabulary
from core.stats.regression import FitResult
from core.stats.regression.errors import listed
from core.stats.robustness import MOST, Word
from core.tables.catalogue import Catalogue

WORDS: Mapping[Word, str] = {
    "clear": "Clear",
    "depends": "It depends on the choices",
    "none": "No clear link",
}


def rule(model: str) -> str:
    """How answers are judged, where the `model` that other ways to ask are compared with is called that."""
    return (
        f"The rule: an answer is clear only if {model} finds it, {MOST:.0%} of the other ways to ask do too, none "
        "finds the opposite, and all of them together find more than chance would. There is no clear link if "
        f"{model} and as many of the others find none. Everything else depends on the choices."
    )


def page_answer(
    result: FitResult, found: Mapping[str, Robustness], catalogue: Catalogue, vocabulary: Vocabulary
) -> str:
    """The large sentence of a page: by rule for the recommended model, what it finds itself for any other.

    Parameters
    ----------
    result
        The model shown.
    found
        How the recommended model's answer stands up, by predictor; empty where no alternatives are declared.
    """
    if any(each.spec == result.spec for each in found.values()):
        return headline(result, found, catalogue, vocabulary) + differs_note(result, catalogue)
    return question_answer(result, catalogue, vocabulary)


def headline(result: FitResult, found: Mapping[str, Robustness], catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """The answer by rule, the estimate it rests on, and which choices decide; `result` is of the recommended model."""
    if len(found) > 1:
        return _several(result, found, catalogue, vocabulary)
    ((name, one),) = found.items()
    estimate = effect(result.estimate(name), result.spec, catalogue, vocabulary)
    association = f"{estimate.step} {estimate.linked} {change(estimate, result, catalogue)}"
    sure = f"{verdict(estimate, vocabulary)}, clearly" if vocabulary.expected else "A clear link"
    word = sure if one.word == "clear" else WORDS[one.word]
    return f"{word}. {compared_rows(result, vocabulary)}, {association}. {agreement(one)}"


def rule_answer(found: Mapping[str, Robustness], catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """The answer by rule in short, for a page that shows another model."""
    if len(found) > 1:
        return f"By the rule: {_counts(found, catalogue, vocabulary)}"
    (one,) = found.values()
    return f"By the rule: {WORDS[one.word].lower()}. {agreement(one)}"


def agreement(one: Robustness) -> str:
    """How many other ways of asking find the same, and which choices decide."""
    count, same = len(one.others), one.agreeing
    if not count:
        return "No other way to ask could be tried."
    every = f"{upper_first(all_of(count))} other {_find(count)}"
    if same == count:
        return f"{every} the same."
    decided = listed(one.deciding)
    verb = "makes" if len(one.deciding) == 1 else "make"
    rest = f"what makes the difference is {decided}" if verb == "makes" else f"{decided} make the difference"
    if not same:
        return f"{every} something else; {rest}."
    find = "finds" if same == 1 else "find"
    return f"Of {number_word(count)} other ways to ask, {number_word(same)} {find} the same; {rest}."


def _find(ways: int) -> str:
    return "way to ask finds" if ways == 1 else "ways to ask find"


def _several(result: FitResult, found: Mapping[str, Robustness], catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """The answer on several predictors that are read together."""
    shown = {name: effect(result.estimate(name), result.spec, catalogue, vocabulary) for name in found}
    stated = [
        f"{shown[name].step} {shown[name].linked} {change(shown[name], result, catalogue)}"
        for name, one in found.items()
        if one.word != "none"
    ]
    sizes = f" {compared_rows(result, vocabulary)}, {'; '.join(stated)}." if stated else ""
    return f"{_counts(found, catalogue, vocabulary)}{sizes}"


def _counts(found: Mapping[str, Robustness], catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """How many predictors have which answer, and which choices decide on those that depend on them."""
    labels = {name: counted(name, catalogue, vocabulary) for name in found}
    named = {word: [labels[name] for name, one in found.items() if one.word == word] for word in WORDS}
    count = number_word(len(found))
    if len(named["none"]) == len(found):
        some = "either" if len(found) == 2 else "any"
        least, ways = min(found.values(), key=lambda one: one.agreeing), len(next(iter(found.values())).others)
        if not ways:
            return f"No clear link with {some} of the {count}. No other way to ask could be tried."
        each = f"{number_word(least.agreeing)} or more of {number_word(ways)} other ways to ask find"
        if least.agreeing == ways:
            each = f"{all_of(ways)} other {_find(ways)}"
        return f"No clear link with {some} of the {count}. For each, {each} none either."
    clear = [f"Clear for {listed(named['clear'])}."] if named["clear"] else []
    deciding = dict.fromkeys(choice for one in found.values() if one.word == "depends" for choice in one.deciding)
    which = f": {listed(deciding)}" if deciding else ""
    depends = [f"It depends on the choices for {listed(named['depends'])}{which}."] if named["depends"] else []
    rest = [f"No clear link for {the_others(len(named['none']))}."] if named["none"] else []
    return " ".join([*clear, *depends, *rest])
