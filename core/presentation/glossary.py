"""What the words of the app mean: terms of the method in a plain sentence each, and the variables of the catalogue."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from core.tables.catalogue import Catalogue
from core.tables.options import COVARIANCES, RESPONSES, Covariance
from core.tables.schema import Field, Table


@dataclass(frozen=True)
class Term:
    """A word, what it means, and under which heading it stands."""

    name: str
    meaning: str
    section: str

    @property
    def id(self) -> str:
        """Its name in links."""
        return "".join(mark if mark.isalnum() else "_" for mark in self.name.lower())


VARIABLES, MODELS, CERTAINTY, FORECASTS, SMALL_AREAS = (
    "Figures",
    "Models",
    "How sure an answer is",
    "Forecasts",
    "Crime in small areas",
)

INTRODUCTION = (
    "The terms of this app in one sentence each, and every variable with its unit and its source. The page "
    "*Data and sources* has the tables themselves."
)


def _errors(name: Covariance) -> str:
    """What a kind of standard error allows for, of any panel."""
    return COVARIANCES[name].help.format(area="area", areas="areas", period="period", periods="periods")


_WORDS: dict[str, dict[str, str]] = {
    VARIABLES: {
        "Borough": "One of London's 32 local authorities; the City of London has its own police and is left out.",
        "Caveat": "A limitation to bear in mind.",
        "District": "A local authority, such as Birmingham; it is made of MSOAs, and these of LSOAs.",
        "Index of multiple deprivation": (
            "The government's measure of how deprived a small area is, worked out from seven kinds of deprivation, "
            "among them crime itself."
        ),
        "LSOA": (
            "Lower layer Super Output Area: a small area of about 1,500 residents that the census office draws, of "
            "2011 or of 2021 as the figures are."
        ),
        "MSOA": "Middle layer Super Output Area: four to six neighbouring LSOAs, about 8,000 residents.",
        "Quarter": "Three months of the calendar: 2017 Q2 is April to June 2017.",
        "Recorded crime": (
            "What police recorded as offences; crime that is not reported, or not recorded, is not included."
        ),
        "Rolling window": (
            "A figure over the 12 months that end with the quarter, so that neighbouring figures share three quarters "
            "of their interviews."
        ),
        "Use of force": "One officer's report that force was used on one person; handcuffing counts as force.",
    },
    MODELS: {
        "As published": "The study's own model, on the published figures.",
        "Association": (
            "Two figures go up and down together; it does not show that one is the reason for the other, or rule out a "
            "third factor."
        ),
        "Between and within": (
            "Areas compared with each other, by their means, and each area compared with itself over time; the two may "
            "give different answers, and Mundlak's test says whether they do."
        ),
        "Borough effects": ("Compare each borough with itself: this removes lasting differences between boroughs."),
        "Area trends": (
            "A straight line over time of its own for each area, taken out so that only what departs from its own "
            "course counts; it also takes out a link that builds up evenly."
        ),
        "Changes": (
            "How much a figure differs from the period before (first differences): this removes lasting differences "
            "between areas."
        ),
        "Coefficient": "How much the outcome differs, on average, for one unit more of the predictor, all else equal.",
        "Control": "A variable that is held constant while predictor and outcome are compared.",
        "Ecological fallacy": "To take what holds of areas for what holds of the people who live in them.",
        "Event study": (
            "What an outcome was like before and after a rise of the predictor, within areas; differences before it "
            "say that areas were on other paths already."
        ),
        "Fixed effects": (
            "A level of its own for each area or each quarter, so that lasting differences between areas, or what "
            "happened everywhere in a quarter, cannot pass for an association."
        ),
        "Interaction": (
            "An association that differs between groups of areas; the difference has an estimate and an interval."
        ),
        "Lag": "How many quarters before the outcome the predictor is taken.",
        "Logarithm": (
            "A scale on which equal steps are equal percentages: from 100 to 110 is as far as from 1,000 to 1,100."
        ),
        "Outcome": "What a model is to explain, such as trust.",
        "Panel": "Figures for the same areas at several times: one row for each area and period.",
        "Poisson regression": RESPONSES["poisson"].help.format(outcome="outcome"),
        "Predictor": "What the outcome is compared with, such as the number of uses of force.",
        "Quarter effects": "Take out what happened in all of London in a quarter, such as a scandal or a lockdown.",
        "Random effects": ("A mix of the answers between and within areas, which is right only if both are the same."),
        "Recommended model": (
            "The model that this app stands by: for London, borough and quarter effects, errors clustered by borough."
        ),
        "R-squared": "What share of the differences in the outcome the model accounts for: 0 none, 1 all.",
        "Specification": "One full set of choices: outcome, predictor, effects, controls, period, weights, errors.",
        "Specification curve": (
            "The estimates of every defensible specification in order of size; it shows how much the answer depends "
            "on the analyst's choices, not whether it is true."
        ),
        "Turning point": (
            "Where an association that changes with the size of the predictor, by its square, changes its direction."
        ),
        "Variance inflation": (
            "How many times the other variables of the model widen the variance of a coefficient: 1 is not at all; "
            "above 5 to 10 their separate effects are hard to distinguish."
        ),
        "Weights": "How much each row counts: all the same, or by residents.",
    },
    CERTAINTY: {
        "95% interval": (
            "A range made so that, over many repetitions of such figures, about 95 of 100 such ranges hold the true "
            "value."
        ),
        "Classical errors": _errors("classical"),
        "Cluster": (
            "A group of rows whose errors may be related, such as all quarters of one borough; what matters is "
            "the number of clusters, not of rows."
        ),
        "Clustered errors": _errors("cluster"),
        "Conley errors": _errors("conley"),
        "Degrees of freedom": "How much independent information stands behind a standard error; the less, the wider.",
        "Driscoll-Kraay errors": _errors("driscoll_kraay"),
        "Holm adjustment": (
            "Makes p-values larger where several are read at once, so that one of many is not taken for a finding by "
            "chance."
        ),
        "Jackknife errors": _errors("jackknife"),
        "p-value": (
            "How often we would see a result at least this large if there were no association; it is not the chance "
            "that there is none."
        ),
        "Percentage point": "The difference between two percentages: from 60% to 57% is three points.",
        "Power": "How often figures like these would show an association of a given size if it is there.",
        "Robust errors (HC1)": _errors("HC1"),
        "Sampling error": "By how much a survey figure may be off because only some residents were asked.",
        "Significant": "With a p-value under 5%; it says nothing about how large or important an association is.",
        "Standard error": "The usual size of the error of an estimate.",
        "Verdict": "The result of checking a published claim; the rules are on the page of the claims.",
        "Wild cluster bootstrap": (
            "A p-value that holds with few clusters: the signs of whole clusters' errors are flipped thousands of "
            "times to see what chance alone would give."
        ),
    },
    FORECASTS: {
        "Back-test": "Testing a forecasting method on the past, using only what was known then.",
        "Coverage": (
            "How often the actual figure fell inside the forecast range; for 80% ranges, it should be 80% of the time."
        ),
        "Mean absolute error": "How far forecasts are wrong on average, in either direction.",
        "No change": "The forecast that the last figure stays; what any other forecast has to beat.",
        "Random forest": "Many decision trees, each grown on a random part of the figures, whose answers are averaged.",
        "Skill": "What share of the error of a forecast of no change a method saves; below 0 it is worse.",
        "State-space model": (
            "A slowly moving level for London and for each borough, seen through the noise of the survey."
        ),
    },
    SMALL_AREAS: {
        "Empirical Bayes rate": (
            "A small area's rate drawn towards that of all areas, the more so the fewer its residents, because small "
            "numbers fluctuate by chance."
        ),
        "Location quotient": (
            "An area's share of one type of crime against the share elsewhere: 2 is twice the usual share."
        ),
        "Moran's I": (
            "Whether neighbours are alike: near 1 where like lies next to like, near 0 where values lie at random."
        ),
        "Rank interval": "The ranks that an area may well have, given how uncertain its figure is.",
        "Rate": "How many for every 1,000 residents, or another stated number.",
        "Spearman correlation": ("Whether two orders agree: 1 the same order, 0 none, \N{MINUS SIGN}1 the reverse."),
    },
}
# Terms of art that are explained wherever they stand; the others are everyday words too, or have their help in a list.
TERMS_OF_ART = (
    "95% interval",
    "Back-test",
    "Clustered errors",
    "Degrees of freedom",
    "Driscoll-Kraay errors",
    "Ecological fallacy",
    "Empirical Bayes rate",
    "Fixed effects",
    "Holm adjustment",
    "Index of multiple deprivation",
    "Jackknife errors",
    "Location quotient",
    "LSOA",
    "Mean absolute error",
    "Moran's I",
    "MSOA",
    "p-value",
    "Percentage point",
    "Poisson regression",
    "R-squared",
    "Random forest",
    "Rank interval",
    "Spearman correlation",
    "Specification curve",
    "Standard error",
    "State-space model",
    "Variance inflation",
    "Wild cluster bootstrap",
)
# How a term is written where that is not its name.
_WRITTEN: dict[str, str] = {
    "95% interval": r"\d\d% intervals?",
    "Driscoll-Kraay errors": r"Driscoll-Kraay",
    "Empirical Bayes rate": r"empirical Bayes|smoothed",
    "Holm adjustment": r"Holm",
    "Jackknife errors": r"jackknife",
    "p-value": r"p-values?|p = 0\.\d+",
    "R-squared": r"R²|R-squared",
    "Rank interval": r"rank intervals?|intervals? of (?:the|its) ranks?",
    "Spearman correlation": r"Spearman|rank correlations?",
    "Wild cluster bootstrap": r"(?:wild )?(?:cluster )?bootstrap",
}
GLOSSARY = tuple(Term(name, meaning, section) for section, text in _WORDS.items() for name, meaning in text.items())


def meaning(name: str) -> str:
    """What the term `name` means."""
    return next(term.meaning for term in GLOSSARY if term.name == name)


def _pattern(name: str) -> re.Pattern[str]:
    """Finds the term as a whole word, also where its words are joined by a space that does not break."""
    written = _WRITTEN.get(name, f"{name}s?").replace(" ", r"\s")
    return re.compile(rf"(?<!\w)(?:{written})(?!\w)", re.IGNORECASE)


_PATTERNS = {name: _pattern(name) for name in TERMS_OF_ART}


def explained(text: str) -> str | None:
    """What the terms of art in `text` mean, in Markdown, for a hover; ``None`` where there are none."""
    found = [name for name in TERMS_OF_ART if _PATTERNS[name].search(text)]
    return "\n\n".join(f"**{name}**: {meaning(name)}" for name in found) or None


def sections(terms: Sequence[Term] = GLOSSARY) -> dict[str, list[Term]]:
    """`terms` under their headings, each in the order of the alphabet."""
    named = {section: [term for term in terms if term.section == section] for section in _WORDS}
    return {section: sorted(found, key=lambda term: term.name.lower()) for section, found in named.items() if found}


def terms_text(terms: Sequence[Term]) -> str:
    """`terms` with their meanings, in Markdown."""
    return _paragraphs(f"**{term.name}**: {term.meaning}" for term in terms)


def terms_table() -> pd.DataFrame:
    """One row per term: ``Term``, ``What it means``."""
    rows = [(term.name, term.meaning) for term in sorted(GLOSSARY, key=lambda term: term.name.lower())]
    return pd.DataFrame(rows, columns=["Term", "What it means"])


def variables_table(catalogue: Catalogue, study: str) -> pd.DataFrame:
    """One row per variable of `study`: ``Variable``, ``Unit``, ``What it is``, ``Table``, ``Source``."""
    part = catalogue.of(study)
    rows = [
        {
            "Variable": variable.label,
            "Unit": variable.unit,
            "What it is": variable.help,
            "Table": table.title if (table := part.table_of(variable.name)) else "Worked out from several tables",
            "Source": source_of(part, variable),
        }
        for variable in sorted(part, key=lambda variable: variable.label.lower())
    ]
    return pd.DataFrame(rows)


def variables_text(catalogue: Catalogue, study: str) -> str:
    """The variables of `study` with their units, what they are and where they come from, in Markdown."""
    return _paragraphs(
        f"**{row['Variable']}**{_in_brackets(row['Unit'])}: {row['What it is']}  \n*{row['Table']}.* {row['Source']}."
        for row in variables_table(catalogue, study).to_dict("records")
    )


def fields_text(table: Table) -> str:
    """The columns of a table: the name that each has in the file, its label, its unit and what it is, in Markdown."""
    return _paragraphs(
        f"`{field.name}` **{field.label}**{_in_brackets(field.unit)}: {field.help}" for field in table.fields
    )


def _paragraphs(terms_text: Iterable[str]) -> str:
    """Each of `terms_text` in a paragraph of its own."""
    return "\n\n".join(terms_text)


def _in_brackets(unit: str) -> str:
    return f" ({unit})" if unit else ""


def source_of(catalogue: Catalogue, variable: Field) -> str:
    """Who published what a variable is made of; the app itself where it is worked out."""
    table = catalogue.table_of(variable.name)
    if table is None:
        return "This app, from the tables of the study"
    return "; ".join(dict.fromkeys(source.publisher for source in table.sources)) or "This app"


def studies(catalogue: Catalogue) -> list[str]:
    """Studies of the catalogue, in its order."""
    return list(dict.fromkeys(table.study for table in catalogue.tables.values()))
