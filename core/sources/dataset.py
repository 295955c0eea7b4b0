"""What a data set is: tables of ``data/`` that are written together."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.sources.files.cells import Tidy
from core.tables.schema import Field, Table


@dataclass(frozen=True)
class Section:
    """Tables of ``data/`` that are written together.

    Parameters
    ----------
    name, title
        Short name, which is also that of their folder under ``data/``, and title for readers.
    tables
        Declarations of its tables, in the order of the package.
    derived
        Variables that its panel derives from them.
    """

    name: str
    title: str
    tables: tuple[Table, ...]
    derived: tuple[Field, ...]

    @property
    def command(self) -> str:
        """Command that writes its tables."""
        return f"python -m core.build {self.word}"

    @property
    def word(self) -> str:
        """Its name on the command line."""
        return self.name.replace("_", "-")


@dataclass(frozen=True)
class Dataset(Section):
    """Tables that are built together from published files, which lie in a folder of the same name.

    Parameters
    ----------
    read
        Reads and checks the published files of a folder; one tidy table per declaration.
    """

    read: Callable[[Path], list[Tidy]]
