"""Numbers as people write them: one sign before decimals in a file, one scale in a column, marks for what is missing.

A cell holds a number with thousands grouped or not, a minus sign of any kind or accountants' brackets, a currency, a
per cent sign, and a flag such as ``[p]`` or ``r``. A mark such as ``..`` or ``<5`` says that it is not published.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

Decimal = Literal[".", ","]

FEWEST_NUMBERS = 0.9  # share of filled cells without a known mark that must be numbers
MOST_DIGITS = 15  # of a number that keeps all its digits
LONGEST = 80  # letters of a cell that can hold a number; longer text would cost much to match and is none
MOST_WORDS = 100  # different texts of a column in which yes and no are looked for
FEW_KINDS = 3  # different texts that stand for missing numbers in a column where most cells are numbers
GROUP, SHOWN = 3, 3
# Minus signs that may surprise, by their places in a number.
CURRENCIES = {"\u00a3": "GBP", "\u20ac": "EUR", "$": "USD"}
SIGNS_SAID = {"brackets are read": ("open", "inner"), "a dash after a number is read": ("after",)}
SPACES = "\u00a0\u2007\u2009\u202f"
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"
MINUS = str.maketrans(
    {
        **dict.fromkeys(DASHES, "-"),
        **dict.fromkeys(SPACES, " "),
        **{"\u2019": "'", "\u00b7": ".", "\u2026": "...", "\uff0e": ".", "\uff0c": ","},
    }
)
CURRENCY = r"(?:[A-Z]{0,3}[$\u00a3\u20ac\u00a5\u20b9]|GBP|EUR|USD|AUD|CAD|CHF|NZD)"
NOTES = r"notes? \d+(?:(?:,| and) ?\d+)*"
BRACKETED = rf"(?:\s*[\[(](?:[a-zA-Z]{{1,3}}|{NOTES}|\d|provisional|revised|estimated?)[\])])"
# One letter, or up to three: run together they stand in the order of the alphabet, as statistical offices write them.
LETTERS = (
    r"(?:[bdefnprsuz](?:(?:,\s?|\s)[bdefnprsuz]){0,2}(?![a-z])|"
    r"(?!bn|def)(?=[bdefnprsuz]{2,3}(?![a-z]))b?d?e?f?n?p?r?s?u?z?)"
)
FLAG = (
    rf"(?:{BRACKETED}+|\s?(?:{LETTERS}|[PRUSFNZ])|\s?[*\u2020\u2021\u00a7#^]+|"
    r"[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+)"
)
NUMBER = re.compile(
    rf"(?P<open>\()?(?P<sign>[-+])?\s?{CURRENCY}?\s?(?P<inner>\()?(?P<second>-)?"
    r"(?P<digits>\d[\d.,' ]*|[.,]\d+)"
    rf"(?P<power>[eE][-+]?\d+)?\s?(?P<percent>%|per ?cent|pct)?\s?{CURRENCY}?(?P<after>-)?"
    rf"(?P<close>\))?(?P<flag>{FLAG})?"
)
PLAIN = r"^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$"
PLAIN_DECIMALS = r"^-?\d*\.(?:\d{1,2}|\d{4,})$|^-?(?:0|\d{4,})\.\d{3}$"
CODE = re.compile(r"0\d+")
WORDS_FOR_MISSING = """
    .. ... . - -- --- : :: * ** *** # ## ~ ^ ! ? / // \u2020 \u2021 x z u c q w s k n n/a n.a. n.a na nan nan. #n/a
    #n/a! null none nil <na> missing suppressed withheld redacted confidential unknown unavailable disclosive
    not_available dk nr n.r. n/r nk n/k tbc tba ..p ..r
    #div/0! #value! #ref! #num! #name? #null! inf -inf +inf infinity -infinity
