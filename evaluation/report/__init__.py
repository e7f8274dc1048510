"""All that words and lays out the report of a study."""
