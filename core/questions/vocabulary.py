"""The words that all sentences about a question take: what an area, a period and a row are called, and the outcome."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.stats.regression import ModelSpec
from core.stats.regression.errors import one
from core.tables.options import Form

NBSP = "\N{NO-BREAK SPACE}"
ONE_MORE = "one more {one}"
SWITCHED = "{what} at 1 (not 0)"
LABEL = "{label}"


@dataclass(frozen=True)
class Step:
    """A step in the predictor that a reader can picture: its size in the model's units, and its words.

    In them ``{what}`` stands for what there is more of, ``{more}`` for it after "10% more", ``{one}`` after "one more".
    """

    size: float
    text: str

    def of(self, what: str) -> str:
        """The step in `what`, in words: '10% more records', 'one more of “spending”'."""
        return self.text.format(what=what, more=what, one=f"of {what}")


@dataclass(frozen=True)
class Kinds:
    """How any one of several predictors is called: itself, after "10% more", and after "one more"."""

    what: str = "one of them"
    more: str = "of one of them"
    one: str = "of one of them"


def steps(count: float = 1.0, whole: str = "records") -> dict[Form, Step]:
    """The usual step in each form of a predictor.

    Parameters
    ----------
    count
        Size of the step where the predictor is taken as it is.
    whole
        What a share is a share of, in the plural.
    """
    return {
        "log": Step(math.log(1.1), "10% more {more}"),
        "log_per_1000": Step(math.log(1.1), "10% more {more} per resident"),
        "per_1000": Step(1.0, f"{ONE_MORE} per 1,000 residents"),
        "count": Step(count, f"{count:,.0f} more {{more}}" if count != 1 else ONE_MORE),
        "share": Step(0.01, f"one percentage point more of {{what}} among all {whole}"),
    }


@dataclass(frozen=True)
class Vocabulary:
    """What things are called in the sentences of one question.

    Parameters
    ----------
    area, areas, period, periods
        A key of the panel and several of it: ``"borough"``, ``"boroughs"``; no period where there is one time only.
    rows
        Several rows of the panel, such as ``"borough-quarters"``.
    everywhere
        What happened there is taken out by effects of the period, such as ``"all of London"``.
    outcome
        What the outcome is in general, such as ``"score"``.
    counted
        What predictors count, as a mass noun, such as ``"force"``.
    all_records
        Predictor that counts all that there is, not one kind of it; empty where there is none.
    kind
        How one kind is called, around its ``{label}``.
    kinds
        How any one of several predictors is called.
    all_kinds
        How several predictors are called together, around their ``{count}``.
    unit
        Unit of an effect on the outcome, such as ``"points"``; empty for the unit of the outcome itself.
    factor
        What an effect in units of the outcome is multiplied by to be in `unit`.
    steps
        The step in the predictor that effects are stated for.
    sizes
        The size of the step in predictors that are taken as they are, where each has a unit of its own.
    switches
        Predictors that hold 0 and 1 alone.
    signed
        Predictors that lie below zero too, so that a share of them means nothing.
    expected
        Sign of the association that the question asks about: -1, 1, or 0 for either.
    overlap
        Why rows close in time are not independent, as a clause; empty where they may be.
    caveat
        What the figures cannot show, in a sentence or two.
    """

    area: str
    areas: str
    rows: str
    outcome: str
    caveat: str
    period: str = ""
    periods: str = ""
    everywhere: str = "all areas"
    counted: str = ""
    all_records: str = ""
    kind: str = LABEL
    kinds: Kinds = field(default_factory=Kinds)
    all_kinds: str = "of all {count} of them"
    unit: str = ""
    factor: float = 1.0
    steps: Mapping[Form, Step] = field(default_factory=steps)
    sizes: Mapping[str, float] = field(default_factory=dict)
    switches: frozenset[str] = frozenset()
    signed: frozenset[str] = frozenset()
    expected: int = 0
    overlap: str = ""

    @property
    def area_noun(self) -> str:
        """What an area is called in a sentence: a name of a visitor's column in quotation marks."""
        return one(self.area)

    @property
    def period_noun(self) -> str:
        """What a period is called in a sentence; empty where there is none."""
        return one(self.period) if self.period else ""

    def fill(self, text: str) -> str:
        """`text` with the words of this question in place of ``{area}``, ``{periods}`` and so on."""
        return text.format(
            area=self.area_noun,
            areas=self.areas,
            period=self.period_noun,
            periods=self.periods,
            rows=self.rows,
            outcome=self.outcome,
            counted=self.counted,
        )

    def step(self, spec: ModelSpec, name: str = "") -> Step:
        """The step in predictor `name` of `spec`, or without one in any of them: with sizes of their own, the smallest.

        What holds 0 and 1 alone goes from one to the other.
        """
        names = (name,) if name else spec.predictors
        if spec.form == "count" and all(each in self.switches for each in names):
            return Step(1.0, SWITCHED)
        own = [self.sizes[each] for each in names if each in self.sizes]
        return self._sized(min(own)) if spec.form == "count" and own else self.steps[spec.form]

    def _sized(self, size: float) -> Step:
        if size == 1:
            return self.steps["count"]
        return Step(size, f"{size:,.{max(0, -math.floor(math.log10(size)))}f} more of {{what}}")

    def common_step(self, name: str) -> str:
        """The step in predictor `name` by which models that take it in several forms are compared."""
        if name in self.switches:
            return SWITCHED
        return self._sized(self.sizes[name]).of("{what}") if name in self.signed else "10% more {what}"

    def step_of_kinds(self, spec: ModelSpec) -> str:
        """The step in any one of several predictors of `spec`, in words: 'one more record of one kind'."""
        return self.step(spec).text.format(**vars(self.kinds))

    def alike(self, spec: ModelSpec) -> bool:
        """Whether the step is the same in each predictor of `spec`."""
        return len({self.step(spec, name) for name in spec.predictors}) == 1

    def linked(self, step: str) -> str:
        """'is linked to', or 'are linked to' where a `step` in words is of several."""
        one = step.startswith(("one ", "0.")) or SWITCHED.format(what="") in step
        one |= "%" in step.split()[0] and self.kind == LABEL
        return "is linked to" if one else "are linked to"

    def counted_areas(self, count: int) -> str:
        """'1 borough', '32 boroughs'."""
        return f"{count:,} {self.area_noun if count == 1 else self.areas}"

    def lag(self, lag: int) -> str:
        """'Same quarter', '2 quarters earlier'."""
        return (
            f"Same {self.period_noun}"
            if lag == 0
            else f"{lag} {self.period_noun if lag == 1 else self.periods} earlier"
        )