"""
PHRASES_FOR_MISSING = (
    *("not available", "not applicable", "not known", "not published", "not recorded", "not collected", "not stated"),
    *("don't know", "did not answer", "to be confirmed", "not reported"),
    *("no data", "data not available", "-:"),
)
MARKS = frozenset((*WORDS_FOR_MISSING.split(), *PHRASES_FOR_MISSING))
TAGS = rf"(?:\s*\[(?:[a-z]{{1,4}}|{NOTES})\])+"
MARK = re.compile(
    rf"(?:[a-z*:.-]{{0,2}}{TAGS}|\([a-z]\)|:\s?[a-z]{{1,3}}|(?:<|>|\u2264|\u2265|<=|>=)\s?\d[\d.,]*\s?%?|"
    r"(?:under|over|less than|fewer than|more than|below|above|up to)\s\d[\d.,]*|[01]\s?(?:-|to)\s?\d{1,2}|"
    r"\d[\d.,]*\sor\s(?:fewer|less|more|under|over|below|above)|err:\d+)"
)
# Words for yes and for no, of which a column has those of one language; without accents SI and NO are countries.
TRUTHS = (
    (("yes", "y"), ("no", "n")),
    (("true", "t"), ("false", "f")),
    *((("ja",), (no,)) for no in ("nein", "nee", "nej", "nei")),
    (("oui",), ("non",)),
    (("s\u00ed", "s\u00ec"), ("no",)),
    (("sim",), ("n\u00e3o",)),
    (("wahr",), ("falsch",)),
    (("vrai",), ("faux",)),
    (("\u2713", "\u2714", "\u2611"), ("\u2717", "\u2718", "\u2715", "\u2716", "\u2610")),
)
TRUE_OR_FALSE = frozenset(word for truths in TRUTHS for words in truths for word in words)
PERCENT = 100
# Numbers that surveys and old programs write where there is none.
SURE = frozenset(-(10.0**digits - 1) for digits in range(2, 7))
CODES_BELOW, CODES_ABOVE = SURE | {-7.0, -8.0, -9.0}, frozenset(10.0**digits - 1 for digits in range(3, 8))
SURELY = "count as missing, because no other number is below zero"
PERHAPS = "are far from all others and stay numbers; if they stand for missing figures, empty them in the file"
FAR = 10


class ConventionError(ValueError):
    """Numbers of a file that can be read in two ways; the message names cells."""


@dataclass(frozen=True, eq=False)
class Numbers:
    """A column of numbers: its values, missing where there is none, and what was done, without its name."""

    values: pd.Series
    notes: tuple[str, ...]


def is_mark(cell: str) -> bool:
    """Whether `cell` stands for a number that is missing, suppressed or not finite."""
    text = cell.translate(MINUS).casefold().strip()
    return len(text) <= LONGEST and (text in MARKS or MARK.fullmatch(text) is not None)


def is_number(cell: str) -> bool:
    """Whether `cell` holds a number in any convention."""
    return _matched(cell) is not None


def _matched(cell: str) -> re.Match[str] | None:
    """The parts of a number in any convention."""
    text = cell.translate(MINUS).strip()
    return NUMBER.fullmatch(text) if len(text) <= LONGEST else None


def decimal_of(columns: Iterable[tuple[str, pd.Series]], separator: str = ",") -> Decimal:
    """The sign before decimals in a file, from all its cells of text.

    Parameters
    ----------
    separator
        What separates cells: where it is a comma, and the cells leave it open, so is a comma between thousands.

    Raises
    ------
    ConventionError
        If cells prove both, or a column can be read in both ways with different results.
    """
    proofs: dict[str, tuple[str, str]] = {}
    open_cells: dict[str, tuple[str, str]] = {}
    for name, cells in columns:
        for cell in _undecided(cells):
            digits = _digits(cell)
            sign = _proved(digits)
            if sign:
                proofs.setdefault(sign, (name, cell))
            elif re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", digits):
                open_cells.setdefault("," if "," in digits else ".", (name, cell))
    if len(proofs) > 1:
        (first, one), (second, other) = proofs["."], proofs[","]
        raise ConventionError(
            f"{first} writes decimals with a point ({one}) and {second} with a comma ({other}); "
            "write all numbers in one way."
        )
    if proofs:
        return "," if "," in proofs else "."
    if not open_cells or separator == ",":
        return "."
    name, cell = next(iter(open_cells.values()))
    digits = re.sub(r"\D", "", cell)
    raise ConventionError(
        f"{name}: {cell} can be {digits} or {digits[:-3]}.{digits[-3:]}; choose how the file writes decimals."
    )


def _undecided(cells: pd.Series) -> list[str]:
    """The cells that say something on decimals: of those with plain decimals the first, as the others say the same."""
    plain = cells.str.match(PLAIN_DECIMALS).fillna(False).astype(bool)
    others = cells[~plain & cells.str.contains("[.,\u00b7\uff0e\uff0c]").fillna(False).astype(bool)]
    return [*map(str, cells[plain].head(1)), *map(str, others.unique().tolist())]


def _digits(cell: str) -> str:
    """The digits of a number with a point or comma; one with a power gets one more, as its digits are not grouped."""
    found = _matched(cell) if any(sign in cell for sign in ",.\u00b7\uff0e\uff0c") else None
    return found["digits"].strip() + "0" * bool(found["power"]) if found else ""


def _proved(digits: str) -> str:
    """The sign before decimals that `digits` prove; empty where they can be read in two ways or hold no such number."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}", digits):
        return ","
    if re.fullmatch(r"\d{1,3}(?:,\d{2,3})*,\d{3}\.\d+|\d{1,3}(?:,\d{2,3})+,\d{3}", digits):
        return "."
    found = re.fullmatch(r"(\d*)([.,])(\d+)", digits)
    if not found or (len(found[3]) == GROUP and re.fullmatch(r"[1-9]\d{0,2}", found[1])):
        return ""
    return found[2]


