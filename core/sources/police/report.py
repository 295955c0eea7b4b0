"""What became of the records of a download: content of ``report.json``, and the same as lines of text."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from core.sources.files.cells import SourceError
from core.sources.files.tables import named
from core.sources.police.census import COUNTED, INDEX, MOVED, SHARED
from core.sources.police.coverage import RULE_VERSION, coverage_of
from core.sources.police.download import Download
from core.sources.police.tally import UNKNOWN, WALES, WITHOUT, Tally
from core.sources.police.territories import Territories, force_name

CENSUS_RULE = (
    "A force is shown by the LSOAs, districts, residents and index of deprivation of the census whose codes it has: "
    "the one by which fewer of its records have a code of the other. Records with a code of the other census go to the "
    "LSOAs on its ground: to one where there is one, in proportion to residents where there are several."
)
DISTRICT_RULE = (
    "A district belongs to the force whose territory it is part of, whoever recorded crime there. Districts in which "
    "their force has no record are left out."
)
NAMED = 12
REASONS = 3
# A district with so many records in a month has none in another with a probability under one in 20,000.
BEYOND_CHANCE = 10


def describe(source: str, found: Download, of_force: Mapping[str, Tally], territories: Territories) -> dict[str, Any]:
    """Content of ``report.json`` for the download `source`: what was read, counted, left out, skipped and missing.

    Parameters
    ----------
    of_force
        The tally of each force by the census whose codes it has.
    """

    def records(*fates: str) -> int:
        return sum(tally.records(*fates, force=force) for force, tally in of_force.items())

    return {
        "source": source,
        "forces": {force: _force(force, found, tally, territories) for force, tally in of_force.items()},
        "months": sorted({file.month for file in found.files}),
        "read": records(),
        "counted": records(*COUNTED),
        "without_lsoa": records(WITHOUT),
        "outside": records(WALES, UNKNOWN),
        **{fate: records(fate) for fate in (WALES, UNKNOWN, *COUNTED)},
        "skipped": found.skipped,
        "rules": {"version": RULE_VERSION, "codes": CENSUS_RULE, "districts": DISTRICT_RULE},
        "engine": f"polars {pl.__version__}",
    }


def _force(force: str, found: Download, tally: Tally, territories: Territories) -> dict[str, Any]:
    """What there is of one force: its census, its months and districts, and what these lack."""
    months = [file.month for file in found.files if file.force == force]
    there, owner = tally.months_by_district(force), territories.force_of
    own = {code: name for code, name in sorted(tally.census.districts.items()) if owner.get(code) == force}
    districts = {code: name for code, name in own.items() if code in there}
    records = {month: tally.of_month(force, month) for month in months}
    counted = [month for month in months if records[month]]
    gaps = {name: _gaps(there[code], counted) for code, name in districts.items()}
    coverage = coverage_of({"records": records, "without_lsoa": tally.records(WITHOUT, force=force)})
    return {
        "name": force_name(force),
        "census": tally.census.year,
        "read": tally.records(force=force),
        "records": records,
        "without_lsoa": coverage.without_area,
        "unknown_code": tally.records(UNKNOWN, force=force),
        "bridged": tally.bridged(districts, counted),
        "missing_months": list(coverage.missing),
        "short_months": list(coverage.short),
        "gaps": {name: lacking for name, lacking in gaps.items() if lacking},
        "districts": districts,
        "without_records": sorted(set(own.values()) - set(districts.values())),
        "elsewhere": tally.elsewhere(force, districts),
        "by_others": tally.by_others(force, districts, counted),
        "why_none": "" if districts else territories.why_no_district(force) or "has no record in its districts",
    }


def _gaps(records: Mapping[str, float], months: Sequence[str]) -> list[str]:
    """Those of `months` without `records` of a district; none where it has so few that chance could leave one out."""
    usual = sum(records.values()) / len(records)
    return [month for month in months if month not in records] if usual >= BEYOND_CHANCE else []


def refuse_nothing_counted(name: str, report: Mapping[str, Any]) -> None:
    """Raise :class:`SourceError` where no force of a `report` on the download `name` has a district with records."""
    forces = report["forces"].values()
    if not any(force["districts"] for force in forces):
        named = [f"{force['name']} {force['why_none']}" for force in forces]
        reasons = "; ".join(named[:REASONS]) + (f"; and {len(named) - REASONS} more" if len(named) > REASONS else "")
        raise SourceError(
            f"{name} has no record that can be counted in a district of its force, of {report['read']:,} records read "
            f"({report['without_lsoa']:,} without an LSOA code): {reasons}. Choose a download of a territorial police "
            "force of England."
        )


def lines_of(report: Mapping[str, Any]) -> list[str]:
    """A report as lines of text."""
    forces, months = report["forces"], report["months"]
    years = sorted({month[:4] for month in months})
    return [
        f"{_number(forces, 'force')}, {_span(months)}"
        + (f", in {len(years)} years ({', '.join(years)})" if len(years) > 1 else ""),
        f"read {report['read']:,} = counted {report['counted']:,} + without LSOA {report['without_lsoa']:,} "
        f"+ outside {report['outside']:,}",
        f"outside: {report[WALES]:,} in Wales, {report[UNKNOWN]:,} with a code that no LSOA of England or Wales has",
        f"codes of the other census than a force's own: {report[MOVED]:,} records moved to the one LSOA on their "
        f"ground, {report[SHARED]:,} shared out among several",
        *(_skipped(kind, names) for kind, names in report["skipped"].items()),
        *(line for force in forces.values() for line in _force_lines(force, months)),
    ]


def _force_lines(force: Mapping[str, Any], months: Sequence[str]) -> Iterator[str]:
    """The months and districts of one force, and what these lack; `months` are those of the whole download."""
    name, coverage = force["name"], coverage_of(force)
    has = f"districts {', '.join(force['districts'].values())}" if force["districts"] else f"it {force['why_none']}"
    span = _span(coverage.counted, coverage.span)
    yield (
        f"{name}, {span}: {has}; {force['elsewhere']:,.0f} of its counted records lie elsewhere; "
        f"{coverage.share_without_area:.1%} have no LSOA"
    )
    year = force["census"]
    yield f"{name} is shown by its LSOAs of {year}, with the index of deprivation of {INDEX[year]}."
    if force["bridged"]:
        yield (
            f"Warning: {force['bridged']:,.0f} records in the districts of {name} came with codes of the other census, "
            "and count in the LSOAs on their ground."
        )
    if force["unknown_code"]:
        yield f"Warning: {force['unknown_code']:,} records of {name} have a code that no LSOA has; they are left out."
    if force["by_others"]:
        yield f"{force['by_others']:,.0f} records of other forces lie in the districts of {name}, and count there."
    if force["districts"] and force["without_records"]:
        yield f"Warning: {name} has no record in {named(force['without_records'], NAMED)}; they are left out."
    if coverage.missing:
        months = named(coverage.missing, NAMED)
        yield f"Warning: {name} has no file or no record for {months}; its counts lack that time."
    for month in coverage.short:
        yield (
            f"Warning: {name} has {coverage.records[month]:,} records for {month}, under half of the usual "
            f"{coverage.usual:,.0f}; its file may be cut off."
        )
    for district, lacking in coverage.gaps.items():
        yield f"Warning: {district} has no record for {named(lacking, NAMED)}, which other districts of {name} have."
    if (coverage.span[0], coverage.span[-1]) != (months[0], months[-1]):
        yield f"Note: {name} has {span} only; the download has other months for other forces."


def _span(months: Sequence[str], of: Sequence[str] = ()) -> str:
    """'3 of 4 months from 2021-01 to 2021-04', or '4 months' of them where none is missing."""
    every = of or months
    some = f"{len(months)} of " if len(months) < len(every) else ""
    return f"{some}{_number(every, 'month')} from {every[0]} to {every[-1]}"


def _skipped(kind: str, names: Sequence[str]) -> str:
    return f"skipped {_number(names, f'{kind} file')}: {named(names, NAMED)}"


def _number(things: Collection[object], name: str) -> str:
    return f"{len(things):,} {name}{'' if len(things) == 1 else 's'}"
