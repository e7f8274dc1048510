"""The configuration of a study: its keys, their types and ranges, and what is wrong with one."""
