"""The workflow of a study. A package, so that a file workflow.py of a user does not take its place."""
