"""What plain English is here: phrases that no reader should meet, and what a sentence of a summary may hold."""

import re
from collections.abc import Iterator

import textstat

from core.presentation.summary import Summary

# Phrases that are not English as people speak it, or that only a statistician reads as meant; for all texts.
PHRASES = re.compile(
    r"\btold\b|\bgo(?:es)? (?:with|together)\b|com(?:es?|ing) out again|\bpoint at\b|on the (?:right|left)\b"
    r"|(?:clear of|within) (?:zero|the noise)|holds zero|has 1 in it|leaves out (?:zero|no association|1\b)"
    r"|done properly|asked properly|\breckon|\bforet[eo]l|\bspoiled\b|\d[ \N{NO-BREAK SPACE}]%|\bleans? (?:on|most)\b"
    r"|worked out again|\bbeside\b|\bat hand\b|\banew\b|\bhand(?:ed|ing)? in\b|single people|wrote down|for good\b"
    r"|\bshrunk rate|\bfootfall|accent colour|crow flies|let go of|held? against|closest association|\bloosest\b"
    r"|where they sleep|mean of all\b|what moves|looks? closer|late starts|these figures have found|\bpiles? up\b"
    r"|nearer than saying|counted back|take it with you|try new figures|chance would (?:make|have) (?:it|them)",
    re.IGNORECASE,
)
# What only analysts read, and no sentence of a summary may have.
ANALYSTS = re.compile(
    r"\bp ?[=<]|\bp-values?\b|\bintervals?\b|\bln\b|\blogarithm|\bcoefficient|\bregression|standard error"
    r"|\bR²|R-squared|\b[EW]\d{8}\b|\w_\w|\beffects\b|\bclustered\b|\bspecifications?\b|\bMSOA\b"
    r"|[A-Z][a-z]{2}\N{EN DASH}[A-Z][a-z]{2} \d{4}",
)
NUMBER = re.compile(r"(?<![\w-])[+\N{MINUS SIGN}]?\d[\d,]*(?:\.\d+)?%?")
DATE = re.compile(
    r"(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*\W?(?: to )?)+\s\d{4}"
    r"|\b(?:since|in|of|from|to|by|census) (?:19|20)\d{2}\b"
)
# Numbers that name a thing and count nothing.
NAMES = re.compile(
    r"\b\w+ \d{3}[A-Z]\b|\b[Aa]verage of (?:all|the) \d+|under[- ]18s?|someone under 18"
    r"|\b12 months\b|\b1,000 residents|\b(?:95|80)% (?:margin|range)"
)
CAUSAL = re.compile(r"\b(?:causes?|caused|leads? to|led to|because of)\b")
MOST_WORDS, MOST_NUMBERS, HIGHEST_GRADE = 25, 2, 10.0


def numbers_in(sentence: str) -> list[str]:
    """The numbers that a reader has to take in, without dates and names."""
    return NUMBER.findall(NAMES.sub(" ", DATE.sub(" ", sentence)))


def sentences_of(text: str) -> list[str]:
    """The sentences of `text`."""
    return [part for part in re.split(r"(?<=[.?!:;])\s+(?=[A-Z“])", text.strip()) if part]


def faults(text: str) -> Iterator[str]:
    """What is not plain in the sentences of `text`; nothing where all is."""
    for sentence in sentences_of(text):
        words, numbers = sentence.split(), numbers_in(sentence)
        if len(words) > MOST_WORDS:
            yield f"{len(words)} words: {sentence}"
        if len(numbers) > MOST_NUMBERS:
            yield f"numbers {', '.join(numbers)}: {sentence}"
        for pattern in (PHRASES, ANALYSTS):
            if found := pattern.search(sentence):
                yield f"{found[0]!r}: {sentence}"


def summary_faults(summary: Summary) -> list[str]:
    """What is not plain in a first screen: its answer, chip, cards and what may be said; nothing where all is."""
    cards = [part for fact in summary.facts for part in (fact.label, fact.value, fact.note)]
    said = [summary.answer, summary.below, *summary.can_say]
    found = [fault for text in (*said, *cards, summary.chip_label, *summary.cannot_say) for fault in faults(text)]
    found += [f"a cause: {text}" for text in (*said, *cards) if CAUSAL.search(text)]
    if not summary.answer.count(".") == 1 == len(sentences_of(summary.answer)):
        found.append(f"not one sentence: {summary.answer}")
    grade = textstat.flesch_kincaid_grade(" ".join([*said, *summary.cannot_say]))
    return found + ([f"grade {grade}: {summary.answer}"] if grade > HIGHEST_GRADE else [])
