"""Report on the rows of a file: how many were read and used, which were left out and why."""

from dataclasses import dataclass

MOST_QUOTED = 60


@dataclass(frozen=True)
class RowsLeftOut:
    """Rows that were left out: how many, why, and the position of the first."""

    rows: int
    why: str
    first: str = ""

    @property
    def sentence(self) -> str:
        """The same as a sentence."""
        where = f" (the first: {self.first})" if self.first else ""
        return f"{rows_text(self.rows)} left out: {self.why}{where}"


@dataclass(frozen=True)
class Report:
    """Report on one table of a file.

    Parameters
    ----------
    where
        File and sheet.
    read
        Rows below the headings that are not empty.
    left_out
        Those that are not used.
    notes
        Further remarks for readers, one sentence each.
    """

    where: str
    read: int
    left_out: tuple[RowsLeftOut, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def used(self) -> int:
        """Rows that are used."""
        return self.read - sum(part.rows for part in self.left_out)

    def lines(self) -> list[str]:
        """The report as lines of text: the totals, then indented details."""
        total = f"{self.where}: {rows_text(self.read)} read, {self.used:,} used"
        details = (*(part.sentence for part in self.left_out), *self.notes)
        return [total, *(f"  {detail}" for detail in details)]


def shortened(text: str) -> str:
    """`text` on one line, cut where it is long."""
    plain = " ".join(text.split())
    return plain if len(plain) <= MOST_QUOTED else f"{plain[: MOST_QUOTED - 3]}..."


def rows_text(number: int) -> str:
    """A number of rows in words: "1 row", "2,000 rows"."""
    return f"{number:,} row{'' if number == 1 else 's'}"
