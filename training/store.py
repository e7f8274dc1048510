"""Files of a trained network: parameters and history in an .npz, its record in a .json."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

import numpy as np

from rve.errors import InputError
from rve.files import reading_arrays, write_arrays, write_json
from rve.microstructure.phases import PHASES
from training.network import Kind, MaterialNetwork

FORMAT = 1
_RECORDED = {"kind", "layers", "status"}


def save(network: MaterialNetwork, history: Any, record: dict[str, Any], path: Path | str) -> None:
    """Write a network beside its record.

    Args:
        network: with numpy parameters.
        history: dataclass of arrays, one entry an epoch.
        record: how the network was made and how good it is; JSON values only.
        path: of the .npz; the .json lies beside it.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import numpy as np
        >>> from rve.dataset import Dataset
        >>> from training import Settings, save, train
        >>> data = Dataset(np.array([[np.eye(6), 3 * np.eye(6)]]), 1.8 * np.eye(6)[None])
        >>> result = train("IMN", 1, data, data, Settings(7, batch_size=1, eta=1, xi=1, seed=0))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save(result.network, result.history, {"status": "ok"}, Path(folder) / "imn.npz")
        ...     sorted(file.name for file in Path(folder).iterdir())
        ['imn.json', 'imn.npz']
    """
    path = Path(path)
    own = {"kind": network.kind, "layers": network.layers, "phases": network.names}
    described = {"format": FORMAT, **own, **record}
    parameters = {"z": network.z, "angles": network.angles, "phases": network.phases}
    write_arrays(path, **parameters, **asdict(history))
    write_json(described, path.with_suffix(".json"))


def load_record(path: Path | str) -> dict[str, Any]:
    """Read the record of the network whose .npz is `path`.

    Raises:
        InputError: it cannot be read or has another format.
    """
    path, file = Path(path).with_suffix(".json"), path
    if not path.is_file():
        if Path(file).is_file():
            raise InputError(f"{file}: its record {path.name} is not beside it; copy both")
        raise InputError(f"{file}: expected the .npz file of a trained network; is it there?")
    try:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        version = record["format"]
        if version == FORMAT and not record.keys() >= _RECORDED:
            raise KeyError(f"it lacks {', '.join(sorted(_RECORDED - record.keys()))}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: not the record of a network: {error}") from error
    if version != FORMAT:
        raise InputError(
            f"{path}: has the format {version}, this version reads {FORMAT}; train it again"
        )
    return record


def load_arrays(path: Path | str) -> dict[str, np.ndarray]:
    """Read all arrays of a network's .npz: z, angles, phases and the history by epoch.

    Raises:
        InputError: the file cannot be read or lacks the parameters.
    """
    with reading_arrays(path, "the file of a network") as archive:
        arrays = dict(archive)
    if not {"z", "angles"} <= arrays.keys():
        raise InputError(f"{path}: not the file of a network: it needs the arrays z and angles")
    return arrays


def load(path: Path | str) -> MaterialNetwork:
    """Read a network, and check it against its record.

    Raises:
        InputError: a file cannot be read, kind or depth are unknown, or the parameters do not
            have the shapes that these ask for, or are not finite numbers, or a base node is of a
            phase that there is not.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import numpy as np
        >>> from rve.dataset import Dataset
        >>> from training import Settings, load, save, train
        >>> data = Dataset(np.array([[np.eye(6), 3 * np.eye(6)]]), 1.8 * np.eye(6)[None])
        >>> result = train("IMN", 1, data, data, Settings(7, batch_size=1, eta=1, xi=1, seed=0))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save(result.network, result.history, {"status": "ok"}, Path(folder) / "imn.npz")
        ...     network = load(Path(folder) / "imn.npz")
        >>> network.kind, bool((network.z == result.network.z).all())
        ('IMN', True)
    """
    path = Path(path)
    record, arrays = load_record(path), load_arrays(path)
    kind: Any = record.get("kind")
    layers = record.get("layers")
    if kind not in get_args(Kind) or not isinstance(layers, int):
        raise InputError(
            f"{path.with_suffix('.json')}: kind {kind!r} and layers {layers!r} do not describe a "
            f"network; expected one of {', '.join(get_args(Kind))} and a whole number"
        )
    names = tuple(record.get("phases", PHASES))  # files of two phases had no names
    phases: Any = arrays.get("phases")
    network = MaterialNetwork(kind, arrays["z"], arrays["angles"], phases, names)
    angles = (2**layers - 1, 2) if network.kind == "IMN" else (2 ** (layers + 1) - 1, 3)
    if network.z.shape != (2**layers,) or network.angles.shape != angles:
        raise InputError(
            f"{path}: has z {network.z.shape} and angles {network.angles.shape}, expected "
            f"{(2**layers,)} and {angles} for {network.kind} with {layers} layers"
        )
    for values in (network.z, network.angles):
        if values.dtype.kind != "f" or not np.isfinite(values).all():
            raise InputError(f"{path}: holds a parameter that is not finite or not a number")
    if phases is None and "phases" in record:
        raise InputError(f"{path}: it has no array phases, which its record names; train it again")
    of_phase = [network.phases == number for number in range(len(names))]
    if np.shape(of_phase) != (len(names), 2**layers) or not np.any(of_phase, axis=0).all():
        raise InputError(
            f"{path}: its array phases is not a number from 0 to {len(names) - 1} for each of the "
            f"{2**layers} base nodes, the place of its phase among {', '.join(names)}"
        )
    return network
