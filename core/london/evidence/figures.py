"""Tables about the strength of evidence: what could have been found, what-if, groups of boroughs, peers."""

import pandas as pd

from core.london.evidence.groups import Split, split_table
from core.presentation.models.effects import Unit, unit_of
from core.presentation.numbers import interval_text, number, signed
from core.questions.vocabulary import Vocabulary
from core.tables.catalogue import Catalogue

NOTE = "Note"


def groups_table(found: Split, term: str, vocabulary: Vocabulary) -> pd.DataFrame:
    """One coefficient in all boroughs and in each group, a column each."""
    rows = split_table(found)
    own = rows[rows["term"] == term]
    step, unit = vocabulary.step(found.whole.spec).size, unit_of(found.whole.spec, vocabulary)
    columns = {}
    for row in own.to_dict("records"):
        columns[row["group"]] = [
            signed(unit.stated(row["estimate"] * step)) if pd.notna(row["estimate"]) else "none",
            _interval(unit, row["low"] * step, row["high"] * step),
            _p_text(row["p"]),
            _p_text(row["wild_p"]),
            number(row["areas"], 0),
            number(row["n"], 0),
            row["note"],
        ]
    lines = [f"Estimate ({unit.name})", "95% interval", "p", "Wild bootstrap p", "Boroughs", "Borough-quarters", NOTE]
    return pd.DataFrame(columns, index=lines).rename_axis("").reset_index()


def _interval(unit: Unit, low: float, high: float) -> str:
    return interval_text(unit.stated(low), unit.stated(high)) if pd.notna(low) else ""


def _p_text(p: float) -> str:
    return number(p, 3) if pd.notna(p) else ""


def peers_table(rows: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """The most similar boroughs with their figures and why.

    Parameters
    ----------
    rows
        As :func:`core.london.evidence.peers.peers` returns them.
    """
    figures = [name for name in ("imd_score", "crime_per_1000", "population") if name in rows]
    table = rows[["borough", "why", "distance", *figures]]
    table = table.astype({"population": "int64"} if "population" in figures else {})
    return table.rename(
        columns={"borough": "Borough", "why": "Why", "distance": "Distance"}
        | {name: catalogue.label(name) for name in figures}
    )
