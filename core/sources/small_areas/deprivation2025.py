"""English indices of deprivation 2025 by neighbourhood, the score without its crime domain, and what is in that."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from core.sources.files.cells import SourceError, Tidy, as_counts, read_csv, refuse_repeats
from core.sources.small_areas.areas import CODE, LSOA21_CODE, NEIGHBOURHOODS_OF_ENGLAND
from core.tables.schema import OGL, Field, Source, Table

FILE = "imd2025_england_lsoa21.csv.gz"
INDICATORS_FILE = "imd2025_crime_indicators_lsoa21.csv.gz"
# Published weights of the domains, and the constant of the exponential transformation of their ranks: MHCLG (2025),
# English indices of deprivation 2025: technical report. The constant makes the most deprived tenth span half the scale.
WEIGHTS: Mapping[str, float] = {
    "income": 0.225,
    "employment": 0.225,
    "education": 0.135,
    "health": 0.135,
    "crime": 0.093,
    "housing_and_services": 0.093,
    "environment": 0.093,
}
DOMAIN_NAMES: Mapping[str, str] = {
    "income": "Income",
    "employment": "Employment",
    "education": "Education, skills and training",
    "health": "Health and disability",
    "crime": "Crime",
    "housing_and_services": "Barriers to housing and services",
    "environment": "Living environment",
}
CONSTANT, MOST = 23.0, 100.0
PUBLISHED_WITHIN = 0.05
DECIMALS = 3
INDEX = "imd25"
OVERALL = "imd25_score"

IMD_2025 = Source(
    "English indices of deprivation 2025",
    "Ministry of Housing, Communities and Local Government",
    "https://www.gov.uk/government/statistics/english-indices-of-deprivation-2025",
    OGL,
    "Source: Ministry of Housing, Communities and Local Government, English indices of deprivation 2025, "
    "licensed under the Open Government Licence v3.0.",
)
NOT_A_TREND = "Not to be compared with 2019 as change over time: housing costs now count in the income domain."
CIRCULAR = "The index contains a crime domain with a weight of 9.3%, so it is not independent of crime."
RATES = ("income", "employment")


def _measures(name: str, title: str, caveat: str = "") -> tuple[Field, Field, Field]:
    """Score, rank and tenth of the index or of a domain."""
    unit = "share of people" if name.removeprefix(f"{INDEX}_") in RATES else "score"
    score = Field(
        f"{name}_score", "number", f"{title} 2025", f"{title} score; higher is more deprived.", "control", unit, caveat
    )
    rank = Field(
        f"{name}_rank",
        "integer",
        f"{title} rank 2025",
        f"Place among the 33,755 neighbourhoods of England by the {title} score; 1 is the most deprived.",
        "control",
        unit="rank",
        unique=name == INDEX,
        minimum=1,
        maximum=NEIGHBOURHOODS_OF_ENGLAND,
    )
    tenth = Field(
        f"{name}_decile",
        "integer",
        f"{title} tenth 2025",
        f"Tenth of the neighbourhoods of England by the {title} score; 1 is the most deprived tenth.",
        "control",
        unit="tenth",
        minimum=1,
        maximum=10,
    )
    return score, rank, tenth


WITHOUT_CRIME = Field(
    f"{INDEX}_score_without_crime",
    "number",
    "Deprivation without crime 2025",
    "Score of the Index of Multiple Deprivation 2025 worked out again from its other six domains, each with its weight "
    "divided by the sum of theirs; higher is more deprived.",
    "control",
    unit="score",
    caveat="Not a published index: it shows what is left once crime is taken out of the measure of deprivation.",
)
TABLE = Table(
    "deprivation_2025",
    "deprivation.parquet",
    "Deprivation 2025, by neighbourhood",
    "One row per neighbourhood: score, rank and tenth of the index and of its seven domains.",
    (IMD_2025,),
    (
        replace(LSOA21_CODE, unique=True, references="areas"),
        *_measures(INDEX, "Deprivation", f"{CIRCULAR} {NOT_A_TREND}"),
        WITHOUT_CRIME,
        *(field for name, title in DOMAIN_NAMES.items() for field in _measures(f"{INDEX}_{name}", title)),
    ),
    "Score without crime worked out from the ranks of the domains, with the published weights and transformation.",
)
INDICATORS: Mapping[str, str] = {
    "violence_with_injury": "Violence with injury",
    "violence_without_injury": "Violence without injury",
    "stalking_and_harassment": "Stalking and harassment",
    "burglary": "Burglary",
    "theft": "Theft",
    "criminal_damage": "Criminal damage",
    "public_order_and_possession_of_weapons": "Public order and possession of weapons",
    "anti_social_behaviour": "Anti-social behaviour",
}


def _indicator(name: str, title: str) -> Field:
    at_risk = "properties" if name == "burglary" else "population"
    return Field(
        f"{name}_rate",
        "number",
        f"{title} in the indices",
        f"{title} per 1,000 {at_risk} at risk, as the crime domain of the indices 2025 has it.",
        "context",
        unit=f"per 1,000 {at_risk} at risk",
        caveat="Smoothed by the publisher towards larger areas; the population at risk includes people who work there.",
        minimum=0,
    )


INDICATORS_TABLE = Table(
    "crime_indicators_2025",
    "crime_indicators.parquet",
    "Crime in the indices of deprivation 2025, by neighbourhood",
    "One row per neighbourhood: the eight rates inside the crime domain, for every force of England.",
    (IMD_2025,),
    (
        replace(LSOA21_CODE, unique=True, references="areas"),
        *(_indicator(name, title) for name, title in INDICATORS.items()),
    ),
)


def read(folder: Path) -> Tidy:
    """Scores, ranks and tenths of the index and its domains, and the score without crime.

    Raises
    ------
    SourceError
        If the file is not as expected, or the published score cannot be rebuilt from the ranks of its domains.
    """
    names = [INDEX.removesuffix("25"), *DOMAIN_NAMES]
    scores = [f"{name}_score" for name in names]
    counts = [f"{name}_{kind}" for name in names for kind in ("rank", "decile")]
    frame = read_csv(folder, FILE, [CODE], [*scores, *counts])
    refuse_repeats(frame, [CODE], FILE)
    frame = frame.assign(**{name: as_counts(frame[name], FILE) for name in counts})
    ranks = frame[[f"{name}_rank" for name in WEIGHTS]].set_axis(list(WEIGHTS), axis="columns")
    check_rebuilt(frame["imd_score"], rebuilt_score(ranks, WEIGHTS), frame[CODE])
    frame[WITHOUT_CRIME.name] = rebuilt_score(ranks, weights_without("crime")).round(DECIMALS)
    named = {column: _name(column) for column in (*scores, *counts)}
    return Tidy(TABLE, frame.rename(columns=named)[TABLE.columns], (FILE,))


def rebuilt_score(ranks: pd.DataFrame, weights: Mapping[str, float]) -> pd.Series:
    """Score of the index from the ranks of its domains.

    Parameters
    ----------
    ranks
        One column per domain, 1 for the most deprived of all rows.
    weights
        Weight of each domain used. Those published add up to 0.999, and the published score is their plain sum.

    Returns
    -------
    Series
        0 to 100, aligned with `ranks`: the weighted sum of the exponentially transformed ranks, which stretch the
        deprived end.
    """
    parts = [transformed(ranks[name]) * weight for name, weight in weights.items()]
    return sum(parts[1:], start=parts[0])


def weights_without(domain: str) -> dict[str, float]:
    """Weights of the domains other than `domain`, divided by their sum."""
    rest = {name: weight for name, weight in WEIGHTS.items() if name != domain}
    return {name: weight / sum(rest.values()) for name, weight in rest.items()}


def transformed(ranks: pd.Series) -> pd.Series:
    """Exponential transformation of `ranks` (1 for the most deprived): from about 0 to 100 for rank 1."""
    share = (len(ranks) - ranks + 1) / len(ranks)
    scores: pd.Series = -CONSTANT * np.log(1 - share * (1 - np.exp(-MOST / CONSTANT)))
    return scores


def check_rebuilt(published: pd.Series, rebuilt: pd.Series, codes: pd.Series) -> None:
    """Raise :class:`SourceError` for the area whose rebuilt score is furthest from the published one, if too far."""
    apart = (published - rebuilt).abs()
    if apart.max() > PUBLISHED_WITHIN:
        raise SourceError(
            f"{FILE}: the score of {codes.iloc[apart.argmax()]} is {apart.max():.3f} away from what the ranks of its "
            "domains give; use scores and ranks of one edition."
        )


def read_indicators(folder: Path) -> Tidy:
    """The eight rates inside the crime domain."""
    published = {
        f"{name}_rate_per_1_000_at_risk_{'properties' if name == 'burglary' else 'population'}": f"{name}_rate"
        for name in INDICATORS
    }
    frame = read_csv(folder, INDICATORS_FILE, [CODE], list(published))
    refuse_repeats(frame, [CODE], INDICATORS_FILE)
    return Tidy(INDICATORS_TABLE, frame.rename(columns=published)[INDICATORS_TABLE.columns], (INDICATORS_FILE,))


def _name(column: str) -> str:
    """Our name of a published column: ``imd25_score``, ``imd25_income_rank``."""
    return column.replace("imd_", f"{INDEX}_") if column.startswith("imd_") else f"{INDEX}_{column}"
