"""What the pages say and draw of other ways to ask: alternatives, curve, evidence."""
