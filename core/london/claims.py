"""What the London study claimed, finding by finding, and how each claim is checked.

The numbers come from the table ``published_findings``; here is only what they mean and where they show.
"""

from core.claims import Advice, Claim, ClaimStudy, Coefficient, Constant, Direction, Share, Total
from core.london.ages.question import LONDON_AGES
from core.london.amount.question import LONDON_AMOUNT
from core.london.forecast.claims import ForecastMade, ForestScore
from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.panel import london_panel
from core.london.questions import LONDON_FIRST, LONDON_LAST
from core.tables.panel import Panel

CLAIMS: tuple[Claim[Panel], ...] = (
    Claim(
        "amount-log-coefficient",
        "More use-of-force records are linked to a {direction} average score",
        Coefficient(LONDON_AMOUNT, "records"),
        group="amount",
    ),
    Claim(
        "amount-direction",
        "More force is significantly linked to a {direction} score",
        Direction(LONDON_AMOUNT, "records"),
        group="amount",
    ),
    Claim(
        "outcome-arrested",
        "More records that end in an arrest are linked to a {direction} score",
        Coefficient(LONDON_OUTCOMES, "arrested"),
    ),
    Claim(
        "outcome-hospitalised",
        "More records that end in hospital are linked to a {direction} score",
        Coefficient(LONDON_OUTCOMES, "hospitalised"),
    ),
    Claim(
        "outcome-mental-health-act",
        "More records that end in detention under the Mental Health Act are linked to a {direction} score",
        Coefficient(LONDON_OUTCOMES, "detained_mental_health_act"),
    ),
    Claim(
        "outcome-other",
        "More records with another outcome are linked to a {direction} score",
        Coefficient(LONDON_OUTCOMES, "other_outcome"),
    ),
    Claim(
        "age-under-18",
        "More force on under-18s is linked to a {direction} score",
        Coefficient(LONDON_AGES, "age_under_18"),
        group="under 18",
    ),
    Claim(
        "age-18-34",
        "More force on 18 to 34s is linked to a {direction} score",
        Coefficient(LONDON_AGES, "age_18_34"),
    ),
    Claim(
        "age-35-49",
        "More force on 35 to 49s is linked to a {direction} score",
        Coefficient(LONDON_AGES, "age_35_49"),
    ),
    Claim(
        "age-50-plus",
        "More force on people of 50 and over is linked to a {direction} score",
        Coefficient(LONDON_AGES, "age_50_plus"),
    ),
    Claim("age-constant", "With no force on any age group the score would be {reported}", Constant(LONDON_AGES)),
    Claim(
        "forecast-r2",
        "A random forest predicts the score with an R-squared of {reported}",
        ForestScore("r2"),
    ),
    Claim("forecast-mae", "The random forest is off by {reported} on average", ForestScore("mae")),
    Claim(
        "forecast-horizon",
        "Each borough's score can be forecast for {reported}",
        ForecastMade("score_mean_of_8", "2024Q1"),
    ),
    Claim("recommendation-under-18", "Police should {reported}", Advice("age-under-18"), group="under 18"),
    Claim("records-total", "{reported} uses of force were recorded", Total("records", LONDON_FIRST, LONDON_LAST)),
    Claim(
        "records-arrested-share",
        "The share of records that end in an arrest is {reported}",
        Share("arrested", "records", LONDON_FIRST, LONDON_LAST),
    ),
)

LONDON_CLAIMS = ClaimStudy(
    name="london",
    title="London: use of force and trust",
    table="published_findings",
    figures=london_panel,
    topics={
        "amount": "Amount of force",
        "outcomes": "What happens to the person",
        "ages": "Age of the person",
        "forecast": "Forecast",
        "policy": "Advice",
        "data": "The records themselves",
    },
    method=(
        "For London, the stronger method is to count force over the survey's 12 months from when its recording had "
        "settled, to compare each borough with itself, to take out what happened in all of London in a quarter, and to "
        "see whether other defensible ways to ask agree. A forecast is made from earlier quarters only, and compared "
        "with saying that nothing changes."
    ),
    claims=CLAIMS,
)
