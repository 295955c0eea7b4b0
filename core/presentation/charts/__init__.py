"""Charts as figures: a finding for a title, a picture, its text alternative and its table.

One accent colour for the thing talked about, greys for the rest; both keep at least 3:1 against the
light and the dark page, so marks do not need to know the theme. Only text does: see :func:`with_theme`.
"""

from core.presentation.charts.areas import (
    against_average_chart,
    deprivation_scatter,
    interval_bars,
    intervals,
    paired_dots,
    quotient_table,
)
from core.presentation.charts.bars import heatmap, paths, shaded_table, sorted_bars, stacked_bars
from core.presentation.charts.curve import EDGE, choice_panel, sorted_estimates
from core.presentation.charts.estimates import estimates, ranges
from core.presentation.charts.events import before_and_after
from core.presentation.charts.figure import (
    DARK_TEXT,
    LIGHT_TEXT,
    AnyChart,
    Figure,
    detach_data,
    with_plain_values,
    with_theme,
)
from core.presentation.charts.over_time import (
    LABEL_GAP,
    bars_over_time,
    events_note,
    fan,
    lines_by_period,
    lines_over_time,
    named_lines,
)
from core.presentation.charts.place import place_over_time
from core.presentation.charts.ratios import ratio_rows
from core.presentation.charts.scatter import quantile_plot, residual_plot, scatter
from core.presentation.charts.style import ANY_SIZE, AXIS_WIDTH, CAUTION, EMPHASIS, LEGEND_WIDTH, PARTS, titled
from core.presentation.charts.usual import usual_ranges

__all__ = [
    "ANY_SIZE",
    "AXIS_WIDTH",
    "CAUTION",
    "DARK_TEXT",
    "EDGE",
    "EMPHASIS",
    "LABEL_GAP",
    "LEGEND_WIDTH",
    "LIGHT_TEXT",
    "PARTS",
    "AnyChart",
    "Figure",
    "against_average_chart",
    "bars_over_time",
    "before_and_after",
    "choice_panel",
    "deprivation_scatter",
    "detach_data",
    "estimates",
    "events_note",
    "fan",
    "heatmap",
    "interval_bars",
    "intervals",
    "lines_by_period",
    "lines_over_time",
    "named_lines",
    "paired_dots",
    "paths",
    "place_over_time",
    "quantile_plot",
    "quotient_table",
    "ranges",
    "ratio_rows",
    "residual_plot",
    "scatter",
    "shaded_table",
    "sorted_bars",
    "sorted_estimates",
    "stacked_bars",
    "titled",
    "usual_ranges",
    "with_plain_values",
    "with_theme",
]
