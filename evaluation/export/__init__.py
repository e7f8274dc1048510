"""Trained networks as material laws in C, for finite-element codes."""
