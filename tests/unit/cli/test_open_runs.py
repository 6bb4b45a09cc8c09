from cli.open_runs import look


def test_without_credentials_nobody_is_asked_and_that_is_said() -> None:
    assert look(["we1"], {}) == (
        (),
        (
            (
                "Whether a failover of we1 is open was not seen (nobody is signed in). "
                "Look before you deploy: holdfast failover status we1."
            ),
        ),
    )