def read_numbers(cells: pd.Series, decimal: Decimal) -> Numbers | None:
    """The numbers in a column of text; ``None`` if it is not one of numbers.

    Codes with leading zeros and numbers longer than 15 digits are no numbers.
    """
    filled = cells.dropna()
    if decimal == "." and filled.str.match(PLAIN).all():
        return _without_codes(Numbers(pd.to_numeric(cells).astype("float64"), ())) if len(filled) else None
    counts = {str(cell): int(number) for cell, number in filled.value_counts().items()}
    if _is_of_text(counts):
        return _truths(cells, {cell for cell in counts if is_mark(cell)}) if len(counts) <= MOST_WORDS else None
    read = {cell: parsed(cell, decimal) for cell in counts}
    marks = {cell for cell in read if is_mark(cell)}
    if any(CODE.fullmatch(cell) for cell in read if cell not in marks) or any(_is_long(cell) for cell in read):
        return None
    others = {cell for cell, value in read.items() if value is None and cell not in marks}
    known = sum(counts[cell] for cell in read if cell not in marks)
    unread = sum(counts[cell] for cell in others)
    few = unread <= (1 - FEWEST_NUMBERS) * known or _are_marks(others, unread, known)
    if known == 0 or known == unread or not few:
        return _truths(cells, marks)
    scale = _scale([cell for cell in read if _is_percent(cell)], {c: v for c, v in read.items() if v is not None})
    if scale is None:
        return None
    values = {cell: np.nan if value is None else value * scale[cell] for cell, value in read.items()}
    notes = tuple(_notes(counts, marks, others, read, decimal))
    return _without_codes(Numbers(cells.map(values).astype("float64"), notes))


def _is_of_text(counts: Mapping[str, int]) -> bool:
    """Whether more than one cell in ten holds text and is no mark, so that the other cells need not be looked at."""
    left, kinds = (1 - FEWEST_NUMBERS) * sum(counts.values()), 0
    for cell, number in counts.items():
        if not is_number(cell) and not is_mark(cell):
            left, kinds = left - number, kinds + 1
            if left < 0 and kinds > FEW_KINDS:
                return True
    return False


