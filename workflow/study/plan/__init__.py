"""What a study computes: its networks, loads, comparisons and jobs."""
