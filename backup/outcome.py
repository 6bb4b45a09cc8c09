"""What came of one thing that a verb did. `cli` prints it, and fails where one failed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Done:
    """One effect: on what, in which region, whether it went well, and the sentence about it.

    `waits`: nothing was done, and nothing is wrong; a later run does it.
    """

    subject: str
    region: str
    well: bool
    sentence: str
    waits: bool = False
