"""The answers of the front page as stored next to the figures, with the fingerprint of code and figures behind them.

Where either has changed since, they are worked out again: a stored answer is never another than a fresh one.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from core.home.cards import Card
from core.home.summary import Brief

FILE = "answers.json"
ROOT = Path(__file__).parents[2]
PINS = "requirements.txt"


@dataclass(frozen=True)
class Answers:
    """What the front page tells.

    Parameters
    ----------
    cards
        The cards, in order.
    briefs
        The answer of each page, by its name.
    """

    cards: tuple[Card, ...]
    briefs: Mapping[str, Brief]


def fingerprint(figures: str) -> str:
    """Fingerprint of this code, of the packages that it runs on, and of `figures`, the version of the catalogue."""
    made = hashlib.sha256(figures.encode())
    for path in [*sorted((ROOT / "core").rglob("*.py")), ROOT / PINS]:
        made.update(path.read_bytes())
    return made.hexdigest()


def write_answers(folder: Path, answers: Answers, made_of: str) -> Path:
    """Store `answers`, made of what has the fingerprint `made_of`; returns the file."""
    content = {
        "fingerprint": made_of,
        "cards": [asdict(card) for card in answers.cards],
        "briefs": {page: asdict(brief) for page, brief in answers.briefs.items()},
    }
    path = folder / FILE
    draft = path.with_suffix(".part")
    draft.write_text(f"{json.dumps(content, indent=1, default=float)}\n", encoding="utf-8")
    return draft.replace(path)


def read_answers(folder: Path, made_of: str | None = None) -> Answers | None:
    """The answers stored in `folder`; ``None`` where there are none that can be read, or none of `made_of`."""
    try:
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if made_of not in (None, content["fingerprint"]):
            return None
        cards = tuple(Card(**card | {"trend": tuple(card["trend"])}) for card in content["cards"])
        return Answers(cards, {page: Brief(**brief) for page, brief in content["briefs"].items()})
    except (OSError, ValueError, TypeError, KeyError):
        return None
