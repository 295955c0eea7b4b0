"""Is crime higher in more deprived areas?"""
