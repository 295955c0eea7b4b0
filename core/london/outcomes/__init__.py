"""Does trust depend on what happens to the people force is used on?"""
