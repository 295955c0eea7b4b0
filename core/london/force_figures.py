"""Force as others counted it: incidents of one year, and published counts that check our table of records."""

from collections.abc import Mapping

import pandas as pd

from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.numbers import number, signed
from core.sources.london.boroughs import LONDON
from core.sources.london.force.force_incidents import GROUPS, INCIDENTS, WEAPONS
from core.tables.catalogue import Catalogue
from core.tables.panel import POINTS, Panel
from core.tables.quarters import quarter_label, quarter_of, quarters_between
from core.tables.schema import Field

YEAR_BEGINS, YEAR_ENDS = "Q2", "Q1"


def incidents_figure(panel: Panel, borough: str, catalogue: Catalogue) -> Figure:
    """Incidents of force in London or in one borough: Taser, firearms, officer-perceived ethnicity.

    Parameters
    ----------
    panel
        Boroughs and quarters with ``records``, to say how many incidents there are to a record.
    borough
        The borough to show; empty for London.
    """
    incidents = catalogue.read_table("force_incidents")
    where = borough or LONDON
    own = incidents[incidents["borough"] == borough] if borough else incidents
    totals, months = own.select_dtypes("number").sum(), sorted(own["month"].unique())
    whole, span = totals[INCIDENTS.name], f"{_month(months[0])} to {_month(months[-1])}"
    groups, weapons = (_shares(totals, fields) for fields in (GROUPS, WEAPONS))
    ratio = incidents_per_record(incidents, panel.frame)
    most = groups.iloc[0]
    return Figure(
        name="force_incidents",
        title=(
            f"{where}, {span}: {number(whole, 0)} incidents of force, a Taser used in "
            f"{number(weapons['share'].iloc[0], 0)}%; officers saw the person as {most['label']} in "
            f"{number(most['share'], 0)}%"
        ),
        charts=(
            charts.sorted_bars(
                groups, "share", "label", "Ethnic group as officers perceived it (% of incidents)", ".1f"
            ),
            charts.sorted_bars(weapons, "share", "label", "Weapon (% of incidents)", ".1f"),
        ),
        alt=f"Bars: incidents of force in {where} by ethnic group as officers perceived it, and by weapon, {span}.",
        table=pd.concat([groups, weapons]).rename(
            columns={"label": "What", "count": "Incidents", "share": "Share of incidents (%)"}
        ),
        note=(
            "An incident is a distinct date, time and borough, and what it says is read off one of its records, so "
            f"Tasers and firearms are undercounted. There are {number(ratio)} incidents to a use-of-force record. "
            "These are not the records by quarter, and do not continue them."
        ),
        side_by_side=True,
    )


def incidents_per_record(incidents: pd.DataFrame, records: pd.DataFrame) -> float:
    """Incidents to a use-of-force record, over the boroughs and quarters that both have complete."""
    quarters = {month: quarter_of(f"{month}-01") for month in incidents["month"].unique()}
    by_quarter = incidents.assign(quarter=incidents["month"].map(quarters))
    counted = by_quarter.groupby(["borough", "quarter"], as_index=False)[INCIDENTS.name].sum()
    both = counted.merge(records[["borough", "quarter", "records"]].dropna(), on=["borough", "quarter"])
    return float(both[INCIDENTS.name].sum() / both["records"].sum())


def outside_check(outside: pd.DataFrame, force: pd.DataFrame) -> pd.DataFrame:
    """Published counts next to ours: ``publication, area, period, published, ours, difference`` (in per cent).

    Parameters
    ----------
    outside
        The table ``force_outside``.
    force
        The table ``use_of_force``.
    """
    ours = [_records(force, str(row.area), str(row.period)) for row in outside.itertuples()]
    return outside.assign(ours=ours, difference=lambda rows: (rows["ours"] / rows["published"] - 1) * POINTS)


def outside_figure(catalogue: Catalogue) -> Figure:
    """How far our counts of records lie from those that others published."""
    rows = outside_check(catalogue.read_table("force_outside"), catalogue.read_table("use_of_force"))
    far = rows.iloc[int(rows["difference"].abs().argmax())]
    drawn = rows.assign(label=rows["publication"] + ": " + rows["area"] + ", " + rows["period"].map(_period))
    return Figure(
        name="outside_check",
        title=(
            f"All {len(rows)} counts that others published lie within {number(abs(far['difference']), 1)}% "
            "of the use-of-force records here"
        ),
        charts=(charts.sorted_bars(drawn, "difference", "label", "Our count less the published one (%)", "+.1f"),),
        alt="Bars: our count of use-of-force records less the published count, for each publication, area and period.",
        table=drawn[["publication", "area", "period", "published", "ours", "difference"]].rename(
            columns={
                "publication": "Publication",
                "area": "Where",
                "period": "Period",
                "published": "Published records",
                "ours": "Records here",
                "difference": "Difference (%)",
            }
        ),
        note=(
            f"The largest difference is {signed(far['difference'], 1)}%: {far['area']}, "
            f"{_period(far['period'])}. "
            "Counts differ by duplicates, late records and records outside the boroughs."
        ),
    )


def _records(force: pd.DataFrame, area: str, period: str) -> int:
    quarters = [period] if "Q" in period else _quarters_of_year(period)
    there = force["quarter"].isin(quarters) & ((area == LONDON) | (force["borough"] == area))
    return int(force.loc[there, "records"].sum())


def _quarters_of_year(year: str) -> list[str]:
    """The quarters of a year from April to March, such as ``"2017-18"``."""
    first = int(year[:4])
    return list(quarters_between(f"{first}{YEAR_BEGINS}", f"{first + 1}{YEAR_ENDS}"))


def _period(period: str) -> str:
    return quarter_label(period) if "Q" in period else period


def _month(month: str) -> str:
    return f"{pd.Period(month, freq='M').strftime('%B %Y')}"


def _shares(totals: pd.Series, fields: Mapping[str, Field]) -> pd.DataFrame:
    """Counts of `fields` and their shares of the incidents, the largest first."""
    names = {field.name: field.label for field in fields.values()}
    counts = totals[list(names)].sort_values(ascending=False)
    share = counts / totals[INCIDENTS.name] * POINTS
    return pd.DataFrame({"label": counts.index.map(names), "count": counts.to_numpy(), "share": share.to_numpy()})
