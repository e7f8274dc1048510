"""From a formula to compiled code: recorded as a graph, derived, written out, kept."""
