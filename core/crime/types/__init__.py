"""Which types of crime are most common where?"""
