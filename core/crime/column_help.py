"""The meanings of the columns of the tables on the crime pages, and the units of their values."""

from collections.abc import Mapping

from core.crime.area import MEASURES
from core.exports.column_help import PERCENT, POINTS, PROBABILITY, RATE, SHARE, TIMES, YES_NO

SMALL_AREA = (
    "A small area (Lower layer Super Output Area) of about 1,500 residents, with the boundaries that the page names."
)

# A rate is of the months counted, which are a year only where the page says so.
SPAN = "over the months that the page names"

COLUMNS: Mapping[str, tuple[str, str]] = {
    "District": ("Name of the local authority district.", ""),
    "LSOA": (SMALL_AREA, ""),
    "LSOA code": (f"Code of the small area. {SMALL_AREA}", ""),
    "MSOA": ("A larger area of four to six LSOAs (Middle layer Super Output Area).", ""),
    "Place": ("The district, or all districts together.", ""),
    "Area": ("The district, the group of small areas or the small area that the row is about.", ""),
    "Standard error per point": ("Standard error of the slope per point of the deprivation score.", "as the slope"),
    "Measure": ("The measure of recorded crime that the model explains.", ""),
    "Records": ("Recorded crimes of the type shown.", "records"),
    "All records": ("Recorded crimes of all types in the area.", "records"),
    "Records of all types": ("Recorded crimes of all types.", "records"),
    "Thefts": ("Recorded bicycle thefts.", "records"),
    "Residents": ("Residents of the area, by the estimate that the page names (mid-2019 or mid-2022).", "residents"),
    "Residents (2011 census)": ("Residents of the area in the census of 2011.", "residents"),
    "Deprivation score": (
        "Score of the English indices of deprivation; higher is more deprived.",
        "score, 0 to 100",
    ),
    "Outlier": ("Whether the LSOA is left out as an outlier by the rule that the page states.", YES_NO),
    "Outliers": ("Whether LSOAs that stand apart by the stated rule are in the figures.", ""),
    "LSOAs": ("Number of small areas.", "count"),
    "MSOAs": ("Number of larger areas (MSOAs) that they lie in.", "count"),
    "r": ("Pearson's correlation between deprivation and crime.", "-1 to 1"),
    "r here": ("Pearson's correlation, calculated again.", "-1 to 1"),
    "R²": ("Share of the differences in crime that the deprivation score accounts for.", SHARE),
    "R² here": ("Share of the differences accounted for, calculated again.", SHARE),
    "R² of the score": ("Share of the differences that the score accounts for, beyond the effects.", SHARE),
    "Printed as r": ("The number that the study printed as a correlation.", "as printed"),
    "Reproduced": ("Whether the number of the study is one of those here, to its decimals.", YES_NO),
    "Spearman": ("Correlation of the ranks, which outliers move little.", "-1 to 1"),
    "Chance to be strongest": ("Probability that the place has the strongest association of all.", PROBABILITY),
    "Chance to be weakest": ("Probability that the place has the weakest association of all.", PROBABILITY),
    "% of the usual crime for ten points": (
        "Difference that the model associates with ten points more on the deprivation score, in per cent of the mean.",
        PERCENT,
    ),
    "Crime": ("How recorded crime is counted.", ""),
    "Deprivation": ("Which deprivation score is taken.", ""),
    "Slope per point": ("Slope of the line per point of the deprivation score.", "units of the measure"),
    "Share of records (%)": ("Share of all recorded crimes of the type that the district has.", PERCENT),
    "Share of residents (%)": ("Share of all residents, by the estimate that the page names.", PERCENT),
    "Share of residents, 2011 (%)": ("Share of all residents in the census of 2011.", PERCENT),
    "Times its share": ("Share of records divided by share of residents.", TIMES),
    "Times its share, 2011": ("Share of records divided by share of residents in 2011.", TIMES),
    "Times as variable as chance": (
        "How many times the counts of its small areas vary as much as chance alone would have them.",
        TIMES,
    ),
    "Records per 1,000 residents": (f"Recorded crimes for each 1,000 residents, {SPAN}.", RATE),
    "Per 1,000 residents": (f"Recorded crimes of the type for each 1,000 residents, {SPAN}.", RATE),
    "Per 1,000 records of all types": ("Recorded crimes of the type for each 1,000 records.", "per 1,000 records"),
    "Records at the average rate": ("Records that the area would have at the average rate of the place.", "records"),
    "Outside the limits of": (
        "The widest limits of the funnel plot that the area lies outside of, dispersion allowed for; empty for none.",
        "",
    ),
    "Smoothed rate": (
        f"The rate, {SPAN}, drawn towards the average as far as chance may have moved it (empirical Bayes).",
        "as the rate",
    ),
    "Rank by records": ("Rank among all LSOAs by count; 1 is the most.", "rank"),
    "Rank by rate": ("Rank among all LSOAs by rate; 1 is the highest.", "rank"),
    "Rank by smoothed rate": ("Rank among all LSOAs by smoothed rate; 1 is the highest.", "rank"),
    "Nearest": ("The kind of place that distances are taken to.", ""),
    "Distance": ("Distance to it.", "kilometres"),
    "Distance to the nearest campus": ("Band of distances from the middle of the LSOA to a university campus.", ""),
    "Kinds of places taken": ("Whether distances to all kinds of places are in the model together, or one alone.", ""),
    "Times the rate at twice the distance": ("Rate at twice the distance divided by the rate.", TIMES),
    "Per": ("What records are divided by.", ""),
    "Type": ("Type of crime, as the police publish it.", ""),
    "Share (%)": ("Share of the area's recorded crimes that are of the type.", PERCENT),
    "All districts (%)": ("The same share in all districts together.", PERCENT),
    "Rounded by (%)": ("How far the share can be off because it was published rounded.", POINTS),
    "Design effect": ("How many times small areas widen the variance of the share, because types cluster.", TIMES),
    "Location quotient": ("Share in the area divided by the share in all districts.", TIMES),
    "Difference (points)": ("Share in the first area less share in the second.", POINTS),
    "Above average": ("Probability that the rate is above the average.", PROBABILITY),
    "Per cent for ten points more": (
        "Difference that the model associates with ten points more on the deprivation score.",
        PERCENT,
    ),
    "months": ("The months whose records are counted.", ""),
    "Months": ("The months whose records are counted, and how many of them there are where some are missing.", ""),
    "Months missing": ("Months in between for which the police force has no file, or none with records.", ""),
    "Short months": ("Months with under half of the usual records of the police force.", ""),
    "Records without an area (%)": ("Share of the force's records that have no small area.", PERCENT),
    "longitude": ("Longitude of the middle of the area.", "degrees"),
    "latitude": ("Latitude of the middle of the area.", "degrees"),
    **{
        name: (f"{option.label}. {option.help}", "logarithm" if measure.startswith("log") else RATE)
        for measure, option in MEASURES.items()
        for name in (measure, option.label)
        if measure != "records"
    },
}
