"""Another git revision of the project, as files in a temporary folder.

`simulator.preview` runs its program beside the current one. The files come from `git archive`,
which leaves nothing behind in the repository, however the preview ends.
"""

import io
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from continuity.errors import InvalidInput, Problem


def commit_of(folder: Path, revision: str) -> str:
    """Return the commit that a revision names.

    Raises:
        InvalidInput: there is no such revision (the message names branches and tags), or no git.
    """
    found = _git(
        folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    if found is not None:
        return found.decode().strip()
    names = _git(folder, "for-each-ref", "--format=%(refname:short)") or b""
    valid = ", ".join(names.decode().split())
    known = f"branches and tags are {valid}" if valid else "this is no git checkout with commits"
    message = f"there is no {revision!r}; {known}"
    raise InvalidInput("The revision", [Problem("against", message)])


@contextmanager
def files_of(folder: Path, commit: str) -> Iterator[Path]:
    """Lend the files that a folder of the repository had at a commit."""
    archive = _git(folder, "archive", "--format=tar", commit)
    if archive is None:
        raise InvalidInput("The revision", [Problem("against", f"{commit} has no such folder")])
    with tempfile.TemporaryDirectory(prefix="holdfast-") as name:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(name, filter="data")
        yield Path(name)


def _git(folder: Path, *arguments: str) -> bytes | None:
    """Return what git prints, or None where it fails or is missing."""
    git = shutil.which("git")
    if git is None:
        return None
    done = subprocess.run(  # noqa: S603 - git itself, and arguments that no shell reads
        [git, "-C", str(folder), *arguments], capture_output=True, check=False
    )
    return done.stdout if done.returncode == 0 else None
