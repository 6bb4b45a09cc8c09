from cli.exit_codes import ExitCode


def test_exit_codes_never_change() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "OK": 0,
        "FAILED": 1,
        "USAGE": 2,
        "OBJECTIVE_MISSED": 3,
        "HELD_BY_ANOTHER_RUN": 4,
        "REFUSED": 5,
    }
