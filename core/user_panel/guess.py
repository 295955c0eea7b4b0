"""Which columns look like area, period and residents: by their values, by whole words of their names, by repeats."""

import re
from collections.abc import Sequence
from itertools import product

import pandas as pd

from core.sources.files.numbers import is_number
from core.sources.files.periods import Periods, read_periods

_PERIODS = "year yr quarter qtr month week period date time wave round fy day half semester yearmonth"
_AREAS = """
    borough area district region county country state ward lsoa msoa force unit city town council authority la utla ltla
    province municipality constituency station division beat place location geography zone school hospital trust firm
    geo company individual person household candidate party name nation postcode lad nm feature
    kreis gebiet gemeinde land bundesland provincia municipio comuna commune d\u00e9partement r\u00e9gion pays pa\u00eds
    ville regione comune provincie gemeente
"""
_PLACES = """
    borough area district region county country state ward lsoa msoa city town council authority la utla ltla lad
    province municipality division place zone
"""
_CODES = "code codes cd id fips iso iso2 iso3 gss nuts number nr no key ref"
_RESIDENTS = """
    population residents inhabitants pop einwohner bev\u00f6lkerung habitants habitantes poblaci\u00f3n
    popula\u00e7\u00e3o popolazione inwoners bevolking
"""
_QUALIFIERS = """
    total resident mid year estimate estimates usual all ages number of count size the mye census midyear people persons
"""
PERIOD_WORDS, AREA_WORDS, CODE_WORDS = (frozenset(words.split()) for words in (_PERIODS, _AREAS, _CODES))
RESIDENT_WORDS, PLACE_WORDS = (frozenset(words.split()) for words in (_RESIDENTS, _PLACES))
QUALIFIERS = RESIDENT_WORDS | frozenset(_QUALIFIERS.split())
OF_GROUPS = frozenset(("type", "class", "category", "group", "measure", "measurement", "indicator", "variable"))
GSS_CODE = re.compile(r"[EWSNK]\d{8}")  # of areas of the United Kingdom
MOST_OFFERED, LOOKED_AT = 10, 200
FEWEST_REPEATS, FEWEST_ROWS = 1.5, 2
WEAK = "numbers in order"
TRUTHS = frozenset(("yes", "no", "true", "false", "y", "n", "t", "f", "0", "1"))


def name_parts(name: str) -> list[str]:
    """The words of a name in lower case: ``LocalAuthority_code`` has three."""
    upper, lower = "A-Z\u00c0-\u00d6\u00d8-\u00de", "a-z\u00df-\u00f6\u00f8-\u00ff"
    return [part.casefold() for part in re.findall(rf"[{upper}]?[{lower}]+|[{upper}]+(?![{lower}])|\d+", name)]


def reads_as_period(column: pd.Series, name: str = "") -> bool:
    """Whether `column` holds times of a calendar or waves, and not merely numbers."""
    found = read_periods(column, name)
    return found is not None and (found.kind != WEAK or not column.dropna().map(is_number).all())


def ways_of_writing(cells: Sequence[str]) -> list[str]:
    """One cell for each way in which `cells` are written, by where they have digits and letters."""
    ways = {re.sub(r"\d+", "0", re.sub(r"[^\W\d]+", "a", cell)): cell for cell in cells[::-1]}
    return list(ways.values())[::-1]


def guess_keys(cells: pd.DataFrame) -> tuple[str, str]:
    """The columns that look like area and period: of the likely pairs, the likeliest without repeats.

    Where all repeat, because rows are of several measures, the area has more values than the measure if names do not
    tell them apart.

    Empty where there is no candidate.
    """
    periods = {str(name): read_periods(cells[name], str(name)) for name in cells.columns}
    timely = {name: _period_score(name, cells[name], found) for name, found in periods.items()}
    named = {name: _area_score(name, cells[name], periods[name]) for name in periods}
    times = _best(timely)
    times = [name for name in times if _is_of_calendar_or_named(name, periods[name])] or times
    places = _without_figures(cells, _best(named), times)
    pairs = [(area, period) for area, period in product(places, times) if area != period]
    if not pairs:
        period = next(iter(times), "")
        area = next((name for name in (*places, *periods) if name != period), "")
        return area, period or next((name for name in periods if name != area), "")
    order = list(periods)
    scores = {}
    for area, period in pairs:
        is_key = _is_key(cells, area, period)
        values = 0 if is_key else cells[area].nunique()
        scores[area, period] = (is_key, named[area] + timely[period], values, -order.index(area))
    return max(pairs, key=scores.__getitem__)


def _is_of_calendar_or_named(name: str, found: Periods | None) -> bool:
    """Whether a column holds times of a calendar, or its name says that its numbers are times."""
    return found is not None and (found.kind != WEAK or bool(PERIOD_WORDS & set(name_parts(name))))


def numbers_rows(column: pd.Series) -> bool:
    """Whether `column` counts the rows, one up at a time."""
    if column.isna().any() or len(column) < FEWEST_ROWS:
        return False
    numbers = pd.to_numeric(column, errors="coerce")
    return bool((numbers.diff().iloc[1:] == 1).all() and numbers.iloc[0] in (0, 1))


