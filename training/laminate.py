"""The building block: homogenised stiffness of a two-phase laminate, Eqs. 13-22.

All functions work on n blocks and s samples (or material points) at once, on numpy arrays and
torch tensors alike. The product f1 f2 stays outside the inverse of Eq. 21: a child of vanishing
weight then gives exact and finite values and gradients.
"""

from array_api_compat import array_namespace


def interface(C1, C2, f1, H):
    """G = H^T (C2 - C1) (n, s, 3, 6) and M = H^T (f2 C1 + f1 C2) H (n, s, 3, 3), GPa.

    The jump vector of Eq. 21 is b = f1 f2 M^-1 G times the parent's strain.

    Args:
        C1: stiffness (n, s, 6, 6) of the first children, GPa.
        C2: stiffness (n, s, 6, 6) of the second children, GPa.
        f1: volume fraction (n,) of the first children; f2 = 1 - f1.
        H: orientation matrices (n, 6, 3) of the interfaces, from `rve.mandel.interface_matrix`.
    """
    xp = array_namespace(C1)
    f1 = f1[:, None, None, None]

    def on_interface(stiffness):
        return xp.einsum("nsij,njk->nsik", stiffness, H)

    G = on_interface(C2 - C1).mT
    M = on_interface(on_interface((1 - f1) * C1 + f1 * C2).mT)
    return G, M


def laminate(C1, C2, f1, H):
    """Homogenised stiffness (n, s, 6, 6) of the blocks, Eq. 22, GPa; arguments of `interface`."""
    xp = array_namespace(C1)
    G, M = interface(C1, C2, f1, H)
    f1 = f1[:, None, None, None]
    f2 = 1 - f1
    return f1 * C1 + f2 * C2 - f1 * f2 * (G.mT @ xp.linalg.solve(M, G))
