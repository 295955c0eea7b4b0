"""Numbers as they are written in sentences, tables and charts."""

import math
from collections.abc import Mapping

MINUS = "\N{MINUS SIGN}"


YES_NO: Mapping[bool, str] = {True: "yes", False: "no"}


def quoted(label: str) -> str:
    """`label` in typographic quotation marks."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}{label}\N{RIGHT DOUBLE QUOTATION MARK}"


def number_word(count: int) -> str:
    """A small number as a word."""
    labels = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return labels[count] if count < len(labels) else f"{count:,}"


def all_of(count: int) -> str:
    """All of `count` things, to stand before what they are: 'the one', 'both', 'all five'."""
    return {1: "the one", 2: "both"}.get(count, f"all {number_word(count)}")


def the_others(count: int) -> str:
    """The rest of several, of which there are `count`: 'the other', 'the other five'."""
    return "the other" if count == 1 else f"the other {number_word(count)}"


def count_is(count: int) -> str:
    """How many there are, and its verb: 'none is', 'one is', '66 are'."""
    return f"{'none' if count == 0 else 'one'} is" if count < 2 else f"{count:,} are"


def plural(count: int, one: str) -> str:
    """How many there are of `one`: '1 row', '2,000 rows'."""
    return f"{count:,} {one}{'' if count == 1 else 's'}"


def exceeded(share: float) -> str:
    """A `share` (0 to 1) that is exceeded now and then: 'more than 64%', or 'all' where there is no more."""
    text = f"{share:.0%}"
    return "all" if text == "100%" else f"more than {text}"


def ordinal(place: int) -> str:
    """A place in an order: '1st', '2nd', '11th', '32nd'."""
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place:,}{ending}"


def probability(p: float) -> str:
    """A p-value as read: 'below 0.001', '0.04', '0.90'."""
    if p < 0.001:
        return "below 0.001"
    return f"{p:.3f}" if p < 0.0995 else f"{p:.2f}"


def digits_for(value: float) -> int:
    """Decimals with which `value`, whatever its size, has three digits that count."""
    return max(0, 2 - math.floor(math.log10(abs(value)))) if value and math.isfinite(value) else 2


def number(value: float, digits: int = 2) -> str:
    """A number with a true minus sign and no negative zero."""
    text = f"{value:,.{digits}f}"
    if float(text.replace(",", "")) == 0:
        text = text.removeprefix("-")
    return text.replace("-", MINUS)


def signed(value: float, digits: int = 2) -> str:
    """A number that always shows its sign, except zero."""
    text = number(value, digits)
    return text if text.startswith(MINUS) or float(text.replace(",", "")) == 0 else f"+{text}"


def interval_text(low: float, high: float, digits: int = 2) -> str:
    """'-0.49 to +0.35'."""
    return f"{signed(low, digits)} to {signed(high, digits)}"


def lower_first(label: str) -> str:
    """A label inside a sentence: first letter small, unless it starts a name or an abbreviation."""
    first = label.split(" ", 1)[0]
    return label if any(letter.isupper() for letter in first[1:]) else label[:1].lower() + label[1:]


def p_equals(p: float) -> str:
    """A p-value after the letter p: '= 0.04', 'below 0.001'."""
    text = probability(p)
    return text if text.startswith("below") else f"= {text}"


def upper_first(text: str) -> str:
    """`text` with a capital letter, to begin a sentence."""
    return text[:1].upper() + text[1:]


def possessive(name: str) -> str:
    """'Kent's', 'the West Midlands''."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"
