"""Recorded crime in small areas: with deprivation, per resident, by type, and near places.

Everything starts from a :class:`core.crime.area.CrimeArea`: the seven districts of the West Midlands, or any
English force. Records are those that the police published for a place; unreported crime is not among them.
"""
