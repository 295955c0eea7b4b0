"""Does trust depend on the age of the people force is used on?"""
