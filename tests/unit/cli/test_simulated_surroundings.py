from pathlib import Path

import pytest

from cli.reconcile_command import engine_of
from cli.surroundings import simulator_address
from continuity.errors import InvalidInput
from reconcile.remote_engine import RemoteEngine

HERE = "http://127.0.0.1:4766"


def test_a_simulator_is_taken_where_every_call_goes_there() -> None:
    environment = {"HOLDFAST_SIMULATOR": f"{HERE}/", "AWS_ENDPOINT_URL": HERE}
    assert simulator_address(environment) == ("127.0.0.1", 4766)


@pytest.mark.parametrize(
    ("environment", "path"),
    [
        ({"HOLDFAST_SIMULATOR": HERE}, "AWS_ENDPOINT_URL"),
        (
            {"HOLDFAST_SIMULATOR": HERE, "AWS_ENDPOINT_URL": "http://127.0.0.1:4767"},
            "AWS_ENDPOINT_URL",
        ),
        (
            {
                "HOLDFAST_SIMULATOR": HERE,
                "AWS_ENDPOINT_URL": HERE,
                "AWS_ENDPOINT_URL_RDS": "https://rds.eu-west-1.amazonaws.com",
            },
            "AWS_ENDPOINT_URL_RDS",
        ),
        (
            {
                "HOLDFAST_SIMULATOR": HERE,
                "AWS_ENDPOINT_URL": HERE,
                "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
            },
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        ),
    ],
)
def test_a_mixture_of_simulated_and_real_is_refused(environment: dict[str, str], path: str) -> None:
    with pytest.raises(InvalidInput) as told:
        simulator_address(environment)
    assert [problem.path for problem in told.value.problems] == [path]


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1:4766",
        "https://127.0.0.1:4766",
        "http://127.0.0.1",
        "127.0.0.1:4766",
        "http://127.0.0.1:4766/path",
        "http://127.0.0.1:port",
        "http://[::1",
    ],
)
def test_an_address_that_is_not_a_simulators_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput) as told:
        simulator_address({"HOLDFAST_SIMULATOR": url, "AWS_ENDPOINT_URL": url})
    assert {problem.path for problem in told.value.problems} == {"HOLDFAST_SIMULATOR"}


def test_beside_a_simulator_the_cli_of_this_machine_is_never_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its state is that of the real zone: an exercise must not tell it anything."""
    cli = tmp_path / "pulumi"
    cli.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    simulated = {"HOLDFAST_SIMULATOR": HERE, "AWS_ENDPOINT_URL": HERE}
    assert engine_of("we1", simulated) == RemoteEngine("127.0.0.1", 4766, "we1")
