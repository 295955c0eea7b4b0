"""Every choice of the page of crime types, and its options in a place."""

from dataclasses import dataclass, replace

from core.crime.area import EVERYWHERE, LOW, NOT_LOW, WITHOUT_ASB, CrimeArea, of_total


@dataclass(frozen=True, slots=True)
class TypesView:
    """The choices of the page of crime types.

    Parameters
    ----------
    crime_type
        Type whose share is shown for every district; empty for the most recorded.
    one, other
        Areas compared: a district, a group of LSOAs or an LSOA; empty for the first two available.
    total
        What shares are of: one of :data:`core.crime.area.TOTALS`.
    """

    crime_type: str = ""
    one: str = ""
    other: str = ""
    total: str = WITHOUT_ASB


@dataclass(frozen=True)
class Offer:
    """The types and areas that are available."""

    types: tuple[str, ...]
    areas: tuple[str, ...]

    def complete(self, view: TypesView) -> TypesView:
        """`view` with defaults for what is unavailable or not chosen; an area is not compared with itself."""
        one = view.one if view.one in self.areas else self.areas[0]
        others = self.others(one)
        return replace(
            view,
            crime_type=view.crime_type if view.crime_type in self.types else self.types[0],
            one=one,
            other=view.other if view.other in others else others[0],
        )

    def others(self, one: str) -> tuple[str, ...]:
        """Areas that `one` can be compared with."""
        return tuple(area for area in self.areas if area != one)


def offer(area: CrimeArea, total: str = WITHOUT_ASB) -> Offer:
    """The options in `area` for shares of `total`: types from the most records down; districts, groups of LSOAs, LSOAs.

    Groups that are the entire place, such as the LSOAs with a high score where none has a low one, are left out.
    """
    area = of_total(area, total)
    of_districts = area.compositions[area.compositions["kind"] == "district"]
    types = of_districts.groupby("crime_type")["records"].sum().sort_values(ascending=False, kind="stable").index
    districts = sorted(of_districts["area"].unique())
    together = (EVERYWHERE,) if len(districts) > 1 else ()
    groups = (LOW, NOT_LOW) if {LOW, NOT_LOW} <= set(area.compositions["area"]) else ()
    published = area.compositions.loc[area.compositions["kind"] == "LSOA", "area"].unique()
    return Offer(tuple(types), (*districts, *together, *groups, *published, *_lsoas(area)))


def _lsoas(area: CrimeArea) -> tuple[str, ...]:
    """Names of the LSOAs that have records, where each has figures for all types."""
    if "types_by_lsoa" in area.missing:
        return ()
    return tuple(sorted(area.lsoas.loc[area.records() > 0, "LSOA"]))
