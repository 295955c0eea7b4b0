"""What the registry knows of a page."""

from dataclasses import dataclass

from core.questions.question import Question


@dataclass(frozen=True)
class Page:
    """A page of the app.

    Parameters
    ----------
    name
        Its file name without ending, which is also its URL path.
    title, icon
        Its words and its Material icon in the menu.
    about
        What it shows, for the table in the README (`python -m core.build.readme`).
    tables
        Tables of the catalogue behind its figures; empty for all of them.
    question
        The question of a panel that it answers, if its answer needs nothing else.
    on_home
        Whether the front page tells its answer: that of `question`, or that of ``brief()`` in its section module.
    section
        The heading that it stands under in the menu; a page of a study has that of its study.
    """

    name: str
    title: str
    icon: str
    about: str
    tables: tuple[str, ...] = ()
    question: Question | None = None
    on_home: bool = False
    section: str = ""


def asking(question: Question, title: str, icon: str, tables: tuple[str, ...], on_home: bool = True) -> Page:
    """The page that answers `question`, with its name and its words."""
    return Page(question.page, title, icon, question.title, tables, question, on_home)
