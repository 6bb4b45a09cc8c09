"""`holdfast simulator --nights`: how long the served zones have run, as the command says it."""

from typing import Any

import pytest

from cli.main import main
from continuity.errors import PermanentError
from simulator.past import Past, Snapshots
from simulator.serving import hosted


@pytest.mark.parametrize(
    ("arguments", "past"),
    [([], Past()), (["--nights", "130"], Past(130, Snapshots.NIGHTLY))],
)
def test_the_zones_have_as_many_nights_behind_them_as_were_asked_for(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], past: Past
) -> None:
    given: list[Past] = []

    def made(*told: Any) -> None:  # noqa: ANN401 - the seed, the clock and others are passed over
        given.extend(one for one in told if isinstance(one, Past))
        raise PermanentError("No world is made here.")

    monkeypatch.setattr(hosted, "HostedWorld", made)
    assert main(["simulator", "--zone", "sa1", *arguments]) == 1
    assert given == [past]


def test_more_nights_than_a_year_has_are_refused() -> None:
    assert main(["simulator", "--nights", "366"]) == 2
