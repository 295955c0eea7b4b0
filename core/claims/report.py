"""Verdicts for readers: the answer in a sentence, the chart, the tables, the rules."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import pandas as pd

from core.claims.study import ClaimStudy, Judged
from core.claims.verdicts import RULES, Verdict
from core.presentation import charts
from core.presentation.charts import Figure
from core.stats.regression.errors import listed

EVERY = ""
TITLE = "Do the studies' claims stand up?"
ONCE = "Claims that one result or one slip decides count once."
LISTING_WIDTH = 110
REPEATED, STRONGER = "Repeating its method", "With stronger methods"
LISTED_NAME = 23  # characters of a name in the listing
HOW_IT_IS_DONE = (
    "Verdicts follow fixed rules. We repeat the study's method on the same data, and then analyse them with stronger "
    "methods, those that this app recommends. The first of these rules that applies gives the verdict:"
)
TERMS: Mapping[str, str] = {
    "Borough-quarter": "one borough in one quarter.",
    "95% interval": "the values that fit the data; where it excludes zero, chance alone would "
    "hardly give such an association.",
    "p": "how likely an estimate this far from zero is if there is no association or difference.",
    "Adjusted p": "p for several figures read together (Holm), of which one may well stand out by chance.",
    "Points": "percentage points of the score.",
    "ln": "the natural logarithm, which turns equal percentage changes into equal steps.",
    "OLS": "ordinary least squares, the usual way to fit a line.",
    "Fixed effects": "a level of its own for each borough or quarter.",
    "Classical errors": "margins that take every borough-quarter as independent of the others.",
    "R-squared": "the share of the differences that a model explains.",
    "r": "the correlation, 0 for none and 1 for the closest; for two figures R-squared is its square.",
    "LSOA, MSOA": "small areas of about 1,700 and 8,000 residents.",
    "IMD score": "the Index of Multiple Deprivation 2019; the higher, the more deprived.",
    "Random forest": "a forecast that averages many decision trees.",
}


@dataclass(frozen=True)
class ClaimsView:
    """Which claims a page shows, by study, topic and verdict; empty for every."""

    study: str = EVERY
    topic: str = EVERY
    verdict: str = EVERY


@dataclass(frozen=True)
class PickedClaim:
    """The claim whose detail a page shows, by the id of its finding; empty for the first."""

    claim: str = EVERY


def allowed_views(claims: Sequence[Judged]) -> dict[str, Collection[str]]:
    """Studies, topics and verdicts that are valid in a link."""
    return {
        "study": [EVERY, *studies(claims)],
        "topic": [EVERY, *topics(claims)],
        "verdict": [EVERY, *(verdict.value for verdict in Verdict)],
    }


def studies(claims: Sequence[Judged]) -> dict[str, str]:
    """Names of the studies, each with its title, in the order of `claims`."""
    return {claim.study: claim.title for claim in claims}


def topics(claims: Sequence[Judged]) -> dict[str, str]:
    """Names of the topics, each with its label, in the order of `claims`."""
    return {claim.finding.topic: claim.topic for claim in claims}


def shown(claims: Sequence[Judged], view: ClaimsView) -> list[Judged]:
    """The claims selected by `view`."""
    return [
        claim
        for claim in claims
        if view.study in (EVERY, claim.study)
        and view.topic in (EVERY, claim.finding.topic)
        and view.verdict in (EVERY, claim.verdict)
    ]


def matching(claims: Sequence[Judged], words: str) -> list[Judged]:
    """The claims that have each of `words`, as parts of words and in any case, somewhere in their row of the table."""
    rows = [f"{claim.text} {claim.title} {claim.topic} {claim.verdict.text} {claim.line}".lower() for claim in claims]
    asked = words.lower().split()
    return [claim for claim, row in zip(claims, rows, strict=True) if all(word in row for word in asked)]


def tally(claims: Sequence[Judged]) -> dict[Verdict, int]:
    """Number of claims with each verdict, verdicts without claims included."""
    found = Counter(claim.verdict for claim in claims)
    return {verdict: found[verdict] for verdict in Verdict}


def counted_once(claims: Sequence[Judged]) -> list[Judged]:
    """The claims without those of a group after its first one with the same verdict: one slip counts once."""
    first: dict[object, Judged] = {}
    for claim in claims:
        first.setdefault((claim.study, claim.group or claim.finding.id, claim.verdict), claim)
    return list(first.values())


def answer(claims: Sequence[Judged]) -> str:
    """'Of 42 published claims, 13 stand up.'"""
    once = counted_once(claims)
    return f"{_of(once)}, {Verdict.STANDS_UP.of(tally(once)[Verdict.STANDS_UP])}."


def _of(once: Sequence[Judged]) -> str:
    return f"Of {len(once)} published claim{'' if len(once) == 1 else 's'}"


def summary(claims: Sequence[Judged]) -> str:
    """'Of 17 published claims, 3 stand up, 5 are reproduced, but not supported and 9 cannot be checked ...'"""
    note = f" {ONCE}" if len(counted_once(claims)) < len(claims) else ""
    return f"{_counted(claims)}{note}"


def _counted(claims: Sequence[Judged]) -> str:
    once = counted_once(claims)
    parts = [verdict.of(count) for verdict, count in tally(once).items() if count]
    return f"{_of(once)}, {listed(parts)}."


def by_study(claims: Sequence[Judged]) -> dict[str, list[Judged]]:
    """The claims of each study, by its title."""
    return {title: shown(claims, ClaimsView(study=name)) for name, title in studies(claims).items()}


def summaries(claims: Sequence[Judged]) -> str:
    """The summary of each study as a list."""
    return "\n".join(f"- **{title}.** {_counted(of_study)}" for title, of_study in by_study(claims).items())


def verdicts_figure(claims: Sequence[Judged]) -> Figure:
    """Number of claims of each study by verdict, as bars in the order of the verdicts."""
    once = counted_once(claims)
    counts = tally(once)
    checked = len(once) - counts[Verdict.CANNOT_BE_CHECKED]
    rows = {title: _verdict_rows(counted_once(of_study)) for title, of_study in by_study(claims).items()}
    most = max(int(of_study["claims"].max()) for of_study in rows.values())  # as long a bar for as many claims
    described = ". ".join(
        f"{title}: {'; '.join(of_study['verdict'] + ': ' + of_study['claims'].astype(str))}"
        for title, of_study in rows.items()
    )
    return Figure(
        name="verdicts",
        title=(
            f"{checked} of {len(once)} claims can be checked; of these, "
            f"{Verdict.STANDS_UP.of(counts[Verdict.STANDS_UP])}"
        ),
        charts=tuple(
            charts.sorted_bars(of_study, "claims", "verdict", "Number of claims", "d", most=most)
            .configure_axisX(tickMinStep=1, tickCount=5, format="d")
            .properties(title=charts.titled(title))
            for title, of_study in rows.items()
        ),
        alt=f"Bars: number of claims by verdict. {described}.",
        table=pd.concat(
            [
                of_study.rename(columns={"verdict": "Verdict", "claims": "Claims"}).assign(Study=title)
                for title, of_study in rows.items()
            ]
        )[["Study", "Verdict", "Claims"]],
        side_by_side=len(rows) > 1,
    )


def _verdict_rows(claims: Sequence[Judged]) -> pd.DataFrame:
    counts = tally(claims)
    return pd.DataFrame({"verdict": [verdict.label for verdict in counts], "claims": list(counts.values())})


def claims_table(claims: Sequence[Judged]) -> pd.DataFrame:
    """The claims under readable column names, one row each."""
    return pd.DataFrame(
        [
            {
                "Study": claim.title,
                "Topic": claim.topic,
                "Claim": claim.text,
                "Published": claim.evidence.reported.headline,
                REPEATED: claim.evidence.recomputed.headline,
                STRONGER: claim.evidence.proper.headline,
                "Verdict": claim.verdict.text,
                "Why": claim.line,
                "Reason": claim.reason,
                "Finding": claim.finding.id,
            }
            for claim in claims
        ]
    )


def look_up_table(claims: Sequence[Judged]) -> pd.DataFrame:
    """What readers look a claim up by: one short row each, with the verdict as a list of one, which tables colour."""
    return pd.DataFrame(
        [
            {
                "Claim": claim.text,
                "Published": claim.evidence.reported.headline,
                "Ours": claim.ours,
                "Verdict": [claim.verdict.label],
                "Why": claim.line,
                "Study": claim.title.split(":")[0],
            }
            for claim in claims
        ]
    )


def claims_file(claims: Sequence[Judged]) -> pd.DataFrame:
    """The claims as a machine-readable table: ``id, published, recomputed, proper, verdict, reason``."""
    columns = ["id", "published", "recomputed", "proper", "verdict", "reason"]
    rows = [
        (
            claim.finding.id,
            claim.evidence.reported.file,
            claim.evidence.recomputed.file,
            claim.evidence.proper.file,
            claim.verdict.text,
            claim.reason,
        )
        for claim in claims
    ]
    return pd.DataFrame(rows, columns=columns)


def listing(claims: Sequence[Judged]) -> str:
    """The claims as text, for a terminal."""
    return "\n\n".join([*(_listed(claim) for claim in claims), summary(claims)])


def _listed(claim: Judged) -> str:
    reported = claim.evidence.reported
    ours = {REPEATED: claim.evidence.recomputed, STRONGER: claim.evidence.proper}
    lines = [
        f"{'published':<{LISTED_NAME}}{reported.file}",
        *(f"{name.lower():<{LISTED_NAME}}{found.file}" for name, found in ours.items() if found.file),
        *wrap(claim.reason, LISTING_WIDTH),
    ]
    return "\n".join([f"{claim.finding.id}: {claim.verdict.text}", *(f"  {line}" for line in lines)])


def rules_text() -> str:
    """The rules as a numbered list, from the objects that apply them."""
    return "\n".join(f"{at}. {rule.sentence} *{rule.verdict.label}.*" for at, rule in enumerate(RULES, 1))


def terms_text() -> str:
    """Definitions of the terms in reasons and results."""
    return " ".join(f"**{term}**: {meaning}" for term, meaning in TERMS.items())


def standards_text(studies: Iterable[ClaimStudy[Any]]) -> str:
    """When a conclusion stands, as a list with each kind of claim in `studies` once."""
    every = (claim.check.standard for study in studies for claim in study.claims)
    return "\n".join(f"- {standard}" for standard in dict.fromkeys(every))
