"""What holds for every test: nothing leaves this machine, and nobody's AWS account is near."""

import gc
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

# Worlds are large graphs that live for a test or a module: looking through them for garbage after
# every 700 new objects takes a tenth of the suite's time.
gc.set_threshold(20_000, 20, 20)

hypothesis.settings.register_profile("same", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("same")  # the same examples every time, judged by no stopwatch


@pytest.fixture(scope="session", autouse=True)
def this_machine_only() -> Iterator[None]:
    from simulator import guard

    with guard.loopback_only(), guard.guarded():
        yield
