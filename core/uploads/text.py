"""Texts on uploaded figures."""

from collections.abc import Mapping, Sequence

INVITATION = (
    "The survey and the use-of-force workbooks are published again every quarter. Drop the publishers' files here, the "
    "survey workbook or the yearly use-of-force workbooks, and every London page shows them for this visit. Drop the "
    "zip of a police force of England from [data.police.uk](https://data.police.uk/data/), or its street files, and "
    "the crime pages offer that force. The files are not stored, nobody else sees them, and one click brings the "
    "published figures back."
)
HELD_LONDON = "Every London page now shows these figures."
HELD_CRIME = "The crime pages now offer, under *Place*: {places}."
HELD = "They are kept in this visit only. What became of the files:"
RULES: Mapping[str, str] = {"calendar": "Calendar quarters", "study": "The study's rule"}
RULE_HELP = "The study counted records dated on the last day of a quarter in the next one."
FORECASTING = "Forecasting from your figures"
FORECASTS_OF_UPLOAD = (
    "These forecasts are worked out from your figures. How good the methods are, the forecasts of past quarters and "
    "the study's forest are still those of the published figures: `python -m core.build.backtest` works "
    "them out again, in some minutes."
)
FORECASTS_PUBLISHED = (
    "This page shows forecasts from the published figures, not from yours: they are worked out and scored beforehand, "
    "by `python -m core.build.backtest`."
)


def held(london: bool, places: Sequence[str]) -> str:
    """Sentences on which pages now show the uploaded figures."""
    crime = [HELD_CRIME.format(places="; ".join(places))] if places else []
    return " ".join([*([HELD_LONDON] if london else []), *crime, HELD])
