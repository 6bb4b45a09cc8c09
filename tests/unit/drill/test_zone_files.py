from pathlib import Path

import pytest

from continuity.errors import InvalidInput
from continuity.zone import ZoneKind
from drill.zones import ZoneFile, choose, read_zones

ZONES = (
    ZoneFile("ops", ZoneKind.SERVICE),
    ZoneFile("sa1", ZoneKind.PRODUCTION),
    ZoneFile("we1", ZoneKind.PRODUCTION),
)


def project(folder: Path, **stacks: str) -> Path:
    (folder / "Pulumi.yaml").write_text("name: test\nstackConfigDir: stacks\nruntime: python\n")
    (folder / "stacks").mkdir()
    for name, kind in stacks.items():
        text = f"config:\n  holdfast:zone:\n    kind: {kind}\n    more: 1\n"
        (folder / "stacks" / f"Pulumi.{name}.yaml").write_text(text)
    return folder


def test_zones_are_the_stacks_that_have_a_file(tmp_path: Path) -> None:
    found = read_zones(project(tmp_path, we1="production", ops="service", sa1="production"))
    assert found == ZONES


def test_a_zone_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"config\.holdfast:zone\.kind: 'test' is not one of"):
        read_zones(project(tmp_path, we1="test"))


def test_without_a_wish_all_production_zones_are_drilled() -> None:
    assert choose(ZONES, ()) == ("sa1", "we1")


def test_without_a_wish_and_without_production_zones_a_name_is_asked_for() -> None:
    with pytest.raises(InvalidInput, match="none is of production; name one: ops"):
        choose(ZONES[:1], ())


def test_asked_zones_come_in_the_order_asked_and_once() -> None:
    assert choose(ZONES, ("we1", "ops", "we1")) == ("we1", "ops")


def test_an_unknown_zone_names_the_known_ones() -> None:
    with pytest.raises(InvalidInput, match="there is no 'we9'; zones are ops, sa1, we1"):
        choose(ZONES, ("we1", "we9"))
