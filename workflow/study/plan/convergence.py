"""The cells of a convergence study: one packing meshed ever finer, and packings of any size."""

from typing import Any

from workflow.study.config.model import Convergence, Study

Cells = dict[str, dict[str, Any]]
"""Id -> what `rve` is for this cell."""


def mesh_cells(study: Study) -> Cells:
    """The study's own packing with each element size."""
    return {
        f"mesh{number}": _packed(study) | {"element_size": size}
        for number, size in enumerate(_section(study).element_sizes, start=1)
    }


def packing_cells(study: Study) -> Cells:
    """Packings of each number of fibres and each seed; elements keep their size to the fibres'."""
    section, rve = _section(study), study.rve
    return {
        f"fibres{fibres}_seed{seed}": _packed(study)
        | {
            "fibres": fibres,
            "seed": seed,
            "element_size": rve.element_size * (rve.fibres / fibres) ** 0.5,
        }
        for fibres in section.fibres
        for seed in range(1, section.seeds + 1)
    }


def _section(study: Study) -> Convergence:
    assert study.convergence is not None
    return study.convergence


def _packed(study: Study) -> dict[str, Any]:
    return study.rve.model_dump(exclude={"mesh", "groups"})
