"""The report of a study: one HTML file that needs nothing beside it."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from evaluation.assumptions import assumptions, shortness
from evaluation.captions import TITLES, Groups, captions, shared
from evaluation.convergence import conclusion
from evaluation.departures import departures
from evaluation.summary import (
    chosen_predictions,
    configurations,
    online_times,
    prediction_errors,
    training_times,
)
from evaluation.tables import (
    LINEAR_ERRORS,
    Table,
    error_table,
    full_table,
    load_table,
    online_time_table,
    pair_table,
    stress_errors,
    training_table,
    training_time_table,
)
from evaluation.verdict import RULE, Depth, judged, verdict
from evaluation.words import percent, spaced

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Results:
    """All that the report tells of.

    Attributes:
        config: the resolved configuration.
        config_text: the same, as its file reads.
        manifest: the content of manifest.json.
        statistics: the content of statistics.json.
        training: training.csv; without rows in a study that trains no networks.
        online: online.csv, loads as text; likewise.
        timing: timing.csv; likewise.
        convergence: convergence_mesh.csv and convergence_packing.csv, or nothing.
        newton_iterations: of all reference simulations.
        batches: sweep over batch sizes -> batch size -> networks.
        depth: kind -> layers -> networks of the comparison of the kinds.
        predicted: name of a figure -> composite whose predicted stresses it shows.
        figures: name, as fig05 -> its SVG.
    """

    config: Mapping[str, Any]
    config_text: str
    manifest: Mapping[str, Any]
    statistics: Mapping[str, Any]
    training: pd.DataFrame
    online: pd.DataFrame
    timing: pd.DataFrame
    convergence: Sequence[pd.DataFrame]
    newton_iterations: int
    batches: Mapping[str, Groups]
    depth: Depth
    predicted: Mapping[str, str]
    figures: Mapping[str, bytes]

    @property
    def control(self) -> str:
        """The control of all figures and means."""
        return str(self.config["online"]["controls"][0])

    @cached_property
    def schemes(self) -> dict[str, str]:
        """The scheme of each kind in all figures and means: its first."""
        return {kind: names[0] for kind, names in self.config["online"]["schemes"].items()}

    @cached_property
    def predictions(self) -> pd.DataFrame:
        """The rows of online.csv that enter the means."""
        return self.predictions_under(self.control)

    def predictions_under(self, control: str) -> pd.DataFrame:
        """The rows of online.csv for one control and one scheme of each kind."""
        if self.training.empty:
            return self.online
        return chosen_predictions(self.training, self.online, control, self.schemes)

    @cached_property
    def errors(self) -> pd.DataFrame:
        """The errors e_sigma of the networks."""
        return prediction_errors(self.predictions)

    @property
    def compared(self) -> list[str]:
        """The networks of the table beside the verdict: the comparison of the kinds, or all."""
        ids = [id for by_layers in self.depth.values() for ids in by_layers.values() for id in ids]
        return ids or list(self.training["network"])


def render(results: Results) -> str:
    """The report as HTML."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["spaced"] = spaced
    environment.filters["symbols"] = _symbols
    return environment.get_template("report.html.j2").render(
        study=results.config["study"],
        date=f"{datetime.fromisoformat(results.manifest['date']):%-d %B %Y, %H:%M} UTC",
        networks=None if results.training.empty else _networks(results),
        convergence=_convergence(results),
        control=results.control,
        figures=_figures(results),
        timed=results.config["timing"],
        full_tables=_full_tables(results),
        assumptions=pair_table(assumptions(results.config, results.statistics)),
        departures=pair_table(departures(results.config)),
        cell=_cell(results),
        machine=_machine(results.manifest),
        packages=pair_table(list(results.manifest["packages"].items())),
        config_text=results.config_text,
    )


def _networks(results: Results) -> dict[str, Any]:
    """All that the report tells of the networks."""
    composites, every = list(results.config["composites"]), list(results.training["network"])
    place, ids = judged(results.training, results.depth)
    predictions, paths = results.predictions, results.predictions_under("path")
    return {
        "verdict": verdict(results.training, predictions, results.errors, results.depth),
        "rule": RULE,
        "short": shortness(
            results.config,
            int(results.training["samples"].max()),
            results.statistics,
        ),
        "verdict_table": error_table(
            _configurations(results, results.compared), LINEAR_ERRORS | stress_errors(composites)
        ),
        "schemes": results.schemes,
        "shared": shared(results.training),
        "training_table": training_table(_configurations(results, every)),
        "online_table": error_table(_configurations(results, every), stress_errors(composites)),
        "place": place,
        "load_table": load_table(predictions[_among(predictions, ids)]),
        "path_table": load_table(paths[_among(paths, ids)]) if len(paths) else None,
        "training_time_table": training_time_table(training_times(results.timing)),
        "online_time_table": online_time_table(
            online_times(results.training, results.timing, results.schemes)
        ),
    }


