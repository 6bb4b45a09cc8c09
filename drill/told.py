"""Whether a drill tells people, and how their services are reached.

A scenario's `[world]` says it with `channels`; `drill.telling` opens them.
"""

from enum import StrEnum


class Told(StrEnum):
    """The services are simulated either way."""

    NOBODY = "off"
    SIMULATED = "simulated"  # in the same process, each answer taking its virtual time
    SERVED = "served"  # behind HTTP servers on this machine
