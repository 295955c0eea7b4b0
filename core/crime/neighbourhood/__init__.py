"""How much crime is recorded in one neighbourhood, and is that unusual?"""
