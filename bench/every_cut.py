"""A recovery of three databases on the simulated AWS, cut at every single call: one end state.

`make faults` runs it. The driver is killed after, or loses the reply of, each call that it makes,
reads too; the next driver takes over. One line a cut, then a verdict; 1 if any recovery ends in
another state than the undisturbed one, breaks an invariant or promotes twice. It takes a while:
`--sample N` plays one cut of N, beginning with the first. `tests/faults` plays some of them in
every run of the tests, and `tests/unit/failover/test_killed_anywhere.py` all on a zone in memory.
"""

import argparse
import importlib.util
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from types import ModuleType

DATABASES = ("orders", "billing", "accounts")
CUTS = ("kill after", "lost reply")
RESCUE = Path(__file__).resolve().parent.parent / "tests" / "faults" / "conftest.py"


@dataclass(frozen=True)
class End:
    """How a recovery ended, what it broke on the way, and the calls that it made."""

    state: object
    violations: tuple[str, ...]
    promotions: Counter[object]
    calls: tuple[str, ...]
    cut: bool


def main() -> int:
    """Play every cut, print what came of it; 1 if any came out differently."""
    asked = argparse.ArgumentParser(description="Cut a recovery at every call.")
    asked.add_argument(
        "--sample", type=int, default=1, metavar="N", help="one cut of N; odd N play both kinds"
    )
    asked.add_argument(
        "--processes", type=int, default=None, help="as many as there are processors"
    )
    given = asked.parse_args()
    began, clean = perf_counter(), _played({})
    every = [{number: cut} for number in range(1, len(clean.calls) + 1) for cut in CUTS]
    cuts = every[:: max(1, given.sample)]
    bad = int(_told({1: "nothing at all"}, clean, clean))
    with ProcessPoolExecutor(given.processes) as pool:
        for script, end in zip(cuts, pool.map(_played, cuts), strict=True):
            bad += _told(script, clean, end)
    what = f"{len(clean.calls)} calls, {len(cuts)} of {len(every)} cuts"
    verdict = f"{bad} END DIFFERENTLY" if bad else "every one ends the same"
    _say(f"\n{what} in {perf_counter() - began:.0f} s: {verdict}")
    return 1 if bad else 0


def _played(script: Mapping[int, str]) -> End:
    """Recover once in a world of its own, with a fault at the numbered call."""
    rescues = _rescues()
    wire = rescues.Wire(dict(script), reads=True)
    with rescues.loaded_zone() as zone, rescues.entered_rescue(zone, wire, *DATABASES) as rescue:
        rescue.lose_home()
        try:
            rescue.recover()
            state = rescue.end_state()
        except AssertionError as error:
            state = str(error)
        violations = tuple(str(one) for one in rescue.invariants.violations)
        cut = len(wire.changes) >= max(script, default=0)
        return End(state, violations, rescue.promotions(), tuple(wire.changes), cut)


def _told(script: Mapping[int, str], clean: End, end: End) -> bool:
    """Print the line of one cut; say whether anything is wrong with it."""
    wrong = list(_against(clean, end))
    for number, cut in script.items():
        what = f"{number:>4}  {clean.calls[number - 1]:<32} {cut:<14}"
        _say(f"{what}  {'; '.join(wrong) or 'the same end'}")
    return bool(wrong)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _against(clean: End, end: End) -> Iterator[str]:
    """Say what is not as it was without a cut."""
    if not end.cut:
        yield "the call was never made"
    if end.state != clean.state:
        yield f"ENDS DIFFERENTLY: {end.state}"
    yield from end.violations
    if set(end.promotions.values()) != {1} or len(end.promotions) != len(DATABASES):
        yield f"promotions: {dict(end.promotions)}"


def _rescues() -> ModuleType:
    """Load the rescue that the tests of faults use by its path: tests are no package."""
    spec = importlib.util.spec_from_file_location("rescues", RESCUE)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(RESCUE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    raise SystemExit(main())