def _without_codes(found: Numbers) -> Numbers:
    """Numbers without those such as -999 that stand for missing ones, where no other is below zero.

    Numbers that may be such codes, and may be figures, stay and are named.
    """
    filled = found.values.dropna()
    counts = filled[filled.isin(CODES_BELOW | CODES_ABOVE)].value_counts()
    codes = [float(code) for code in sorted(counts.index) if counts[code] > 1]
    others = filled[~filled.isin(codes)]
    if not codes or others.empty:
        return found
    lonely = [code for code in codes if code < 0 <= others.min() or 0 < FAR * others.max() < code]
    sure = [code for code in lonely if code in SURE]
    said = [f"{_cells(int(counts[code]))} with {code:g} {SURELY if code in sure else PERHAPS}" for code in lonely]
    return Numbers(found.values.where(~found.values.isin(sure)), (*found.notes, *said))


def _are_marks(others: set[str], unread: int, known: int) -> bool:
    """Whether a few texts without digits come back among more numbers, as a publisher's own marks for missing do."""
    few = len(others) <= FEW_KINDS and unread <= known / 2
    return few and not any(has_digit(cell) or cell.casefold() in TRUE_OR_FALSE for cell in others)


def has_digit(cell: str) -> bool:
    """Whether `cell` has a digit, so that it may hold a number that is not read."""
    return any(sign.isdigit() for sign in cell)


def parsed(cell: str, decimal: Decimal) -> float | None:
    """The number in `cell`, a per cent sign apart; ``None`` if it holds none."""
    found = _matched(cell)
    opened = [sign for sign in ("open", "inner") if found and found[sign]]
    if not found or len(opened) != bool(found["close"]):
        return None
    thousands = "." if decimal == "," else ","
    digits = found["digits"].strip()
    group = rf"[{re.escape(thousands)}' ]"
    if not re.fullmatch(
        rf"(?:\d+|\d{{1,3}}(?:{group}\d{{2,3}})*(?:{group}\d{{3}}))?(?:{re.escape(decimal)}\d*)?", digits
    ):
        return None
    plain = re.sub(group, "", digits).replace(decimal, ".")
    minus = [bool(opened), found["sign"] == "-", found["second"], found["after"]]
    if plain in ("", ".") or sum(map(bool, minus)) > 1:
        return None
    value = float(plain + (found["power"] or ""))
    return None if math.isinf(value) else -value if any(minus) else value


def _currencies(cells: Counter[str]) -> Counter[str]:
    """The currencies of numbers, and in how many cells each stands."""
    signs = Counter[str]()
    for cell, number in cells.items():
        found = re.search(CURRENCY, cell)
        if found:
            signs[found[0]] += number
    return signs


def _is_percent(cell: str) -> bool:
    found = _matched(cell)
    return bool(found and found["percent"])


def _is_long(cell: str) -> bool:
    return cell.isdigit() and len(cell) > MOST_DIGITS


def _scale(percent: Sequence[str], read: dict[str, float]) -> dict[str, float] | None:
    """What each cell is multiplied by to be a share, where some have a per cent sign; ``None`` where it is open.

    Cells without the sign are percentages too if one is beyond 1, and shares if those with the sign are beyond 1.
    """
    if not percent:
        return dict.fromkeys(read, 1.0)
    signed = {cell for cell in percent if cell in read}
    bare = {cell: value for cell, value in read.items() if cell not in signed}
    if any(abs(value) > 1 for value in bare.values()):
        others = 1 / PERCENT
    elif not any(bare.values()) or any(abs(read[cell]) > 1 for cell in signed):
        others = 1.0
    else:
        return None
    return {cell: 1 / PERCENT if cell in signed else others for cell in read}


