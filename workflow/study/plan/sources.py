"""What of the source a script depends on, so that editing it reruns just the rules it serves.

Rules take it as a parameter. As inputs, the files would be looked up again for every waiting job
whenever one ends, which takes half a core in a study of hundreds of jobs.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from rve import imports


def sources(script: str, *modules: str, laws: Path | None = None) -> str:
    """Digest of a script and of the modules of the packages that it imports, also indirectly.

    `modules` are further ones that it looks up, by their dotted names; `laws` is the user's file of
    laws, which a script has that imports those of the packages.
    """
    named = [path for module in modules if (path := imports.file_of(module))]
    files = imports.with_imports([imports.ROOT / script, *named])
    own = [laws] if laws and imports.file_of("rve.materials.composite") in files else []
    return digest([*files, *own])


def digest_of_packages(root: Path) -> str:
    """Digest of the packages that lie in a folder, with what lies beside their modules."""
    files = [path for name in imports.PACKAGES for path in (root / name).rglob("*.*")]
    return digest(path for path in files if path.is_file() and path.suffix != ".pyc")


def digest_of_all() -> str:
    """Digest of the whole code: where there is no repository, it tells one version from another."""
    folders = [imports.ROOT / name for name in (*imports.PACKAGES, "workflow")]
    files = [path for folder in folders for path in folder.rglob("*")]
    return digest([imports.ROOT / "Snakefile", *(p for p in files if p.suffix in (".py", ".smk"))])


def digest(files: Iterable[Path]) -> str:
    """Digest of files."""
    summed = hashlib.sha256()
    for path in sorted(files):
        summed.update(path.read_bytes())
    return summed.hexdigest()[:16]
