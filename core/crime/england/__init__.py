"""Is crime higher in more deprived neighbourhoods, everywhere in England?"""
