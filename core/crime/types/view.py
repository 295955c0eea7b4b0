"""Every choice of the page of crime types, and what they may be in a place."""

from dataclasses import dataclass

from core.crime.area import EVERYWHERE, LOW, NOT_LOW, CrimeArea


@dataclass(frozen=True, slots=True)
class TypesView:
    """What the page of crime types shows.

    Parameters
    ----------
    crime_type
        Type whose share is shown for every district; empty for the most recorded.
    one, other
        Areas compared: a district, a group of LSOAs or an LSOA; empty for the first two on offer.
    """

    crime_type: str = ""
    one: str = ""
    other: str = ""


@dataclass(frozen=True)
class Offer:
    """Types and areas that there are to choose from."""

    types: tuple[str, ...]
    areas: tuple[str, ...]

    def whole(self, view: TypesView) -> TypesView:
        """`view` with what is not on offer here, or not chosen, put in; an area is not compared with itself."""
        one = view.one if view.one in self.areas else self.areas[0]
        others = self.others(one)
        return TypesView(
            view.crime_type if view.crime_type in self.types else self.types[0],
            one,
            view.other if view.other in others else others[0],
        )

    def others(self, one: str) -> tuple[str, ...]:
        """Areas that `one` can be compared with."""
        return tuple(area for area in self.areas if area != one)


def offer(area: CrimeArea) -> Offer:
    """What there is to choose from in `area`: types from the most records down; districts, groups of LSOAs, LSOAs.

    Groups that are all of the place, such as the LSOAs with a high score where none has a low one, are no choice.
    """
    own = area.compositions[area.compositions["kind"] == "district"]
    types = own.groupby("crime_type")["records"].sum().sort_values(ascending=False, kind="stable").index
    districts = sorted(own["area"].unique())
    together = (EVERYWHERE,) if len(districts) > 1 else ()
    groups = (LOW, NOT_LOW) if {LOW, NOT_LOW} <= set(area.compositions["area"]) else ()
    published = area.compositions.loc[area.compositions["kind"] == "LSOA", "area"].unique()
    return Offer(tuple(types), (*districts, *together, *groups, *published, *_lsoas(area)))


def _lsoas(area: CrimeArea) -> tuple[str, ...]:
    """Names of the LSOAs that have records, where all types are there for each."""
    if "types_by_lsoa" in area.missing:
        return ()
    return tuple(sorted(area.lsoas.loc[area.records() > 0, "LSOA"]))
