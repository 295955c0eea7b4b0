"""Pictures and tables of one neighbourhood: types of crime, ways to compare, places, deprivation, similar ones."""

from collections.abc import Sequence

import pandas as pd

from core.crime.area import ASB
from core.crime.neighbourhood import text
from core.crime.neighbourhood.analysis import PlaceRange, by_comparison, by_type, rates
from core.crime.neighbourhood.question import DOMAINS, SIMILAR, WITHOUT_CRIME, Comparison
from core.crime.neighbourhood.tables import ForceNeighbourhoods
from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.peers import Trait, most_alike
from core.tables.panel import POINTS

USUAL_RANGE = "Usual range"
COLUMNS = {
    "recorded": "Recorded here",
    "usual": "Usual number",
    "low": "Usual range from",
    "high": "Usual range to",
    "expected": "At the rate of all of them",
    "fewer": "Of those compared, have less",
    "peers": "Compared with",
}
SIDES = {"more": "above", "less": "below", "usual": "within", "unknown": "no range"}
TRAITS = (
    Trait(WITHOUT_CRIME, "deprivation {own} and {peer}", "less deprived", "more deprived", 0, log=False),
    Trait("residents_2022", "{own} and {peer} residents", "fewer residents", "more residents", 0, log=True),
    Trait("young", "{own}% and {peer}% aged 16 to 24", "fewer young people", "more young people", 0, log=False),
    Trait("old", "{own}% and {peer}% aged 65 or more", "fewer older people", "more older people", 0, log=False),
)
SIMILAR_COLUMNS = {
    "rate": "Crimes per 1,000 residents",
    WITHOUT_CRIME: "Deprivation (six domains)",
    "residents_2022": "Residents",
    "young": "Aged 16 to 24 (%)",
    "old": "Aged 65 or more (%)",
    "why": "What is alike",
}


def types_figure(force: ForceNeighbourhoods, code: str, chosen: Comparison) -> Figure:
    """Records of each type next to the range that is usual where deprivation is the same."""
    types = by_type(force, code, chosen)
    compared = [
        text.compared(side, fewer, peers)
        for side, fewer, peers in zip(types["side"], types["fewer"], types["peers"], strict=True)
    ]
    labels = types["crime_type"].replace(ASB, f"{ASB} (incidents)")
    rows = types.assign(label=labels, says=compared)
    return Figure(
        name="neighbourhood_types",
        title=text.types_title(types),
        charts=(_ranges(rows, f"Records in {force.year}, by type"),),
        alt=f"A dot for each type of crime in {text.name_of(force, code)}, next to a bar of what is usual.",
        table=_table(types, "crime_type", "Type"),
        note=text.types_note(len(types)),
    )


def comparisons_figure(force: ForceNeighbourhoods, code: str, chosen: Comparison) -> Figure:
    """All crime next to the usual range, for each way to compare."""
    found = by_comparison(force, code, chosen)
    compared = [
        text.compared(side, fewer, peers)
        for side, fewer, peers in zip(found["side"], found["fewer"], found["peers"], strict=True)
    ]
    rows = found.assign(label=found["choice"], says=compared)
    return Figure(
        name="neighbourhood_choices",
        title=text.comparisons_title(found),
        charts=(_ranges(rows, f"Recorded crimes in {force.year}"),),
        alt="A dot of all recorded crime next to a bar of what is usual, for each way to compare.",
        table=_table(found, "choice", "Choice"),
        note=text.COMPARISONS_NOTE,
    )


def _ranges(rows: pd.DataFrame, axis: str) -> charts.AnyChart:
    shown = rows.rename(columns={"recorded": "value", "usual": "middle"})
    return charts.usual_ranges(shown[["label", "value", "low", "high", "middle", "says"]], axis, USUAL_RANGE)


def _table(rows: pd.DataFrame, column: str, name: str) -> pd.DataFrame:
    named = rows[[column, *COLUMNS]].rename(columns={column: name, **COLUMNS})
    return named.assign(**{USUAL_RANGE: rows["side"].map(SIDES)})


def deprivation_shares(force: ForceNeighbourhoods, code: str) -> pd.DataFrame:
    """Each domain of deprivation: ``label``, ``share`` (%) of England's neighbourhoods less deprived, decile, rank."""
    ranks = {domain: force.count(code, f"{domain}_rank") for domain in DOMAINS}
    return pd.DataFrame(
        [
            {
                "label": name,
                "share": (force.in_england - ranks[domain]) / force.in_england * POINTS,
                "decile": force.count(code, f"{domain}_decile"),
                "rank": ranks[domain],
            }
            for domain, name in DOMAINS.items()
        ]
    )


def deprivation_figure(force: ForceNeighbourhoods, code: str) -> Figure:
    """How deprived the neighbourhood is by domain, as a share of England's that are less so."""
    shares = deprivation_shares(force, code)
    overall, domains = shares.iloc[[0]], shares.iloc[1:].sort_values("share", ascending=False, kind="stable")
    rows = pd.concat([overall, domains], ignore_index=True)
    named = {"label": "Domain", "share": "Less deprived neighbourhoods of England (%)", "decile": "Tenth of England"}
    return Figure(
        name="neighbourhood_deprivation",
        title=text.deprivation_title(shares),
        charts=(charts.sorted_bars(rows[["label", "share"]], "share", "label", named["share"], ".0f"),),
        alt=f"A bar for each domain of deprivation in {text.name_of(force, code)}.",
        table=rows.rename(columns={**named, "rank": "Rank in England"}),
        note=text.DEPRIVATION_NOTE,
    )


def places_table(found: Sequence[PlaceRange]) -> pd.DataFrame:
    """Where the neighbourhood stands by crime per resident, among whom."""
    return pd.DataFrame(
        {
            "Among": [each.where for each in found],
            "Place by crime per resident": [text.place_value(each) for each in found],
        }
    )


def similar_rows(force: ForceNeighbourhoods, code: str) -> pd.DataFrame:
    """The neighbourhoods of the force most alike, nearest first: their figures, ``rate``, and what is alike."""
    figures = force.rows[[trait.column for trait in TRAITS]].dropna()
    figures = figures[figures["residents_2022"] > 0].astype(float)
    found = most_alike(figures, code, TRAITS, min(SIMILAR, len(figures) - 1))
    return found.assign(rate=rates(force).loc[found.index])


def similar_table(force: ForceNeighbourhoods, code: str) -> pd.DataFrame:
    """The neighbourhood and those most alike, with their figures next to each other."""
    found = similar_rows(force, code)
    own = force.rows.loc[[code]].assign(rate=rates(force).loc[code], why="")
    rows = pd.concat([own[list(SIMILAR_COLUMNS)], found[list(SIMILAR_COLUMNS)]])
    names = [text.name_of(force, each) for each in rows.index]
    named = rows.rename(columns=SIMILAR_COLUMNS).reset_index(drop=True)
    named.insert(0, "Neighbourhood", names)
    return named
