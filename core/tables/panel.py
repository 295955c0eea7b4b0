"""A panel: areas observed over periods, and the forms in which a variable can enter a model."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.tables.calendar import Steps, steps_of
from core.tables.once import KeepsWork
from core.tables.options import Form, Window

MOST_GROUPS = 12  # of areas, beyond which a column rather names them than groups them
POINTS = 100  # percentage points in a whole
PERIODS_PER_YEAR = 4
EARTH_KM = 6371.0088  # mean radius


class PanelError(ValueError):
    """A table that cannot serve as a panel; the message says what to change."""


@dataclass(frozen=True, eq=False)
class Panel(KeepsWork):
    """One row per area and period, checked on creation.

    Parameters
    ----------
    frame
        One row per area and period, any column a variable. Sorted by area and period on entry.
    area, period
        Names of the key columns. Periods are strings that sort in time order (``"2017Q2"``).
    population
        Column with the residents of the area, for rates and weights.
    total
        Denominator of shares (``"records"``).
    groups
        Further key columns, which group rows in other ways (``("district",)``); their effects can be absorbed.
    coordinates
        Columns with the longitude and the latitude of the area in degrees; none where areas have no place.
    logarithms
        Columns that are logarithms of others.
    """

    frame: pd.DataFrame
    area: str = "borough"
    period: str = "quarter"
    population: str = "population"
    total: str = "records"
    groups: tuple[str, ...] = ()
    coordinates: tuple[str, ...] = ()
    logarithms: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        keys = [self.area, self.period]
        self._check_keys()
        twice = self.frame[self.frame.duplicated(keys)]
        if len(twice):
            first = twice.iloc[0]
            raise PanelError(
                f"{first[self.area]} has more than one row for {first[self.period]}; "
                "a panel has one row per area and period."
            )
        object.__setattr__(self, "frame", self.frame.sort_values(keys, ignore_index=True))

    @property
    def keys(self) -> tuple[str, ...]:
        """Key columns, whose effects can be absorbed: the area, the period and the groups."""
        return self.area, self.period, *self.groups

    def _check_keys(self) -> None:
        """Raise :class:`PanelError` if a key column is absent or has missing values."""
        missing = [key for key in self.keys if key not in self.frame.columns]
        if missing:
            raise PanelError(f"The table has no column {', '.join(missing)}; name the area and the period column.")
        if self.frame[list(self.keys)].isna().to_numpy().any():
            raise PanelError(f"Some rows have no {' or no '.join(self.keys)}; fill them in or leave the rows out.")

    @cached_property
    def coded(self) -> dict[str, tuple[NDArray[np.intp], tuple[str, ...]]]:
        """Each key column as integer codes, one per row of ``frame``, and its levels in order."""
        found = {key: pd.factorize(self.frame[key], sort=True) for key in self.keys}
        return {key: (codes, tuple(levels)) for key, (codes, levels) in found.items()}

    @cached_property
    def groupings(self) -> tuple[str, ...]:
        """Columns of text, of yes and no or of whole numbers that put every area into one of a few groups, for good."""
        area, others = self.coded[self.area][0], {self.area, self.period, self.population, *self.coordinates}
        names = self.frame.select_dtypes(exclude=["datetime", "timedelta"]).columns
        return tuple(str(name) for name in names if name not in others and self._groups(name, area))

    def _groups(self, name: str, area: NDArray[np.intp]) -> bool:
        if pd.api.types.is_numeric_dtype(self.frame[name]) and not self._stays_whole(name, area):
            return False
        codes, levels = self.grouped(name)
        if not 2 <= len(levels) <= MOST_GROUPS or (codes < 0).any():
            return False
        of_area = np.empty(area.max(initial=0) + 1, dtype=np.intp)
        of_area[area] = codes
        return bool((of_area[area] == codes).all()) and len(levels) < len(of_area)

    def _stays_whole(self, name: str, area: NDArray[np.intp]) -> bool:
        """Whether a column of numbers has one whole number for each area: looked at first, as most change."""
        values = self.frame[name].to_numpy(dtype=float, na_value=np.nan)
        of_area = np.full(area.max(initial=0) + 1, np.nan)
        of_area[area] = values
        return bool((of_area[area] == values).all() and (np.isfinite(values) & (values == np.floor(values))).all())

    def grouped(self, name: str) -> tuple[NDArray[np.intp], tuple[str, ...]]:
        """A column as codes, one per row of ``frame`` (-1 where it is missing), and its levels' names in order."""
        values = self.frame[name]
        if pd.api.types.is_numeric_dtype(values):
            numbered, sizes = pd.factorize(values.to_numpy(dtype=float, na_value=np.nan), sort=True)
            return numbered, tuple(f"{size:.15g}" for size in sizes)
        codes, levels = pd.factorize(values.astype("str").where(values.notna()), sort=True)
        return codes, tuple(map(str, levels))

    @property
    def areas(self) -> list[str]:
        """Names of the areas, in alphabetical order."""
        return list(self.coded[self.area][1])

    @property
    def periods(self) -> list[str]:
        """Periods in time order."""
        return list(self.coded[self.period][1])

    @cached_property
    def places(self) -> NDArray[np.float64] | None:
        """Where each row's area is on a plane, in km, shape (n, 2); none without `coordinates`.

        The projection is equirectangular about the mean latitude, which is exact enough for one county or city.
        """
        if not self.coordinates:
            return None
        degrees = self.frame[list(self.coordinates)].to_numpy(dtype=float)
        across = np.cos(np.radians(self.frame[self.coordinates[1]].mean()))
        return np.asarray(EARTH_KM * np.radians(degrees) * [across, 1.0])

    @cached_property
    def steps(self) -> Steps:
        """The steps in time that lags count, from the first period to the last, with or without rows."""
        return steps_of([str(period) for period in self.periods])

    def values(self, variable: str, form: Form = "count", window: Window = "quarter", lag: int = 0) -> pd.Series:
        """`variable` in the form in which it enters a model, one value per row of the panel.

        Parameters
        ----------
        variable
            A column of the panel.
        form
            Count as it is, per 1,000 residents, logarithm of either, or share of all records.
        window
            ``"quarter"`` for the period itself, ``"year"`` for the sum of the four periods up to it.
        lag
            Number of steps in time by which the variable is lagged; a step without rows counts too. Negative for a
            lead: the value of a later step.

        Returns
        -------
        Series
            Float, aligned with ``frame``; missing where the window or lag reaches before the first
            period, for the logarithm of zero, and for a share of no records.
        """
        amount = self._amount(variable, window)
        if form == "share":
            amount = amount / self._amount(self.total, window).replace(0, np.nan)
        if form in ("per_1000", "log_per_1000"):
            amount = amount / self.frame[self.population] * 1000
        if form in ("log", "log_per_1000"):
            amount = np.log(amount.where(amount > 0))
        return self._earlier(amount, lag)

    def _amount(self, variable: str, window: Window) -> pd.Series:
        values = self.frame[variable].astype(float)
        if window == "quarter":
            return values
        earlier = [self._earlier(values, lag) for lag in range(PERIODS_PER_YEAR)]
        return sum(earlier[1:], start=earlier[0])

    def _earlier(self, values: pd.Series, lag: int) -> pd.Series:
        """`values` of the same area `lag` steps before (after, if negative); missing where that row is missing."""
        if lag == 0:
            return values
        areas, steps = self._positions
        # Rows are sorted by area and period, so these keys increase, with a gap of `lag` between areas.
        keys = areas * (steps.max(initial=0) + 1 + abs(lag)) + steps
        rows = np.searchsorted(keys, keys - lag).clip(max=len(keys) - 1)
        found = keys[rows] == keys - lag
        return pd.Series(np.where(found, values.to_numpy()[rows], np.nan), index=values.index)

    @cached_property
    def _positions(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Position of each row's area among those of the panel, and of its period among the steps in time."""
        areas = np.asarray(pd.factorize(self.frame[self.area], sort=True)[0], dtype=np.int64)
        steps = self.frame[self.period].astype("str").map(self.steps.places)
        return areas, np.asarray(steps, dtype=np.int64)
