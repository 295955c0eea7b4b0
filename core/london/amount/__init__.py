"""Is trust lower where police use more force?"""
