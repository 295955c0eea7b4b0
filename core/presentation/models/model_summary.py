"""The summary of a question that a model answers: for one predictor or several, by the rule on its robustness."""

from collections.abc import Mapping, Sequence

from core.presentation.models.effects import counted, effect
from core.presentation.numbers import interval_text, plural
from core.presentation.summary import CHIP_OF, Chip, Fact, Summary, source_of
from core.questions.question import Question
from core.questions.robustness import Robustness
from core.questions.vocabulary import Vocabulary
from core.stats.regression import FitResult
from core.stats.regression.errors import listed
from core.stats.robustness import Word
from core.tables.catalogue import Catalogue
from core.tables.quarters import span_of

NO_CAUSE = "That one causes the other: the figures show what occurs together, not why."
NO_PERSON = "What is true of individuals: every figure is of a whole {area}."
NOT_NONE = "That there is no link at all: a small one could go unnoticed."
NOT_PROVEN = "That there is a link, or that there is none: the analyses disagree."
NOT_EVERYWHERE = "That it holds in every single {area}: this is the pattern over all of them."
UNSAID: Mapping[Chip, str] = {
    "clear": NOT_EVERYWHERE,
    "depends": NOT_PROVEN,
    "none": NOT_NONE,
    "cannot_tell": NOT_PROVEN,
}
ONE_CHOICE = "Each changes one choice of the main analysis."
TOO_FEW = "There are too few figures to say whether {x} is linked to {y}."


def model_summary(
    question: Question,
    result: FitResult | None,
    found: Mapping[str, Robustness],
    catalogue: Catalogue,
    publishers: Sequence[str],
) -> Summary:
    """The first screen of `question`.

    Parameters
    ----------
    result
        The recommended model; none where the figures are too few for it.
    found
        How its answer stands up, by predictor.
    publishers
        Who published the figures.
    """
    vocabulary, (x, y) = question.vocabulary, plain_pair(question, catalogue)
    if result is None or not found:
        nothing = TOO_FEW.format(x=x, y=y)
        return Summary(nothing, "cannot_tell", (), (nothing,), _cannot("cannot_tell", vocabulary), _source(publishers))
    word = overall(found)
    chip = CHIP_OF[word]
    return Summary(
        answer=_answer(x, y, found, vocabulary),
        chip=chip,
        facts=(_size(result, found, catalogue, vocabulary), _agreeing(found), _compared(result, vocabulary)),
        can_say=(
            _quotable(clause(found, x, y, vocabulary, " of the analysis"), result, vocabulary),
            _agreed(found),
        ),
        cannot_say=_cannot(chip, vocabulary),
        source=_source(publishers),
        below=_interval(result, catalogue, vocabulary),
    )


def plain_pair(question: Question, catalogue: Catalogue) -> tuple[str, str]:
    """What may be linked to what in plain words; the variables' labels for a visitor's own question."""
    x, y = question.pair
    spec = question.recommended
    labels = listed([counted(name, catalogue, question.vocabulary) for name in spec.predictors])
    return x or labels, y or catalogue.label(spec.outcome)


def overall(found: Mapping[str, Robustness]) -> Word:
    """The answer on several predictors together: the firmest that any of them has, but one that depends goes first."""
    words = {one.word for one in found.values()}
    return next(word for word in ("depends", "clear", "none") if word in words)


def finding(word: Word, x: str, y: str) -> str:
    """The answer by rule as a clause without a number: 'there is no clear link between force and trust'."""
    return {
        "none": f"there is no clear link between {x} and {y}",
        "depends": f"whether {x} is linked to {y} depends on the analysis",
        "clear": f"there is a clear link between {x} and {y}",
    }[word]


