"""Which areas have the highest crime rates?"""
