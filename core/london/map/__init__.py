"""The boroughs on a map: any measure, its level or its change."""
