"""The cells of a convergence study: one packing meshed ever finer, and packings of any size."""

from itertools import product
from typing import Any

from workflow.study.config.model import Study

Cells = dict[str, dict[str, Any]]
"""Id -> what `rve` is for this cell."""


def compared_cells(study: Study) -> tuple[Cells, Cells]:
    """The study's own packing with each element size, and each number of fibres with each seed.

    The elements of packings keep their size in proportion to a fibre. Without a section
    `convergence` there are none.
    """
    section, rve = study.convergence, study.rve
    if section is None:
        return {}, {}
    packed = rve.model_dump(exclude={"mesh", "groups"})
    sizes = enumerate(section.element_sizes, start=1)
    meshes = {f"mesh{number}": packed | {"element_size": size} for number, size in sizes}
    packings = {}
    for fibres, seed in product(section.fibres, range(1, section.seeds + 1)):
        size = rve.element_size * (rve.fibres / fibres) ** 0.5
        own = {"fibres": fibres, "seed": seed, "element_size": size}
        packings[f"fibres{fibres}_seed{seed}"] = packed | own
    return meshes, packings
