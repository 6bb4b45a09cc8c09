"""The code of the zone's functions: complete, the same every time, and runnable where it goes."""

import subprocess
import sys
import zipfile
from datetime import time
from pathlib import Path

import pulumi
import pytest

from continuity.window import MaintenanceWindow
from simulator.assets import Archive, Asset
from simulator.assets import archive as archived
from stacks.backup_code import BACKUP, INCIDENT, Contents, archive
from stacks.window_schedule import every_quarter_on, in_turn, near_the_end

IN_THE_RUNTIME = ["boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"]


def packed(contents: Contents) -> Archive:
    made = archive("Europe/Lisbon", contents).assets
    files = {
        name: Asset(path=str(asset.path))
        if isinstance(asset, pulumi.FileAsset)
        else Asset(text=str(asset.text))
        for name, asset in made.items()
        if isinstance(asset, pulumi.FileAsset | pulumi.StringAsset)
    }
    return archived(files)


@pytest.fixture(scope="module")
def code() -> Archive:
    return packed(BACKUP)


def test_it_holds_the_rooms_their_libraries_and_one_time_zone(code: Archive) -> None:
    tops = {name.partition("/")[0] for name in code.files}
    named = {top for top in tops if not top.endswith(".dist-info")}
    libraries = {"asn1crypto", "pg8000", "scramp", "tenacity"}
    assert named == {"backup", "cloud", "continuity", "tzdata"} | libraries
    zones = {name for name in code.files if name.startswith("tzdata/zoneinfo/Europe/")}
    assert zones == {"tzdata/zoneinfo/Europe/__init__.py", "tzdata/zoneinfo/Europe/Lisbon"}
    assert not [name for name in code.files if "__pycache__" in name]


def test_it_is_small_enough_to_be_sent_to_lambda(code: Archive) -> None:
    """Lambda quotas: 50 MB packed where it is sent directly; a cold start wants far less."""
    assert len(code.packed()) < 5_000_000


def run_alone(code: Archive, imports: str, names: str, tmp_path: Path) -> str:
    """Return what a program prints that finds the code and Lambda's runtime, and nothing else."""
    with zipfile.ZipFile(_written(tmp_path / "code.zip", code.packed())) as packed:
        packed.extractall(tmp_path / "task")
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    for name in IN_THE_RUNTIME:
        found = Path(sys.modules[name].__file__ or "") if name in sys.modules else _found(name)
        kept = found.parent if found.name == "__init__.py" else found
        (runtime / kept.name).symlink_to(kept)
    program = (
        f"import sys; sys.path[:0] = [{str(tmp_path / 'task')!r}, {str(runtime)!r}]\n"
        f"{imports}\n"
        "from cloud.clients import Clients\n"
        "from zoneinfo import ZoneInfo, reset_tzpath, available_timezones\n"
        "reset_tzpath([])\n"
        "Clients().of('sts', 'eu-west-1')\n"
        "print(ZoneInfo('Europe/Lisbon'), 'Europe/Lisbon' in available_timezones(),"
        f" {names})"
    )
    ran = subprocess.run(  # noqa: S603 - this interpreter, without its packages
        [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False
    )
    assert ran.stderr == ""
    return ran.stdout


def test_it_runs_with_nothing_else_than_what_lambda_has(code: Archive, tmp_path: Path) -> None:
    names = "handler.run.__name__, prober.run.__name__"
    found = run_alone(code, "from backup import handler, prober", names, tmp_path)
    assert found == "Europe/Lisbon True run run\n"


def test_who_hears_alarms_words_its_messages_there_without_anything_compiled(
    tmp_path: Path,
) -> None:
    code = packed(INCIDENT)
    assert not [name for name in code.files if name.endswith((".so", ".pyd"))]
    imports = "from incident import handler\nfrom incident.messages import words"
    names = "handler.run.__name__, bool(words._templates().list_templates())"
    assert run_alone(code, imports, names, tmp_path) == "Europe/Lisbon True run True\n"


def _found(name: str) -> Path:
    __import__(name)
    return Path(sys.modules[name].__file__ or "")


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_equal_files_are_equal_code_wherever_they_lie(tmp_path: Path) -> None:
    made = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        path = _written(tmp_path / folder / "a.py", b"x = 1\n")
        made.append(archived({"a.py": Asset(path=str(path))}))
    assert made[0] == made[1]
    assert made[0].packed() == made[1].packed()
    assert made[0] != archived({"a.py": Asset(text="x = 2\n")})
    assert made[0] != archived({"b.py": Asset(text="x = 1\n")})


def test_an_unknown_time_zone_brings_no_file_and_a_deep_one_all_its_folders() -> None:
    deep = [name for name in archive("America/Argentina/Ushuaia").assets if "zoneinfo" in name]
    assert deep == [
        "tzdata/zoneinfo/America/Argentina/Ushuaia",
        "tzdata/zoneinfo/America/Argentina/__init__.py",
        "tzdata/zoneinfo/America/__init__.py",
        "tzdata/zoneinfo/__init__.py",
    ]


@pytest.mark.parametrize(
    ("start", "end", "first", "other", "last"),
    [
        (time(0), time(6), "0 0,2,4", "0 1,3,5", "45 5"),
        (time(22), time(1), "0 22,0", "0 23", "45 0"),
        (time(22, 30), time(0, 10), "0 23", "30 23", "55 23"),
        (time(1, 20), time(2, 40), "20 1", "50 1", "25 2"),
        (time(23, 40), time(0, 30), "40 23", "10 0", "15 0"),
    ],
)
def test_of_two_sites_in_turn_one_asks_each_whole_hour_of_the_window(
    start: time, end: time, first: str, other: str, last: str
) -> None:
    window = MaintenanceWindow(start, end, "Europe/Lisbon")
    found = (in_turn(window, 0), in_turn(window, 1), near_the_end(window))
    assert found == tuple(f"cron({moment} * * ? *)" for moment in (first, other, last))


def test_days_of_the_week_take_the_place_of_days_of_the_month() -> None:
    window = MaintenanceWindow(time(0), time(2), "UTC")
    assert every_quarter_on("SUN,MON", window, 11) == "cron(11/15 0,1 ? * SUN,MON *)"
