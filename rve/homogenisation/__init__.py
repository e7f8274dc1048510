"""The response of the cell: finite elements, linear and nonlinear, and load paths."""
