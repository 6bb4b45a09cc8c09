"""What holds for every test: nothing leaves this machine, and nobody's AWS account is near."""

import os
from collections.abc import Iterator

import hypothesis
import pytest

for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ.update(
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",  # noqa: S106 - opens nothing
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    AWS_EC2_METADATA_DISABLED="true",
    MOTO_EC2_LOAD_DEFAULT_AMIS="false",
)

hypothesis.settings.register_profile("same", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("same")  # the same examples every time, judged by no stopwatch


@pytest.fixture(scope="session", autouse=True)
def this_machine_only() -> Iterator[None]:
    from simulator import guard

    with guard.loopback_only(), guard.guarded():
        yield
