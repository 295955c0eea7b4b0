"""The meanings of the columns of the tables on the London pages, and the units of their values."""

from collections.abc import Mapping
from itertools import product

from core.exports.column_help import AS_ESTIMATE, PERCENT, POINTS, RATE, SHARE, YES_NO
from core.london.evidence.groups import GROUPINGS

# What the axis of a rate over time says after what is counted.
RATE_AXIS = " per 1,000 residents, 12 months to each quarter"
COLUMNS: Mapping[str, tuple[str, str]] = {
    "Distance": ("How unlike the two boroughs are: a sum of standardised differences.", ""),
    "Borough": ("Name of the London borough.", ""),
    "Where": ("London as a whole, or the borough.", ""),
    "Kind": ("The kind of use-of-force records.", ""),
    "Published size (points)": ("The association that the study reported, for the same step.", POINTS),
    "Share of boroughs without a figure": ("Share of the boroughs that have no figure in the quarter.", SHARE),
    "Incidents": ("Incidents of force: distinct dates, times and boroughs.", "incidents"),
    "Share of incidents (%)": ("Share of the incidents of force in the year and place.", PERCENT),
    "Publication": ("Where the count was published.", ""),
    "Period": ("A quarter, or a year from April to March.", ""),
    "Published records": ("Records of force as others counted them.", "records"),
    "Records here": ("Records of force of the same place and period in this app.", "records"),
    "Difference (%)": ("Records here less those published, in per cent of the latter.", PERCENT),
    "Made from": ("The last quarter that the forecast knew.", ""),
    "That of no change (points)": ("Mean absolute error of saying that nothing changes.", POINTS),
    "Share of records": ("Share of all use-of-force records of the quarter that are of the kind.", SHARE),
    "Why": ("The figures that make the borough alike.", ""),
    "Age band": ("The age band of the person on whom force was used.", ""),
    "All together": ("All boroughs in one model.", "as the row says"),
    "Event": ("What the event is called.", ""),
    "No.": ("Number by which charts mark the event.", ""),
    "What happened": ("The event in a sentence.", ""),
    "What": ("Whether the row is a survey figure, a forecast, or a forecast made before.", ""),
    "% of residents asked": ("Share of residents asked who answered so, over the 12 months to the quarter.", PERCENT),
    "Last survey (%)": ("The last survey figure.", PERCENT),
    "Forecast (%)": ("The forecast.", PERCENT),
    "Change (points)": ("Forecast less last survey figure.", POINTS),
    "No change outside 80% interval": ("Whether the 80% interval of the forecast leaves out no change.", YES_NO),
    "Rank, last survey": ("Rank among the boroughs in the last survey; 1 is the highest score.", "rank"),
    "Rank, forecast": ("Rank among the boroughs in the forecast; 1 is the highest score.", "rank"),
    "Places gained": ("Rank in the last survey less rank in the forecast.", "places"),
    "Lowest (%)": ("Lowest figure of a borough.", PERCENT),
    "Highest (%)": ("Highest figure of a borough.", PERCENT),
    "Typical error (points)": ("Mean absolute error of such forecasts in the back-test.", POINTS),
    "Skill (%)": (
        "How much smaller the mean absolute error is than that of no change; below zero it is larger.",
        PERCENT,
    ),
    "Method": ("How the forecast is made.", ""),
    "method": ("How the forecast is made.", ""),
    "measure": ("Name of the survey score in the data package.", ""),
    "label": ("The survey score in words.", ""),
    "mean": ("The forecast: mean of its distribution.", SHARE),
    "Mean absolute error (points)": ("Mean distance of forecast and survey figure in the back-test.", POINTS),
    "Root mean square error (points)": (
        "Root of the mean squared distance of forecast and survey figure; large errors weigh more.",
        POINTS,
    ),
    "80% intervals that held (%)": ("Share of the 80% intervals of the back-test that held the figure.", PERCENT),
    "95% intervals that held (%)": ("Share of the 95% intervals of the back-test that held the figure.", PERCENT),
    "Forecasts": ("Forecasts of the back-test that the score is taken over.", "forecasts"),
    "Test rows": ("How the rows that the forest was tested on were set aside.", ""),
    "R-squared": ("Share of the variance of the test rows explained; below zero it does worse than their mean.", SHARE),
    "Lowest of ten draws": ("Lowest value over ten random draws of the test rows.", SHARE),
    "Highest of ten draws": ("Highest value over ten random draws of the test rows.", SHARE),
    "Feature": ("The figure that the random forest was given.", ""),
    "Range from (%)": ("Lower end: of the 95% margin of a survey figure, of the 80% range of a forecast.", PERCENT),
    "Range to (%)": ("Upper end: of the 95% margin of a survey figure, of the 80% range of a forecast.", PERCENT),
    "Measure": ("The question of the survey.", ""),
    "95% margin from": ("Lower end of the 95% margin.", AS_ESTIMATE),
    "95% margin to": ("Upper end of the 95% margin.", AS_ESTIMATE),
    "95% margin (points)": ("Half-width of the 95% interval of trust.", POINTS),
    "Trust (%)": ("Latest share of residents asked who say that they trust the Metropolitan Police.", PERCENT),
    **{
        f"{what}{over}": (f"{what} in 12 months for every 1,000 residents.", RATE)
        for what, over in product(("Use of force", "Recorded crime"), (" per 1,000", RATE_AXIS))
    },
    "Crime per 1,000 residents": ("Offences recorded in 12 months for every 1,000 residents.", RATE),
    "Neighbourhood": ("Name of the neighbourhood (LSOA of 2021).", ""),
    "Ward": ("Ward that the neighbourhood lies in.", ""),
    "Clearly not the average": ("Whether the 95% margin leaves out the borough's average.", YES_NO),
    "Offences": ("Offences recorded in 12 months.", "offences"),
    "Residents": ("Residents of the neighbourhood in mid-2022.", "people"),
    "Tenth of England by deprivation": ("1 for the most deprived tenth of England in 2025, 10 for the least.", "tenth"),
    **{
        name: (f"The boroughs of the group: {rule.help}", "as the row says")
        for rule in GROUPINGS.values()
        for name in rule.groups
    },
}
