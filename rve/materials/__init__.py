"""Material laws, as formulas.

materials              laws of the phases, by name and constants
LAWS                   all laws by name
engineering_constants  Young's and shear moduli and Poisson's ratios of a stiffness
Material               what finite elements and networks ask of a law
Elastic                Hooke's law
J2Plasticity           plasticity with linear and saturating hardening
IsotropicHardening     a base for plasticity with a flow stress of your own
IsotropicLaw           a base for any other law whose elastic part is isotropic
Law                    the base of all laws
parameter              a constant of a law: description, unit, range
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