def _convergence(results: Results) -> list[str]:
    """What the convergence study says of the study's cell, if there is one."""
    rve = results.config["rve"]
    if not results.convergence:
        return []
    mesh, packing = results.convergence
    return conclusion(mesh, packing, rve["element_size"], rve["fibres"])


def _full_tables(results: Results) -> dict[str, Table]:
    frames = {
        "training.csv": results.training,
        "online.csv": results.online,
        "timing.csv": results.timing,
        **dict(
            zip(
                ("convergence_mesh.csv", "convergence_packing.csv"),
                results.convergence,
                strict=False,
            )
        ),
    }
    return {name: full_table(frame) for name, frame in frames.items() if len(frame)}


def _symbols(text: str) -> Markup:
    """Text with e_C and e_σ set as symbols with a subscript."""
    return Markup(re.sub(r"\be_([Cσ])", r"<i>e</i><sub>\1</sub>", str(escape(text))))


def _among(frame: pd.DataFrame, ids: Sequence[str]) -> pd.Series:
    return frame["network"].isin(ids)


def _configurations(results: Results, ids: Sequence[str]) -> pd.DataFrame:
    training, errors = results.training, results.errors
    return configurations(training[_among(training, ids)], errors[_among(errors, ids)])


def _figures(results: Results) -> list[dict[str, str]]:
    words = captions(
        "centres" in results.statistics,
        results.predicted,
        results.control,
        results.config["timing"]["composite"],
        results.batches,
        results.depth,
        results.training,
        results.predictions,
    )
    return [
        {
            "name": name,
            "title": TITLES[name[:5] if name.startswith("fig") else name],
            "number": spaced(name[3:].lstrip("0")) if name.startswith("fig") else "",
            "caption": words[name],
            "data": b64encode(svg).decode("ascii"),
        }
        for name, svg in results.figures.items()
    ]


def _cell(results: Results) -> Table:
    values = results.statistics
    return pair_table(
        [
            ("Fibres", values["fibres"]),
            *(_packing(values) if "centres" in values else _own_cell(values)),
            ("Fibre fraction, meshed", percent(values["volume_fraction_meshed"])),
            ("Elements", f"{values['elements']:,}"),
            ("Unknowns", f"{values['unknowns']:,}"),
            ("Element quality, least", values["element_quality_minimum"]),
            ("Element quality, mean", values["element_quality_mean"]),
            ("Newton iterations of all references", f"{results.newton_iterations:,}"),
        ]
    )


def _packing(values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    nearest = values["nearest_neighbour_mean"], values["nearest_neighbour_standard_deviation"]
    return [
        ("Fibre radius [cell edges]", values["fibre_radius"]),
        ("Fibre fraction, packed", percent(values["volume_fraction_packed"])),
        ("Smallest gap [fibre radii]", values["smallest_gap_over_radius"]),
        ("Nearest neighbour [cell edges]", "{:.4f} ± {:.4f}".format(*nearest)),
    ]


def _own_cell(values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    edges = "{:g} × {:g}".format(*values["cell_edges"])
    return [("Cell edges [unit of the mesh file]", edges)]


def _machine(manifest: Mapping[str, Any]) -> Table:
    machine = manifest["machine"]
    commit = manifest["git_commit"] or "not in a git repository"
    if manifest["git_dirty"]:
        commit += ", with changes that are not committed"
    seeds = [
        (f"Seeds: {name}", ", ".join(map(str, seeds))) for name, seeds in manifest["seeds"].items()
    ]
    return pair_table(
        [
            ("Date", manifest["date"]),
            ("Commit", commit),
            ("Processor", machine["cpu"]),
            ("Cores", machine["cores"]),
            ("Memory [GiB]", machine["memory_gib"]),
            ("System", machine["system"]),
            ("Python", manifest["python"]),
            *seeds,
        ]
    )
