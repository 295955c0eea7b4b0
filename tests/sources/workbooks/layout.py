"""Headings of a yearly use-of-force workbook, as published for 2020-21, and how other years drift from them."""

from itertools import chain

PLACES = (
    "Street/Highway",
    "Public Transport",
    "Retail Premises",
    "Open ground (e.g. park, car park, field)",
    "Licensed Premises",
    "Sports or Event Stadia",
    "Hospital/A&E (non-mental-health setting)",
    "Mental Health Setting",
    "Police vehicle with prisoner handling cage",
    "Police vehicle without prisoner handling cage",
    "Dwelling",
    "Police station (excluding custody block)",
    "Custody Block",
    "Ambulance",
    "Other",
)
IMPACTS = (
    "Possesion of a weapon",
    *("Alcohol", "Drugs", "Mental Health", "Prior Knowledge", "Size/Gender/Build", "Acute Behavioural Disorder"),
    *("Crowd", "Other"),
)
REASONS = (
    *("Protect self", "Protect Public", "Protect Subject", "Protect Other Officers", "Prevent Offence"),
    *("Secure Evidence", "Effect Search", "Effect Arrest", "Method of Entry", "Remove Handcuffs"),
    *("Prevent Harm", "Prevent Escape", "Other"),
)
DEVICE = (
    *("Drawn", "Aimed", "Arced", "Red-Dotted", "Drive Stun", "Drive Stun Repeat Application", "Angle Drive Stun"),
    *("Fired", "Fired Cartridge Number", "Fired 5 Secs Cycle Interrupted", "Fired Repeat Cycle Same Cartridge"),
    *("Fired Total Number Of Cycles", "Fired Cycle Extended Beyond 5 Secs"),
    *("Fired Miss With One Probe", "Fired Miss With Both Probes"),
    *(f"Front {number}" for number in range(1, 16)),
    *(f"Back {letter}" for letter in "ABCDEFGHJK"),
)
OUTCOMES = ("Made off/escaped", "Arrested", "Hospitalised", "Detained - Mental Health Act", "Fatality", "Other")


def _device(name: str) -> list[str]:
    """Columns of one Taser; the publisher replaced "ced" in "Arced" too."""
    numbered = [f"Ar{name}" if part == "Arced" and name != "CED" else part for part in DEVICE]
    return [f"{name} {part}" for part in numbered]


TACTICS = list(chain.from_iterable((f"Tactic {number}", f"Effective {number}") for number in range(1, 20)))
HEADINGS = [
    *("IncidentDate", "IncidentTime"),
    *(f"Incident Location: {place}" for place in PLACES),
    *("Borough", "PrimaryConduct", "AssaultedBySubject", "ThreatenedWithWeapon", "AssaultedWithWeapon"),
    *(f"Impact Factor: {impact}" for impact in IMPACTS),
    *(f"Reason for Force: {reason}" for reason in REASONS),
    *("MainDuty", "SingleCrewed", "TrainedCED", "CarryingCED"),
    *(*TACTICS, "Tactic 20", "Tactic Effective 20"),
    *("CED Used", "CED Device Serial No"),
    *chain.from_iterable(_device(name) for name in ("CED", "CED2", "CED3", "CED4")),
    *("Firearms Aimed", "Firearms Fired", "SubjectAge", "SubjectGender", "SubjectEthnicity"),
    *("PhysicalDisability", "MentalDisability", "StaffInjured", "StaffInjuryIntentional", "StaffInjuryLevel"),
    *("StaffMedProvided", "SubjectInjured", "SubjectNatureOfInjury", "SubjectMedOffered", "SubjectMedProvided"),
    *(f"Outcome: {outcome}" for outcome in OUTCOMES),
]
# Nine in ten cells of the others are empty.
FILLED = [name for name in HEADINGS if not name.startswith(("CED", "Tactic", "Effective", "Firearms"))]
DRIFTED = {
    "Reason for Force: Effect Search": "Reason for Force: Effect Stop and search",
    "Outcome: Made off/escaped": "Outcome: No Further Action",
}


def headings(drifted: bool = False) -> list[str]:
    """The headings of 2020-21, or of another year."""
    return [DRIFTED.get(name, name) for name in HEADINGS] if drifted else list(HEADINGS)
