"""Draw docs/images/calculix_peers.svg: what the tests of this folder compare.

PYTHONPATH=tests/peers:tests/helpers:docs/examples python tests/peers/compared.py
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from exported import CONFIG, LAWS, ROOT, TREE, export
from matplotlib.figure import Figure
from plate_with_hole import EDGE, pull, quarter_plate
from stack import Ply, respond
from test_element import INCREMENTS
from test_laminate import HISTORY, LAYUPS, STRAIN, lamination_theory
from test_plate import ELONGATION, STEPS, pulled_in_calculix

from evaluation.figures.style import figure_of, panels, save, styled
from evaluation.online import NetworkLaw, predict
from rve.loads.load_path import monotonic
from rve.mandel import COMPONENTS, engineering_stress

_TITLES = ["one element, six loads", "plate with a hole", "laminates"]


@styled
def draw(folder: Path) -> Figure:
    """Lines: the study's Python; marks: CalculiX with the exported law."""
    axes = panels(_TITLES, columns=3, size=(3.2, 3.0))
    laws = {}
    for axis in (1, 3):
        (folder / str(axis)).mkdir()
        laws[axis] = export(folder / str(axis), fibres_along=axis)

    start, iterations = perf_counter(), 0
    factors = np.arange(1, INCREMENTS + 1) / INCREMENTS
    for load in COMPONENTS:
        amplitude = CONFIG["references"]["amplitudes"][int(load)]
        curve = predict(TREE, LAWS, monotonic(load, amplitude, INCREMENTS, "stress")).curve
        place = COMPONENTS.index(load)
        stress = 1e3 * engineering_stress(curve.stress)[:, place]
        found = respond(laws[3], [Ply()], {load: amplitude}, factors, folder / f"element_{load}")
        iterations += found.iterations
        scale = np.abs(stress).max()
        (line,) = axes[0].plot(np.append(0, factors), stress / scale, label=load)
        axes[0].plot(
            factors[1::3], found.stress[1::3, 0, place] / scale, "o", color=line.get_color()
        )
    axes[0].set(xlabel="strain over its largest", ylabel="stress over its largest")
    axes[0].legend(ncols=2)
    print(f"element: {iterations} iterations, {perf_counter() - start:.1f} s for six loads")

    start, mesh = perf_counter(), quarter_plate(around=6, outwards=5)
    force = pulled_in_calculix(mesh, laws[3], folder / "plate")
    print(f"plate: {perf_counter() - start:.1f} s in CalculiX")
    start = perf_counter()
    expected, _ = pull(mesh, NetworkLaw(TREE, LAWS), ELONGATION * EDGE, STEPS)
    print(f"plate: {perf_counter() - start:.1f} s in scikit-fem")
    elongation = 100 * ELONGATION * np.arange(STEPS + 1) / STEPS
    axes[1].plot(elongation, np.append(0, 1e3 * expected), label="scikit-fem")
    axes[1].plot(elongation[1:], 1e3 * 1e-3 * force, "o", label="CalculiX")
    axes[1].set(xlabel="elongation [%]", ylabel="force over the edge [MPa]")
    axes[1].legend()

    for name, angles in LAYUPS.items():
        strain, stress = lamination_theory(angles)
        start = perf_counter()
        plies = [Ply(by_law=angle) for angle in angles]
        found = respond(laws[1], plies, {"11": STRAIN}, HISTORY, folder / name)
        print(f"{name}: {found.iterations} iterations, {perf_counter() - start:.1f} s")
        mean = np.append(0, stress[:, :, 0].mean(axis=1))
        (line,) = axes[2].plot(np.append(0, 100 * strain[:, 0]), mean, label=name)
        marks = found.stress[:, :, 0].mean(axis=1)
        axes[2].plot(100 * found.strain[:, 0], marks, "o", color=line.get_color())
    axes[2].set(xlabel="strain 11 [%]", ylabel="mean stress 11 [MPa]")
    axes[2].legend()
    return figure_of(axes)


if __name__ == "__main__":
    with TemporaryDirectory() as name:
        save(draw(Path(name)), ROOT / "docs/images/calculix_peers.svg")
