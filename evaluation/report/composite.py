"""The report of a study that compares no networks: its cell, its composites and their networks."""

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from evaluation.formatting import enumeration, mean_and_deviation, percent, spaced
from evaluation.measures.chosen_network import alike, chosen_network
from evaluation.measures.constants import side_by_side
from evaluation.measures.ensembles import ENOUGH, enough
from evaluation.measures.error import PRESCRIBED
from evaluation.measures.tables import StudyTables, of_networks
from evaluation.naming.loads import in_words, load_name
from evaluation.report.statements import pairs
from evaluation.report.tables import Table, pair_table, table_of
from rve.loads.load_path import DIRECTIONS
from rve.materials.composite import LAWS
from rve.microstructure.phases import PHASES, ordered

_CONSTANTS = (
    "For small strains. The literature has axis 1 along the fibres; this project and its files "
    "have axis 3 there. ν of i and j is the contraction along j under stress "
    "along i. The network column is network.npz, and the scatter that of the networks that differ "
    "from it in their random start alone."
)
_ERRORS = (
    "Relative error of the stresses, all six components together, over all increments of a load. "
    "Mean ± standard deviation over the networks, and the worst of them; mean of all: the error of "
    "their mean stress. The last column says how often the finite elements lie within two standard "
    "deviations of that mean, the spread times its factor: about 95 if the spread tells the error, "
    "far less where the networks share one."
)


def composite_page(
    tables: StudyTables,
    constants: pd.DataFrame,
    config: Mapping[str, Any],
    cell: Mapping[str, Any],
) -> dict[str, Any]:
    """What the template of the page tells, beside the figures.

    `constants` is constants.csv, `config` the resolved configuration and `cell` statistics.json.
    """
    chosen = chosen_network(tables.training)
    ids = alike(tables.training, chosen.id)
    names, folder = tables.composites, f"results/{config['study']}"
    return {
        "names": enumeration(map(spaced, names)),
        "folder": folder,
        "others": f"results/{config.get('networks_of', config['study'])}/networks",
        "chosen": chosen,
        "configuration": chosen.id.rsplit("_s", 1)[0],
        "members": len(ids),
        "sureness": _sureness(tables, ids),
        "numbers": _numbers(tables, chosen.id, ids),
        "cell": pair_table(_cell(config["rve"], cell)),
        "materials": _materials(config["composites"]),
        "composites": [
            {
                "name": name,
                "figure": f"responses_{name}",
                "constants": _constants(constants, name, chosen.id, ids),
                "errors": _errors(tables, name, chosen.id, ids),
            }
            for name in names
        ],
        "costs": pair_table(_costs(tables, chosen.id, ids)),
        "limits": pair_table(pairs("limits", **_limits(tables, config))),
    }


def _of(tables: StudyTables, ids: list[str]) -> pd.DataFrame:
    """All predictions of networks with their first scheme, a row a curve; failed ones have none."""
    return of_networks(pd.concat([tables.first_scheme_predictions, tables.path_predictions]), ids)


def _numbers(tables: StudyTables, chosen: str, ids: list[str]) -> list[tuple[str, str]]:
    loads = of_networks(tables.first_scheme_predictions, [chosen])
    worst = _of(tables, [chosen]).nlargest(1, "error").iloc[0]
    where = f"{spaced(worst['composite'])}, " if len(tables.composites) > 1 else ""
    of_worst = worst["control"], worst["load"]
    numbers = [
        (_short(loads["error"].mean()), f"mean error over {loads['load'].nunique()} loads"),
        (
            _short(worst["error"]),
            f"worst curve: {where}{load_name(*of_worst)} {in_words(*of_worst)}".rstrip(),
        ),
    ]
    averaged = _averaged(tables, ids)
    averaged = averaged[averaged["control"] == tables.control]
    if len(averaged):
        text = f"mean error of the mean stress of {len(ids)} networks"
        numbers.append((_short(averaged["error"].mean()), text))
    return numbers


def _short(error: float) -> str:
    return "–" if pd.isna(error) else f"{float(f'{100 * error:.2g}'):g} %"


