"""Real processes: a served simulation and the command line beside it, nothing shared but a port."""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import pytest

HOLDFAST = (
    sys.executable,
    str(Path(__file__).with_name("dies_with_parent.py")),
    str(os.getpid()),  # whoever starts it: it ends when this process does, however that ends
)
SPEED = 60
LONGEST_S = 120.0


def environment(**more: str) -> dict[str, str]:
    """Return what a process of ours needs to know, and nobody's AWS settings."""
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "HOLDFAST_"))
    }
    root = str(Path(__file__).parents[3])
    return {**kept, "PYTHONPATH": root, "AWS_EC2_METADATA_DISABLED": "true", **more}


def wait_for(what: str, found: Callable[[], object]) -> None:
    """Wait until something is the case, for a bounded time."""
    until = time.monotonic() + LONGEST_S  # noqa: TID251 - real processes take real time
    while not found():
        assert time.monotonic() < until, f"never came: {what}"  # noqa: TID251 - as above
        time.sleep(0.02)  # noqa: TID251 - as above


class Simulator:
    """One `holdfast simulator` process; manifests lie in `folder`, if somebody asked for them."""

    folder: Path

    def __init__(self, zone: str, log: IO[str], *options: str) -> None:
        self.zone = zone
        command = (*HOLDFAST, "simulator", "--zone", zone, "--port", "0", "--speed", str(SPEED))
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own program
            (*command, "--format", "json", *options),
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        self.told = self._told()
        self.endpoint = self.told["endpoint"]
        self.environment: dict[str, str] = self.told["zones"][0]["environment"]

    def control(self, path: str, body: object = None) -> Any:  # noqa: ANN401 - parsed JSON
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.endpoint}/_simulator/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as reply:  # noqa: S310 - as above
            return json.load(reply)

    def truth(self) -> Any:  # noqa: ANN401 - parsed JSON
        return self.control(f"zones/{self.zone}")

    def effects(self, call: str, target: str = "") -> list[str]:
        """Return the targets of the effects of one operation, `rds.PromoteReadReplica`."""
        rows = self.control(f"zones/{self.zone}/effects")
        return [
            row["target"] for row in rows if row["call"] == call and target in (row["target"] or "")
        ]

    def lose_home(self) -> None:
        fault = {"kind": "region-lost", "site": "home"}
        self.control("faults", {"zone": self.zone, "fault": fault})

    def person(self, name: str) -> dict[str, str]:
        """Return the environment of somebody who is signed in under a name."""
        signed = self.control("people", {"zone": self.zone, "name": name})
        return {**self.environment, **signed}

    def start(self, *arguments: str, log: IO[str]) -> subprocess.Popen[str]:
        """Start a command beside the simulator."""
        return subprocess.Popen(  # noqa: S603 - our own interpreter, our own program
            (*HOLDFAST, *arguments),
            env=environment(**self.environment),
            stdout=subprocess.DEVNULL,
            stderr=log,
            text=True,
        )

    def run(self, *arguments: str, **signed: str) -> tuple[int, str, str]:
        """Run a command to its end: exit code, stdout, stderr."""
        return holdfast(*arguments, **{**self.environment, **signed})

    def status(self) -> Any:  # noqa: ANN401 - parsed JSON
        """Return what `holdfast failover status` says of the zone."""
        code, out, err = self.run("failover", "status", self.zone, "--format", "json")
        assert code == 0, err
        return json.loads(out)

    def wait_for(self, what: str, found: Callable[[], object]) -> None:
        wait_for(what, found)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _told(self) -> Mapping[str, Any]:
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line == "}\n":
                return dict(json.loads("".join(lines)))
        raise AssertionError(f"the simulator ended with {self.process.wait()}")


def holdfast(*arguments: str, **signed: str) -> tuple[int, str, str]:
    """Run a command to its end in a process of its own."""
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own program
        (*HOLDFAST, *arguments),
        env=environment(**signed),
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_S,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def command() -> tuple[str, ...]:
    """How every process here is started, up to the arguments of `holdfast`."""
    return HOLDFAST


@pytest.fixture
def log() -> Iterator[IO[str]]:
    """What processes say on stderr; pytest shows none of it, an assertion may."""
    with tempfile.TemporaryFile("w+") as file:
        yield file


@pytest.fixture(scope="module")
def quiet_simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """A served zone `sa1` for tests that leave it as it is; its manifest lies in `folder`."""
    folder = tmp_path_factory.mktemp("manifests")
    with tempfile.TemporaryFile("w+") as said:
        found = Simulator("sa1", said, "--manifests", str(folder))
        found.folder = folder
        try:
            yield found
        finally:
            found.stop()


@pytest.fixture
def simulator(log: IO[str], tmp_path: Path) -> Iterator[Simulator]:
    """A served zone `sa1` for one test; its manifest lies in the test's folder."""
    found = Simulator("sa1", log, "--manifests", str(tmp_path))
    try:
        yield found
    finally:
        found.stop()