def _notes(
    counts: Mapping[str, int], marks: set[str], others: set[str], read: dict[str, float | None], decimal: Decimal
) -> list[str]:
    notes = []
    numbers = [cell for cell, value in read.items() if value is not None and cell not in marks]
    percent = [cell for cell in numbers if _is_percent(cell)]
    if percent:
        bare = sum(counts[cell] for cell in numbers) - sum(counts[cell] for cell in percent)
        mixed = f", and {bare:,} without one are put on the same scale" if bare else ""
        notes.append(f"figures with a per cent sign are read as shares{mixed}")
    if decimal == "," and any("," in cell for cell in numbers):
        notes.append("commas are read as decimal points")
    if decimal == "," and any("." in cell for cell in numbers):
        notes.append("points separate thousands")
    flags = Counter[str]()
    for cell in numbers:
        found = _matched(cell)
        if found and found["flag"]:
            flags[found["flag"].strip()] += counts[cell]
    if flags:
        the_marks, are = ("the mark", "is") if len(flags) == 1 else ("the marks", "are")
        notes.append(f"{the_marks} {_counted(flags, _cells)} after numbers {are} left out, the numbers stay")
    if currencies := _currencies(Counter({cell: counts[cell] for cell in numbers})):
        several = len({CURRENCIES.get(sign, sign) for sign in currencies}) > 1
        scale = ", though they are of several currencies: check that they can be compared" if several else ""
        notes.append(f"signs of currency, {_counted(currencies)}, are left out, the numbers stay{scale}")
    for signs, ways in SIGNS_SAID.items():
        signed = [cell for cell in numbers if (found := _matched(cell)) and any(found[way] for way in ways)]
        number = sum(counts[cell] for cell in signed)
        notes += [f"{signs} as a minus sign ({signed[0]}) in {_cells(number)}"] if signed else []
    missing = Counter({cell: counts[cell] for cell in marks})
    if missing:
        which = next(iter(missing)) if len(missing) == 1 else _counted(missing)
        notes.append(f"{_cells(missing.total())} marked {which} {_count(missing.total())} as missing")
    if others:
        number = sum(counts[cell] for cell in others)
        are = "is no number and counts" if number == 1 else "are no numbers and count"
        notes.append(f"{_cells(number)} such as {min(others)!r} {are} as missing")
    return notes


def _cells(number: int) -> str:
    return f"{number:,} cell{'' if number == 1 else 's'}"


def _count(number: int) -> str:
    return "counts" if number == 1 else "count"


def _counted(found: Counter[str], first_as: Callable[[int], str] = "{:,}".format) -> str:
    """Marks with their numbers, the first of which `first_as` writes: ``b (6 cells) and p (5)``."""
    parts = [f"{mark} ({number:,})" for mark, number in found.most_common(SHOWN)]
    mark, number = found.most_common(1)[0]
    *others, last = [f"{mark} ({first_as(number)})", *parts[1:]]
    if len(found) > SHOWN:
        others, last = [*others, last], f"{len(found) - SHOWN:,} more"
    return f"{', '.join(others)} and {last}" if others else last


def _truths(cells: pd.Series, marks: set[str]) -> Numbers | None:
    """Yes and no as 1 and 0; ``None`` for other text."""
    texts = cells.str.casefold().str.strip()
    for truths in TRUTHS:
        found = texts.map({word: float(not place) for place, words in enumerate(truths) for word in words})
        rest = texts[found.isna()].dropna()
        if found.nunique() == len(truths) and all(mark in marks or is_mark(mark) for mark in rest.unique()):
            yes, no = (" or ".join(word for word in words if texts.eq(word).any()) for words in truths)
            missing = f"; {_cells(len(rest))} marked {rest.iloc[0]} {_count(len(rest))} as missing" if len(rest) else ""
            return Numbers(found.astype("float64"), (f"{yes} is 1 and {no} is 0{missing}",))
    return None
