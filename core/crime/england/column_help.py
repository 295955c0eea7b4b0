"""The meanings of the columns of the tables on England's page, and the units of their values."""

from collections.abc import Mapping

from core.exports.column_help import AS_ESTIMATE, INTERVAL, RATE, TIMES

_PREDICTION = "{} end of the range in which the ratio of another force of this kind would lie, in 95 of 100 cases."

COLUMNS: Mapping[str, tuple[str, str]] = {
    "Police force": ("Name of the area that the force serves; in the table of choices, how many forces.", ""),
    "Times the rate": ("Rate in the most deprived fifth of neighbourhoods, divided by that in the least.", TIMES),
    "95% interval from": (INTERVAL.format("Lower", "95%", 95), AS_ESTIMATE),
    "95% interval to": (INTERVAL.format("Upper", "95%", 95), AS_ESTIMATE),
    "Another force from": (_PREDICTION.format("Lower"), TIMES),
    "Another force to": (_PREDICTION.format("Upper"), TIMES),
    "Per 1,000 residents, most deprived fifth": ("Rate in the most deprived fifth of neighbourhoods.", RATE),
    "Per 1,000 residents, least deprived fifth": ("Rate in the least deprived fifth of neighbourhoods.", RATE),
    "Neighbourhoods": ("Number of small areas (LSOAs), with the boundaries of 2021.", "count"),
    "Crime type": ("Type of crime, as the police publish it.", ""),
    "Choice": ("What was chosen in place of the view shown; one choice at a time.", ""),
    "Police forces": ("Number of forces with a ratio.", "count"),
    "Forces with a higher rate": ("Number of forces whose most deprived fifth has the higher rate.", "count"),
    "Indicator": ("A rate of crime that the crime domain of the indices of deprivation holds.", ""),
    "Rate in the district": ("Average over residents, per 1,000 people or properties at risk.", RATE),
    "Rate in England": ("The same for all of England.", RATE),
    "Times the rate of England": ("Rate in the district over that in England.", TIMES),
    "Fifth of neighbourhoods": ("Group of a fifth of the neighbourhoods, by deprivation.", ""),
}