def _averaged(tables: StudyTables, ids: list[str]) -> pd.DataFrame:
    """The rows of ensembles.csv on all these networks."""
    rows, (configuration, *_) = tables.ensembles, (id.rsplit("_s", 1)[0] for id in ids)
    own = (rows["recipe"] == configuration) & (rows["networks"] == len(ids))
    return rows[own & rows["control"].isin([tables.control, "path"])]


def _sureness(tables: StudyTables, ids: list[str]) -> dict[str, Any] | None:
    """The standard error of the mean of the networks, and how many networks are enough."""
    averaged = _averaged(tables, ids).dropna(subset=["spread"])
    loads = averaged[averaged["control"] == tables.control]  # their stresses do not pass zero
    if loads.empty:
        return None
    worst = loads.nlargest(1, "spread").iloc[0]
    return {
        "error": _short(worst["spread"] / len(ids) ** 0.5),
        "load": spaced(str(worst["load"])),
        "enough": _short(ENOUGH),
        "needed": enough(worst["spread"]),
    }


def _cell(rve: Mapping[str, Any], cell: Mapping[str, Any]) -> list[tuple[str, str]]:
    packed = "centres" in cell
    inclusions = cell.get("inclusions", {})
    fractions = cell.get("volume_fractions", {})
    if set(fractions) <= set(PHASES):
        found = [("volume fraction of the fibres", percent(cell["volume_fraction_meshed"]))]
    else:
        found = [(f"volume fraction, {phase}", percent(one)) for phase, one in fractions.items()]
    placed = ", packed at random" if packed or inclusions else ""
    if cell["fibres"]:
        found.append(("fibres", f"{cell['fibres']}{placed}"))
    for phase, kind in inclusions.items():
        text = f"{kind['number']} of radius {kind['radius']:.3g} cell edges"
        found.append((f"discs, {phase}", text))
    if packed:
        found += [
            ("edge of the cell over a fibre's diameter", f"{0.5 / cell['fibre_radius']:.3g}"),
            ("smallest gap over a fibre's radius", f"{cell['smallest_gap_over_radius']:.2g}"),
        ]
    elif not inclusions:
        found.append(("mesh file", str(rve["mesh"])))
    elements = f"{cell['elements']:,} quadratic triangles"
    return [*found, ("elements", elements), ("unknowns", f"{cell['unknowns']:,}")]


def _materials(composites: Mapping[str, Any]) -> Table:
    rows = []
    for name, phases in composites.items():
        for phase in ordered(phases):
            law, named = phases[phase]["law"], [spaced(name)] * (len(composites) > 1)
            said = {one.name: one_of for one, one_of in LAWS[law].parameters().items()}
            constants = [
                _constant(key, value, said[key].unit)
                for key, value in phases[phase].items()
                if key != "law"
            ]
            rows.append((", ".join([*named, phase]), law, ", ".join(constants)))
    frame = pd.DataFrame(rows, columns=["phase", "law", "constants"])
    return table_of(frame, 3, "Materials", "")


def _constant(key: str, value: Any, unit: str) -> str:
    if isinstance(value, list | tuple):
        points = ", ".join(f"({', '.join(f'{number:g}' for number in row)})" for row in value[:8])
        more = f" and {len(value) - 8} more rows" if len(value) > 8 else ""
        return f"{spaced(key)} [{unit}]: {points}{more}"
    return f"{spaced(key)} {value:g}" + ("" if unit == "-" else f" {unit}")


def _constants(constants: pd.DataFrame, composite: str, chosen: str, ids: list[str]) -> Table:
    own = side_by_side(constants, composite, [chosen])
    scatter = side_by_side(constants, composite, ids)["spread"]
    columns = {
        "": list(own["meaning"]),
        "literature": list(map(_greek, own.index)),
        "here": list(map(_greek, own["here"])),
        "unit": ["–" if unit == "-" else unit for unit in own["unit"]],
        "finite elements": [f"{value:.4g}" for value in own["finite_elements"]],
        "network": ["–" if pd.isna(value) else f"{value:.4g}" for value in own["network"]],
        "difference [%]": ["–" if pd.isna(x) else f"{x:+.2f}" for x in own["deviation"]],
        "scatter [%]": ["–" if pd.isna(value) else f"{value:.2f}" for value in scatter],
    }
    return table_of(columns, 4, "Effective constants", _CONSTANTS)