def clause(found: Mapping[str, Robustness], x: str, y: str, vocabulary: Vocabulary, of: str = "") -> str:
    """The answer by rule as a clause, with the direction of most analyses where there is one predictor.

    What is counted are the declared alternatives, each with one choice changed: no other combination of choices.

    Parameters
    ----------
    of
        What they are variations of, where the sentence has room for it.
    """
    word = overall(found)
    (first, *others) = found.values()
    sign = first.recommended.sign
    if others or word == "none" or not sign:
        return finding(word, x, y)
    way, other = ("higher", "lower") if sign > 0 else ("lower", "higher")
    unexpected = f", not {other}," if sign * vocabulary.expected < 0 else ""
    if word == "clear":
        return f"more {x} is clearly linked to {way}{unexpected} {y}"
    if first.agreeing * 2 > len(first.others):
        return f"most variations{of} link more {x} to {way}{unexpected} {y}"
    return finding(word, x, y)


def _answer(x: str, y: str, found: Mapping[str, Robustness], vocabulary: Vocabulary) -> str:
    word, said = overall(found), clause(found, x, y, vocabulary, " of it")
    names_a_way = said != finding(word, x, y)
    return f"It depends on the analysis; {said}." if word == "depends" and names_a_way else _sentence(said)


def _sentence(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:]}."


def _size(result: FitResult, found: Mapping[str, Robustness], catalogue: Catalogue, vocabulary: Vocabulary) -> Fact:
    """The size of the link, or of several how many are clear."""
    if len(found) > 1:
        clear = sum(one.word == "clear" for one in found.values())
        labels = [counted(name, catalogue, vocabulary) for name, one in found.items() if one.word != "none"]
        note = f"Not settled: {listed(labels)}." if labels else ""
        return Fact("Kinds with a clear link", f"{clear} of {len(found)}", note)
    (name,) = found
    one = effect(result.estimate(name), result.spec, catalogue, vocabulary)
    sure = "Clearly different from none." if one.clear else "Could be chance."
    return Fact(catalogue.label(result.spec.outcome), one.text, f"For {one.step}. {sure}")


def _agreeing(found: Mapping[str, Robustness]) -> Fact:
    least = min(found.values(), key=lambda one: one.agreeing)
    note = f"What makes the difference: {listed(least.deciding)}." if least.deciding else "All agree."
    return Fact("Variations that agree", f"{least.agreeing} of {len(least.others)}", f"{ONE_CHOICE} {note}")


def _compared(result: FitResult, vocabulary: Vocabulary) -> Fact:
    return Fact("What is compared", f"{result.n:,} {vocabulary.rows}", f"{_extent(result, vocabulary)}.")


def _extent(result: FitResult, vocabulary: Vocabulary) -> str:
    areas = vocabulary.counted_areas(result.n_areas)
    if not vocabulary.period:
        return areas
    return f"{areas}, {span_of(result.first_period, result.last_period)}"


def _quotable(said: str, result: FitResult, vocabulary: Vocabulary) -> str:
    return f"In figures for {vocabulary.counted_areas(result.n_areas)}, {said}."


def _agreed(found: Mapping[str, Robustness]) -> str:
    least = min(found.values(), key=lambda one: one.agreeing)
    if not least.others:
        return "No variation of the main analysis could be tried."
    count = {0: "none agrees", 1: "one agrees"}.get(least.agreeing, f"{least.agreeing} agree")
    return f"Of {plural(len(least.others), 'variation')} of the main analysis, {count} with it."


def _cannot(chip: Chip, vocabulary: Vocabulary) -> tuple[str, ...]:
    return tuple(vocabulary.fill(sentence) for sentence in (NO_CAUSE, NO_PERSON, UNSAID[chip]))


def _interval(result: FitResult, catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """How sure the size is, in a line."""
    if len(result.spec.predictors) > 1:
        return ""
    one = effect(result.estimate(result.spec.predictors[0]), result.spec, catalogue, vocabulary)
    ends = interval_text(one.low, one.high, one.digits).replace(" to ", " and ")
    return f"The size is uncertain: it is very likely between {ends}{one.after}."


def _source(publishers: Sequence[str]) -> str:
    return source_of(publishers or ["the reader's own file"])
