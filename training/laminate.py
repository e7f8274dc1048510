"""The building block: homogenised stiffness of a two-phase laminate, Eqs. 13-22.

Each formula takes the linear algebra to compute with: `training.arrays`, of many blocks and
samples, or `training.point`, of one point that is recorded. The product f1 f2 stays outside the
inverse of Eq. 21: a child of vanishing weight then gives exact and finite values and gradients.
"""


def interface(C1, C2, f1, H, algebra):
    """G = H^T (C2 - C1) and M = H^T (f2 C1 + f1 C2) H of an interface, GPa; f2 = 1 - f1.

    With them the tractions agree, Eq. 17: the jump vector of Eq. 21 is b = f1 f2 M^-1 G times the
    parent's strain.

    Args:
        C1: stiffness of the first child, GPa.
        C2: stiffness of the second child, GPa.
        f1: volume fraction of the first child.
        H: orientation matrix of the interface, from `rve.mandel.interface_matrix`.
        algebra: `training.arrays` or `training.point`, which say the shapes.
    """
    return algebra.restrict(C2 - C1, H), algebra.project(algebra.interpolate(C1, C2, f1), H)


def laminate(C1, C2, f1, H, algebra):
    """Homogenised stiffness of a block, Eq. 22, GPa; arguments of `interface`.

    Returns:
        The stiffness; and P = M^-1 G, from which its derivatives follow.
    """
    G, M = interface(C1, C2, f1, H, algebra)
    return algebra.condense(f1 * C1 + (1 - f1) * C2, f1, M, G)


def childrens_strains(E, f1, Hb):
    """Strains of a block's children from its own, Eqs. 16 and 20; Hb is the jump over f1 f2."""
    return E + (1 - f1) * Hb, E - f1 * Hb
