"""Online prediction with trained networks, its measures, figures and the report."""