def pair_repeats(cells: pd.DataFrame, area: str, period: str) -> int:
    """How many rows have an area and period that an earlier row has."""
    return int(cells[[area, period]].dropna().duplicated().sum())


def _is_key(cells: pd.DataFrame, area: str, period: str) -> bool:
    """Whether two columns name rows without repeats, and areas come back, as numbers of rows do not.

    Text by the name of an area is one even where each has one row only.
    """
    column = cells[area].dropna()
    named = bool(set(name_parts(area)) & AREA_WORDS) and not column.head(LOOKED_AT).map(is_number).all()
    return not pair_repeats(cells, area, period) and (named or bool(column.duplicated().any()))


def _without_figures(cells: pd.DataFrame, places: Sequence[str], times: Sequence[str]) -> list[str]:
    """`places` without columns of numbers that no name makes areas, where another is one of text by its name too.

    Numbers that come back, and never within one of `times`, are those of people or firms, and stay.
    """
    figures = {name for name in places if cells[name].dropna().head(LOOKED_AT).map(is_number).all()}
    texts = [name for name in places if name not in figures and set(name_parts(name)) & AREA_WORDS]
    figures = {name for name in figures if not any(_numbers_areas(cells, name, time) for time in times)}
    unnamed = {name for name in figures if not _is_code(name) and not set(name_parts(name)) & AREA_WORDS}
    return [name for name in places if not (texts and name in unnamed)]


def _numbers_areas(cells: pd.DataFrame, name: str, time: str) -> bool:
    """Whether the numbers of a column come back twice or more on average, and never within one time."""
    come_back = cells[name].notna().all() and len(cells) >= 2 * cells[name].nunique()
    return bool(come_back) and not pair_repeats(cells, name, time)


def _is_code(name: str) -> bool:
    """Whether a name says that its column holds codes: ``Area code``, ``Number``, but not ``Number of offences``."""
    parts = name_parts(name)
    return any(part in CODE_WORDS and [*parts, ""][place + 1] != "of" for place, part in enumerate(parts))


def _best(scores: dict[str, float]) -> list[str]:
    likely = [name for name, score in scores.items() if score > 0]
    return sorted(likely, key=lambda name: -scores[name])[:MOST_OFFERED]


def _period_score(name: str, column: pd.Series, found: Periods | None) -> float:
    words = name_parts(name)
    score = 3.0 * (words[-1:] != [] and words[-1] in PERIOD_WORDS) + 1.0 * bool(PERIOD_WORDS & set(words))
    if len(words) == 1 and words[0] in PERIOD_WORDS:
        score += 2
    if found is None:
        return score - 2 if score else 0.0
    score += 1 if found.kind == WEAK else 4
    values = column.dropna()
    if found.kind == WEAK and not score > 1 and set(values.unique().tolist()) <= TRUTHS:
        return 0.0
    if len(values) >= FEWEST_REPEATS * values.nunique():
        score += 2
    elif found.kind == WEAK and not score > 1:
        return 0.0
    return score - 2 * bool(column.isna().any())


def _area_score(name: str, column: pd.Series, found: Periods | None) -> float:
    words, values = set(name_parts(name)), column.dropna()
    if values.empty or (values.nunique() < 2 and len(values) > 1 and not words & AREA_WORDS):
        return 0.0
    texts = values.unique().tolist()
    are_numbers = all(is_number(str(text)) for text in texts[:LOOKED_AT])
    repeated = len(values) >= FEWEST_REPEATS * len(texts)
    if words & PERIOD_WORDS and (are_numbers or not words & AREA_WORDS):
        return 0.0
    if set(map(str.casefold, map(str, texts))) <= TRUTHS or (found is not None and found.kind != WEAK):
        return 0.0
    if are_numbers and (not repeated or any(re.search(r"[.,]\d*[1-9]", str(text)) for text in texts[:LOOKED_AT])):
        return 2.0 * _is_code(name) * (not any("." in str(text) for text in texts[:LOOKED_AT]))
    score = 0.0 if are_numbers else 3.0
    coded = not are_numbers and all(GSS_CODE.fullmatch(str(text)) for text in texts[:LOOKED_AT])
    score += 3 * (bool(words & AREA_WORDS) or coded) + 2 * repeated + bool(words & {"name", "nm"})
    score += (1 if are_numbers else -1.5) * (_is_code(name) or coded)  # a name rather than its code
    score -= 2 * bool(words & OF_GROUPS) + ("unit" in words)  # a unit may be one of measurement
    return score - 2 * bool(column.isna().any()) + (0.5 if are_numbers else 0)


def guess_residents(frame: pd.DataFrame, names: Sequence[str]) -> str:
    """The column of numbers that counts all residents, by its name and its values; empty for none."""
    return next((name for name in names if _counts_residents(name, frame[name])), "")


def _counts_residents(name: str, values: pd.Series) -> bool:
    words = {word for word in name_parts(name) if not word.isdigit()}
    if not words & RESIDENT_WORDS or not words <= QUALIFIERS:
        return False
    filled = values.dropna()
    return bool(len(filled) and (filled > 0).all() and (filled % 1 == 0).all())
