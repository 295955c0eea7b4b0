"""What a panel says beyond one coefficient: groups, bends, and what comes before and after."""
