"""`--report FILE` of the commands: the file is judged first, written last, and then named.

The commands that drill, fail over, review, verify and show the plan use it.
Where the report lies is told on stderr: stdout holds the answer alone.
"""

import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incident.documents.page_file import PageFile
    from incident.documents.pages import Pageable


@dataclass(frozen=True)
class ReportFile:
    """A file that a report will be written to."""

    page: "PageFile"

    def write(self, report: "Pageable") -> None:
        """Write the report and say where it is.

        Raises:
            PermanentError: it cannot be written any more.
        """
        self.page.write(report)
        sys.stderr.write(f"holdfast: the report is in {self.page.path}\n")


def report_file(path: Path) -> ReportFile:
    """Return the file that was asked for, once it is sure that it can be written.

    Raises:
        InvalidInput: it cannot; nothing was begun.
    """
    from incident.documents.page_file import at

    return ReportFile(at(path))


def written_at() -> datetime:
    """Return the moment at which a drill's report is written, which is the machine's own."""
    from cloud.system_clock import SystemClock

    return SystemClock().now()
