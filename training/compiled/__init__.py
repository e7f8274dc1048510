"""The fused backend: kernels generated from the formulas of a network, and loops over them."""
