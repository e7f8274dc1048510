"""The workflow of a study; a package, so that a workflow.py of a user cannot take its place."""
