"""Dated events that readers see marked in charts over time.

There is no published file of them: the list is written for this app, each event with a source. It states
when something happened, never that a figure changed because of it.
"""

from dataclasses import asdict, dataclass
from datetime import date

import pandas as pd

from core.sources.files.cells import Tidy
from core.tables.schema import CC_BY, Field, Source, Table

LONGEST_LABEL = 32


@dataclass(frozen=True)
class Event:
    """One event.

    Parameters
    ----------
    event
        Unique short name.
    start, end
        First and last day; no `end` if it is one day or the last day is unknown.
    label
        A few words for a chart.
    description
        One neutral sentence.
    source, publisher, url
        Publication to check it against; `url` is empty if there is no permanent address.
    """

    event: str
    start: date
    end: date | None
    label: str
    description: str
    source: str
    publisher: str
    url: str = ""


EVENTS = (
    Event(
        "force-recording",
        date(2017, 4, 1),
        None,
        "Recording of force starts",
        "Police forces are required to record each use of force from April 2017, for the annual data requirement "
        "of the Home Office.",
        "User guide to police use of force statistics, England and Wales",
        "Home Office",
        "https://www.gov.uk/government/publications/user-guide-to-police-use-of-force-statistics-england-and-wales",
    ),
    Event(
        "pandemic",
        date(2020, 3, 23),
        date(2021, 7, 19),
        "Pandemic restrictions",
        "The first lockdown is announced on 23 March 2020; most legal limits on social contact end in England on "
        "19 July 2021, after times of stricter and looser rules.",
        "COVID-19 response: summer 2021",
        "Cabinet Office",
        "https://www.gov.uk/government/publications/covid-19-response-summer-2021",
    ),
    Event(
        "george-floyd",
        date(2020, 5, 25),
        None,
        "Murder of George Floyd",
        "George Floyd is murdered by a police officer in Minneapolis, and protests follow in London and elsewhere in "
        "the weeks after.",
        "Getting the balance right? An inspection of how effectively the police deal with protests",
        "HM Inspectorate of Constabulary and Fire & Rescue Services (HMICFRS)",
        "https://hmicfrs.justiceinspectorates.gov.uk/publications/"
        "getting-the-balance-right-an-inspection-of-how-effectively-the-police-deal-with-protests/",
    ),
    Event(
        "sarah-everard",
        date(2021, 3, 3),
        date(2021, 3, 13),
        "Murder of Sarah Everard, vigil",
        "Sarah Everard is abducted on 3 March and murdered by a serving officer of the Metropolitan Police; on 13 "
        "March the police make arrests at a vigil for her on Clapham Common.",
        "Inspection of the policing of the Sarah Everard vigil",
        "HM Inspectorate of Constabulary and Fire & Rescue Services (HMICFRS)",
        "https://www.justiceinspectorates.gov.uk/hmicfrs/our-work/article/"
        "inspection-of-the-policing-of-the-sarah-everard-vigil/",
    ),
    Event(
        "operation-hotton",
        date(2022, 2, 1),
        date(2022, 2, 10),
        "Report on Charing Cross officers",
        "The Independent Office for Police Conduct publishes its report on the conduct of officers mostly based at "
        "Charing Cross (Operation Hotton) on 1 February; the Commissioner announces on 10 February that she will "
        "step down.",
        "Thematic learning issued to address cultural concerns in nine linked investigations (Operation Hotton)",
        "Independent Office for Police Conduct (IOPC)",
        "https://www.policeconduct.gov.uk",
    ),
    Event(
        "engage",
        date(2022, 6, 28),
        None,
        "Inspectorate: 'engage'",
        "HM Inspectorate of Constabulary and Fire & Rescue Services moves the Metropolitan Police from routine to "
        "enhanced monitoring, called 'engage'.",
        "Monitoring of the Metropolitan Police Service",
        "HM Inspectorate of Constabulary and Fire & Rescue Services (HMICFRS)",
        "https://hmicfrs.justiceinspectorates.gov.uk",
    ),
    Event(
        "chris-kaba",
        date(2022, 9, 5),
        None,
        "Chris Kaba shot",
        "Chris Kaba is fatally shot by a firearms officer of the Metropolitan Police in Streatham Hill; a jury acquits "
        "the officer of murder in October 2024.",
        "Investigation into the fatal shooting of Chris Kaba",
        "Independent Office for Police Conduct (IOPC)",
        "https://www.policeconduct.gov.uk",
    ),
    Event(
        "david-carrick",
        date(2023, 1, 16),
        None,
        "David Carrick pleads guilty",
        "David Carrick, a serving officer of the Metropolitan Police, pleads guilty to the last of dozens of offences "
        "against women, many of them rapes.",
        "Statements on the conviction of David Carrick",
        "Metropolitan Police Service",
    ),
    Event(
        "casey-review",
        date(2023, 3, 21),
        None,
        "Casey Review published",
        "Baroness Casey publishes her review of the standards of behaviour and the internal culture of the "
        "Metropolitan Police.",
        "Baroness Casey Review: final report",
        "Metropolitan Police Service",
        "https://www.met.police.uk/police-forces/metropolitan-police/areas/about-us/about-the-met/bcr/"
        "baroness-casey-review/",
    ),
)

OUR_LIST = Source(
    "Dated events in and around London policing, 2017 to 2023",
    "The authors of the Policing Evidence Explorer",
    "",
    CC_BY,
    "Events gathered by the authors of the Policing Evidence Explorer, licensed under CC BY 4.0.",
)
TABLE = Table(
    "events",
    "events.csv",
    "Dated events",
    "One row per event that charts over time can mark; a list of our own, each with a source.",
    (OUR_LIST,),
    (
        Field("event", "string", "Event", "Short name of the event.", "key", pattern=r"^[a-z0-9-]+$"),
        Field("start", "date", "First day", "Day on which it happened or began.", "context"),
        Field(
            "end",
            "date",
            "Last day",
            "Day on which it ended; empty where it is one day, or where no last day can be named.",
            "context",
            required=False,
        ),
        Field(
            "label",
            "string",
            "Words for a chart",
            f"The event in at most {LONGEST_LABEL} letters.",
            "context",
            pattern=f"^.{{1,{LONGEST_LABEL}}}$",
        ),
        Field(
            "description",
            "string",
            "What happened",
            "The event in one sentence.",
            "context",
            caveat="That a figure moved at the time does not show that it moved because of the event.",
        ),
        Field("source", "string", "Source", "Publication to check the event against.", "context"),
        Field("publisher", "string", "Publisher of the source", "Body that publishes the source.", "context"),
        Field(
            "url",
            "string",
            "Address of the source",
            "Where the source, or its publisher, is found; empty where no address is sure to stay.",
            "context",
            required=False,
            pattern=r"^https://\S+$",
        ),
    ),
)


def read() -> Tidy:
    """The list of events as a table."""
    frame = pd.DataFrame([asdict(event) for event in EVENTS], columns=TABLE.columns)
    dates = {name: pd.to_datetime(frame[name]).astype("datetime64[us]") for name in ("start", "end")}
    frame = frame.assign(**dates, url=frame["url"].where(frame["url"] != ""))
    return Tidy(TABLE, frame, ("core/sources/london/events.py",))
