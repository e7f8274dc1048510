"""The typed configuration of a study: its model, its validation, its grid and its reference."""