def _greek(name: str) -> str:
    return name.replace("nu", "ν")


def _errors(tables: StudyTables, composite: str, chosen: str, ids: list[str]) -> Table:
    rows = _of(tables, ids)
    rows, averaged = (
        frame[frame["composite"] == composite].assign(
            error=lambda found: found["error"].where(found["error"] > PRESCRIBED)
        )
        for frame in (rows, _averaged(tables, ids))
    )
    keys, shown = ["control", "load"], []
    means: Mapping[Any, Any] = averaged.set_index(keys).to_dict("index")
    for key, of_load in rows.groupby(keys, sort=False):
        errors = of_load["error"]
        own = errors[of_load["network"] == chosen].mean()
        row = {
            "load": load_name(*map(str, key)),
            "which is": in_words(*map(str, key)),
            "network.npz [%]": _percent(own),
            f"{len(ids)} networks [%]": mean_and_deviation(100 * errors.mean(), 100 * errors.std()),
            "worst [%]": _percent(errors.max()),
        }
        if len(ids) > 1:
            error, inside = (
                means.get(key, {}).get(name, float("nan")) for name in ("error", "calibrated_2")
            )
            row["mean of all [%]"] = _percent(error)
            known = pd.notna(error) and pd.notna(inside)
            row["within its spread [%]"] = f"{100 * inside:.0f}" if known else "–"
        shown.append(row)
    text = _ERRORS
    if len(ids) > 1 and len(averaged) and pd.notna(averaged["factor"].iloc[0]):
        text += f" The factor is {averaged['factor'].iloc[0]:.2g}."
    failed = int((rows["status"] != "ok").sum())
    if (rows["error"].isna() & (rows["status"] == "ok")).any():
        text += " A path that prescribes all stresses has no error of these."
    text += f" {failed} predictions did not converge and are left out." if failed else ""
    return table_of(pd.DataFrame(shown), 2, "Errors against finite elements", text)


def _percent(value: float) -> str:
    return mean_and_deviation(100 * value)


def _costs(tables: StudyTables, chosen: str, ids: list[str]) -> list[tuple[str, str]]:
    training = of_networks(tables.training, ids)
    curves = _of(tables, ids)
    step = (curves["seconds"] / curves["increments"]).min()  # what ran beside it only adds
    nodes = int(training.loc[training["network"] == chosen, "active_nodes"].iloc[0])
    return [
        ("base nodes of network.npz", f"{nodes}"),
        ("training of a network, once", f"{training['seconds'].mean():.2g} s"),
        ("an increment with one network", f"{float(f'{1e6 * step:.2g}'):g} µs"),
    ]


def _limits(tables: StudyTables, config: Mapping[str, Any]) -> dict[str, Any]:
    """On what the networks were tested, and with what they were trained."""
    amplitudes, rve = config["references"]["amplitudes"], config["rve"]
    order = [load for load in DIRECTIONS if load in amplitudes]
    return {
        "tested": ", ".join(f"{100 * amplitudes[one]:g} % in {one}" for one in order),
        "control": tables.control,
        "paths": _paths(tables.paths),
        "contrast": config["dataset"]["contrast_decades"],
        "size": None if "mesh" in rve else rve["element_size"],
        "ends": " and ".join(_ends_of_tables(config["composites"])),
    }


def _paths(paths: Collection[str]) -> str:
    names = [spaced(path) for path in paths]
    return f"path{'s' * (len(names) > 1)} {enumeration(names)}" if names else ""


def _ends_of_tables(composites: Mapping[str, Any]) -> list[str]:
    """The largest plastic strain of each table of a law."""
    laws = [law for phases in composites.values() for law in phases.values()]
    tables = [law["table"] for law in laws if "table" in law]
    return list(dict.fromkeys(f"{100 * table[-1][0]:.3g} %" for table in tables))
