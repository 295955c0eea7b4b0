"""Before and after: leads and lags of a predictor as a figure, with the test of the leads in its title."""

from dataclasses import replace

import pandas as pd

from core.presentation import charts
from core.presentation.charts import ANY_SIZE, Figure
from core.presentation.models.effects import Effect, effect, unit_of
from core.presentation.models.model_figures import effect_axis
from core.presentation.numbers import number, p_equals, plural, upper_first
from core.questions.vocabulary import Vocabulary
from core.stats.panels.event_study import EventStudy
from core.stats.regression import Estimate, ModelSpec
from core.stats.regression.errors import several
from core.stats.regression.fit import STAGGERED
from core.stats.robustness import SIGNIFICANCE
from core.tables.catalogue import Catalogue

REFERENCE = -1
FEW = (
    "The estimates rest on few {clusters} (as much as {count:.1f} equal ones would carry), so the intervals are too "
    "narrow, and a test of the leads finds differences too easily."
)
WITHIN = (
    "This is within {areas}: what differs between them is taken out here, though the model compares them with each "
    "other too."
)


def event_figure(found: EventStudy, spec: ModelSpec, name: str, catalogue: Catalogue, vocabulary: Vocabulary) -> Figure:
    """What is associated with a lasting rise of variable `name`, by the time since.

    Parameters
    ----------
    found
        As :func:`core.stats.panels.event_study.event_study` returns it for `spec` and `name`.
    """
    here = replace(spec, lag=0)

    def stated(estimate: Estimate) -> Effect:
        return effect(replace(estimate, name=name), here, catalogue, vocabulary)

    path = {place: stated(estimate) for place, estimate in found.path.items()}
    last = max(path)
    rows = pd.DataFrame(
        [
            {"place": place, "points": each.value, "low": each.low, "high": each.high, "p": each.p}
            for place, each in path.items()
        ]
        + [{"place": REFERENCE, "points": 0.0, "low": 0.0, "high": 0.0, "p": float("nan")}]
    ).sort_values("place", ignore_index=True)
    fmt = "+,.3f" if unit_of(here, vocabulary).name else ANY_SIZE
    axis, time = (
        effect_axis(path[last], vocabulary.outcome, step=True),
        vocabulary.fill("{periods} since the rise").capitalize(),
    )
    described = "; ".join(f"{place:+d}: {each.text}" for place, each in path.items())
    return Figure(
        name="before_after",
        title=f"{_before(found, vocabulary)}; {_after(last, path[last], vocabulary)}",
        charts=(charts.before_and_after(rows, axis, time, path[last].column, fmt),),
        alt=f"Estimates with intervals by {time.lower()}. {described}.",
        table=rows.rename(
            columns={
                "place": "Periods since the rise",
                "points": path[last].column,
                "low": "95% interval from",
                "high": "95% interval to",
                "p": "p-value",
            }
        ),
        note=_note(found, spec, path[last], vocabulary),
    )


def _before(found: EventStudy, vocabulary: Vocabulary) -> str:
    if found.leads is None:
        return "What was before is not tested"
    test = f"joint test of the leads p {p_equals(found.leads.p)}"
    if found.leads.p >= SIGNIFICANCE:
        return f"No clear difference before ({test})"
    if found.few:
        return f"Too few {_clusters(found, vocabulary)} to tell whether they differed before"
    return f"Different already before ({test})"


def _clusters(found: EventStudy, vocabulary: Vocabulary) -> str:
    """What the clusters of the errors are called."""
    return several(found.result.spec.cluster) if found.result.spec.cluster else vocabulary.areas


def _after(last: int, shown: Effect, vocabulary: Vocabulary) -> str:
    when = f"{last} {vocabulary.period_noun if last == 1 else vocabulary.periods} after" if last else "at once"
    return f"{when} {shown.text} ({'' if shown.clear else 'not clear, '}{shown.interval})"


def _note(found: EventStudy, spec: ModelSpec, shown: Effect, vocabulary: Vocabulary) -> str:
    within = vocabulary.fill(f"{WITHIN} ") if set(found.result.spec.effects) - set(spec.effects) else ""
    return (
        f"What is associated with a lasting rise, {shown.step}, by the time since, compared with the "
        f"{vocabulary.period_noun} before it (hollow). {within}{_leads(found, vocabulary)} "
        f"{plural(found.result.n, 'row')} that have all leads and lags. {found.result.note}"
    )


def _leads(found: EventStudy, vocabulary: Vocabulary) -> str:
    """The joint test of the leads and how it reads, or why there is none."""
    if found.leads is None:
        return f"The leads have no joint test. {found.untested}"
    first, second = found.leads.df
    reads = ", which does not show that nothing was there (Roth 2022)"
    if found.leads.p < SIGNIFICANCE:
        reads = f": {vocabulary.areas} were on other paths before, and what follows may be more of that"
        if found.few:
            reads = f", which so few {_clusters(found, vocabulary)} give by chance too"
    return f"Leads: F({first}, {second}) = {number(found.leads.f)}, p {p_equals(found.leads.p)}{reads}."


def cautions(found: EventStudy, spec: ModelSpec, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Sentences on what makes this picture unsafe to read."""
    staggered = (vocabulary.fill(STAGGERED.replace("{count}", f"{found.switch_times:,}")),) if found.staggered else ()
    overlapping = (
        (
            f"The predictor is a sum over 12 months, which the {vocabulary.periods} before and after share in part: "
            f"choose the single {vocabulary.period_noun} to tell them apart.",
        )
        if spec.window == "year"
        else ()
    )
    few = FEW.format(clusters=_clusters(found, vocabulary), count=found.effective_clusters) if found.few else ""
    return (*filter(None, (few,)), *map(upper_first, staggered), *overlapping, *found.result.warnings)
