"""What the West Midlands study claimed, finding by finding, and how each claim is checked.

The numbers come from the table ``crime_findings``; here is only what they mean and where they show.
"""

from core.claims import Claim, ClaimStudy
from core.crime.area import BICYCLE_THEFT, EVERYWHERE, LOW_SCORE, CrimeArea
from core.crime.deprivation.claims import Correlation, MoreDeprived, NoneBelow, OutliersLeftOut, Strength
from core.crime.loaders import west_midlands
from core.crime.rates.claims import BICYCLES_PAGE, MostCrime, Near, ShareOfCrime
from core.crime.text import place_text
from core.crime.types.claims import MUCH, Ahead, LargestType, MoreCommon, Ranked, UnderLowScore
from core.sources.small_areas.places import CENTRE, HOSPITAL, UNIVERSITY

VIOLENCE, VEHICLE, OTHER_THEFT = "Violence and sexual offences", "Vehicle crime", "Other theft"
BURGLARY, SHOPLIFTING, DAMAGE = "Burglary", "Shoplifting", "Criminal damage and arson"
FROM_PERSON, ORDER = "Theft from the person", "Public order"
LEFT_OUT = ("Dudley",)
PLOTTED = ("Birmingham", "Coventry", "Sandwell", "Solihull", "Walsall", "Wolverhampton")
R2 = {"r2-all": EVERYWHERE} | {f"r2-{district.lower()}": district for district in PLOTTED}
WHERE_LOW = f"where the IMD score is under {LOW_SCORE}"

CLAIMS: tuple[Claim[CrimeArea], ...] = (
    *(
        Claim(
            id_,
            f"The correlation (r) of crime and deprivation in {place_text(place)} is {{reported}}",
            Correlation(place),
            "r-value",
        )
        for id_, place in R2.items()
    ),
    Claim(
        "strongest-district",
        "The link between crime and deprivation is strongest in {reported}",
        Strength("strongest", LEFT_OUT),
    ),
    Claim(
        "weakest-district",
        "The link between crime and deprivation is weakest in {reported}",
        Strength("weakest", LEFT_OUT),
    ),
    Claim("outliers-removed", "Outliers were left out of the correlations", OutliersLeftOut(tuple(R2))),
    Claim("sandwell-floor", "Sandwell has no LSOA with a low deprivation score", NoneBelow("Sandwell", 10)),
    Claim("share-birmingham", "Birmingham has more than its share of crime", ShareOfCrime("Birmingham", above=True)),
    Claim(
        "share-wolverhampton",
        "Wolverhampton has more than its share of crime",
        ShareOfCrime("Wolverhampton", above=True),
    ),
    Claim("share-dudley", "Dudley has less than its share of crime", ShareOfCrime("Dudley", above=False)),
    Claim("share-solihull", "Solihull has less than its share of crime", ShareOfCrime("Solihull", above=False)),
    Claim("solihull-deprived", "Solihull is more deprived than districts with more crime", MoreDeprived("Solihull")),
    Claim(
        "centres",
        "Crime gathers in district centres and near universities and hospitals",
        Near((CENTRE, UNIVERSITY, HOSPITAL)),
    ),
    Claim("violence-largest", "Violence and sexual offences are the largest type everywhere", LargestType(VIOLENCE)),
    Claim("violence-wolverhampton", "{reported} has the highest share of violence", Ranked(VIOLENCE, 0)),
    Claim("violence-sandwell", "{reported} has the second highest share of violence", Ranked(VIOLENCE, 1)),
    Claim("bicycle-coventry", "Bicycle theft is more common in Coventry", MoreCommon("Coventry", (BICYCLE_THEFT,))),
    Claim("bicycle-dudley", "Dudley has the lowest share of bicycle theft", Ranked(BICYCLE_THEFT, -1, "Dudley")),
    Claim(
        "solihull-vehicle",
        "Vehicle crime, other theft and burglary are more common in Solihull",
        MoreCommon("Solihull", (VEHICLE, OTHER_THEFT, BURGLARY)),
    ),
    Claim("max-birmingham", "{reported} is the LSOA of Birmingham with most crime", MostCrime("Birmingham")),
    Claim("max-solihull", "{reported} is the LSOA of Solihull with most crime", MostCrime("Solihull")),
    Claim(
        "shoplifting-138a",
        "Shoplifting comes before violence in Birmingham's LSOA with most crime",
        Ahead("Birmingham 138A", SHOPLIFTING, VIOLENCE),
    ),
    Claim("low-imd-burglary", f"The share of burglary is higher {WHERE_LOW}", UnderLowScore(BURGLARY, higher=True)),
    Claim(
        "low-imd-shoplifting",
        f"The share of shoplifting is higher {WHERE_LOW}",
        UnderLowScore(SHOPLIFTING, higher=True),
    ),
    Claim(
        "low-imd-damage",
        f"The share of criminal damage and arson is higher {WHERE_LOW}",
        UnderLowScore(DAMAGE, higher=True),
    ),
    Claim(
        "low-imd-vehicle",
        f"The share of vehicle crime is much higher {WHERE_LOW}",
        UnderLowScore(VEHICLE, higher=True, times=MUCH),
    ),
    Claim(
        "low-imd-person",
        f"The share of theft from the person is lower {WHERE_LOW}",
        UnderLowScore(FROM_PERSON, higher=False),
    ),
    Claim("low-imd-order", f"The share of public order is lower {WHERE_LOW}", UnderLowScore(ORDER, higher=False)),
    Claim(
        "bicycle-universities",
        "Bicycle theft gathers near universities",
        Near((UNIVERSITY,), BICYCLE_THEFT, ("residents", "records"), BICYCLES_PAGE),
    ),
)

WEST_MIDLANDS_CLAIMS = ClaimStudy(
    name="west_midlands",
    title="West Midlands: crime and deprivation",
    table="crime_findings",
    figures=west_midlands,
    topics={
        "deprivation": "Crime and deprivation",
        "rates": "More than their share",
        "types": "Types of crime",
        "bicycle theft": "Bicycle theft",
    },
    method=(
        "For the West Midlands, the stronger method is to take all seven districts, to count records per resident of "
        "mid-2019 where areas of different size are compared, and to allow for neighbourhoods: records and LSOAs of "
        "one MSOA are alike, so that they are less certain than as many on their own. All records of 2019 are counted; "
        "we ask whether a difference is larger than chance."
    ),
    claims=CLAIMS,
)
