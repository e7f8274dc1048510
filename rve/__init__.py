"""Microstructure, elasticity, plasticity and finite-element homogenisation of the periodic cell."""
