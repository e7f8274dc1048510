"""Material laws, one a file, and the elastic constants of phases."""
