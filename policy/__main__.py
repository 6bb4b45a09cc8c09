"""What `pulumi preview --policy-pack policy` runs.

Pulumi puts this folder itself in front of the modules' path, where its files would stand for others
of their names. The project's root takes its place: the pack also runs without being installed.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:] = [str(HERE.parent), *(path for path in sys.path if Path(path).resolve() != HERE)]

from policy.crossguard import start  # noqa: E402 - only now can it be found

start()
