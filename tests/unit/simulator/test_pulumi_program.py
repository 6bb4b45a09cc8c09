"""Programs run without the CLI. Previews only: nothing here needs a simulated AWS."""

import os
import subprocess
import sys
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pytest

from continuity.errors import InvalidInput, Problem
from simulator.program import Outcome, ProgramFailed, run_inline, run_program
from simulator.values import UNKNOWN, Secret

REGION = "eu-west-1"


def previewed(program: object, **options: object) -> Outcome:
    return run_inline(program, preview=True, **options)  # type: ignore[arg-type]


def test_the_ledger_holds_inputs_as_they_are_on_the_wire() -> None:
    def program() -> None:
        network = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", region=REGION)
        aws.ec2.Subnet("subnet", vpc_id=network.id, cidr_block="10.0.0.0/24", region=REGION)
        aws.cloudwatch.LogGroup("log", name="/x", retention_in_days=30, region=REGION)

    outcome = previewed(program)
    subnet = outcome.named("subnet")
    assert subnet.inputs == {"cidrBlock": "10.0.0.0/24", "region": REGION, "vpcId": UNKNOWN}
    assert subnet.property_dependencies["vpcId"] == (outcome.named("vpc").urn,)
    assert outcome.named("log").inputs["retentionInDays"] == 30
    assert [one.name for one in outcome.of("aws:ec2/vpc:Vpc")] == ["vpc"]
    with pytest.raises(KeyError, match="0 resources are named 'nothing'"):
        outcome.named("nothing")


def test_components_are_in_the_ledger_and_parents_of_their_resources() -> None:
    def program() -> None:
        part = pulumi.ComponentResource("holdfast:stacks:Part", "part")
        child = pulumi.ResourceOptions(parent=part, protect=True, ignore_changes=["description"])
        aws.kms.Key("key", region=REGION, opts=child)

    outcome = previewed(program)
    part, key = outcome.named("part"), outcome.named("key")
    assert (part.custom, key.parent) == (False, part.urn)
    assert key.urn == "urn:pulumi:test::holdfast::holdfast:stacks:Part$aws:kms/key:Key::key"
    assert (key.options.protect, key.options.ignore_changes) == (True, ("description",))


def test_exports_are_known_or_unknown_and_secrets_stay_wrapped() -> None:
    def program() -> None:
        pulumi.export("account", aws.get_caller_identity().account_id)
        pulumi.export("arn", aws.kms.Key("key", region=REGION).arn)
        pulumi.export("password", pulumi.Output.secret("hunter2"))

    outcome = previewed(program)
    assert outcome.exports == {
        "account": "123456789012",
        "arn": UNKNOWN,
        "password": Secret("hunter2"),
    }
    assert "hunter2" not in repr(outcome)


def test_an_error_in_an_apply_that_nobody_returns_fails_the_run() -> None:
    def program() -> None:
        pulumi.Output.from_input(1).apply(lambda number: number / 0)

    with pytest.raises(ProgramFailed, match="ZeroDivisionError"):
        previewed(program)


def test_an_error_of_the_program_itself_fails_the_run() -> None:
    def program() -> None:
        raise RuntimeError("no such thing")

    with pytest.raises(ProgramFailed, match="RuntimeError: no such thing"):
        previewed(program)


def test_the_programs_own_refusal_of_its_config_passes_through() -> None:
    def program() -> None:
        raise InvalidInput("The config", [Problem("zone", "is odd")])

    with pytest.raises(InvalidInput, match="zone: is odd"):
        previewed(program)


def test_every_failed_resource_is_named_once_and_what_depends_on_it_is_not_blamed() -> None:
    def program() -> None:
        vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
        aws.ec2.Subnet("subnet", vpc_id=vpc.id, region=REGION)
        aws.glacier.Vault("archive", region=REGION)

    with pytest.raises(ProgramFailed) as failed:
        previewed(program)
    archive, vpc = sorted(line.split("::")[-1] for line in failed.value.errors)
    assert archive.startswith(
        "archive: the simulated world has no handler for aws:glacier/vault:Vault;"
    )
    assert vpc == "vpc: is regional but is given no `region`."


def test_two_resources_of_one_name_are_an_error() -> None:
    def program() -> None:
        aws.kms.Key("key", region=REGION)
        aws.kms.Key("key", region=REGION)

    with pytest.raises(ProgramFailed, match="Duplicate resource URN"):
        previewed(program)


def test_options_that_would_be_ignored_are_refused() -> None:
    def program() -> None:
        aws.kms.Key("key", region=REGION, opts=pulumi.ResourceOptions(import_="k-1"))

    with pytest.raises(ProgramFailed, match="import_ would be ignored"):
        previewed(program)


def test_look_ups_that_are_not_simulated_are_refused() -> None:
    with pytest.raises(ProgramFailed, match="cannot answer aws:index/getPartition"):
        previewed(aws.get_partition)
    with pytest.raises(ProgramFailed, match="reading resources is not simulated"):
        previewed(lambda: aws.kms.Key.get("key", "k-1"))


def test_random_passwords_follow_the_stack_and_obey_their_rules() -> None:
    def program() -> None:
        found = aws.secretsmanager.get_random_password(password_length=40, exclude_punctuation=True)
        pulumi.export("password", found.random_password)

    first, again = previewed(program, stack="we1"), previewed(program, stack="we1")
    other = previewed(program, stack="we2")
    assert first.exports == again.exports != other.exports
    assert len(first.exports["password"]) == 40
    assert first.exports["password"].isalnum()


def test_runs_leave_no_stack_behind_for_the_next() -> None:
    def program() -> None:
        aws.kms.Key(pulumi.get_stack(), region=REGION)

    names = [previewed(program, stack=stack).resources[0].name for stack in ("we1", "we2")]
    assert names == ["we1", "we2"]


PROGRAM = """
import pulumi
from parts import thing
from continuity.errors import HoldfastError

pulumi.export("thing", thing.NAME)
pulumi.export("zone", pulumi.Config().require_object("zone")["word"])
"""


def project_with(folder: Path, name: str) -> Path:
    (folder / "parts").mkdir(parents=True)
    (folder / "stacks").mkdir()
    (folder / "Pulumi.yaml").write_text("name: holdfast\nstackConfigDir: stacks\n")
    (folder / "stacks" / "Pulumi.we1.yaml").write_text("config:\n  holdfast:zone: {word: hello}\n")
    (folder / "__main__.py").write_text(PROGRAM)
    (folder / "parts" / "__init__.py").write_text("")
    (folder / "parts" / "thing.py").write_text(f"NAME = {name!r}\n")
    return folder


def test_each_project_imports_its_own_modules_and_leaves_none(tmp_path: Path) -> None:
    one, two = project_with(tmp_path / "one", "first"), project_with(tmp_path / "two", "second")
    before, path = set(sys.modules), list(sys.path)
    exports = [run_program(folder, "we1", preview=True).exports for folder in (one, two, one)]
    assert [found["thing"] for found in exports] == ["first", "second", "first"]
    assert exports[0]["zone"] == "hello"
    assert sys.path == path
    assert {name for name in set(sys.modules) - before if name.startswith("parts")} == set()


def test_config_can_be_overridden_by_key(tmp_path: Path) -> None:
    folder = project_with(tmp_path / "one", "first")
    config = {"holdfast:zone": {"word": "bye"}}
    assert run_program(folder, "we1", preview=True, config=config).exports["zone"] == "bye"


MANY = """
import pulumi, pulumi_aws as aws
from simulator.program import run_inline

def program():
    parts = [pulumi.ComponentResource("a:b:Part", f"part{n}") for n in range(4)]
    for n in range(12):
        child = pulumi.ResourceOptions(parent=parts[n % 4])
        vpc = aws.ec2.Vpc(f"vpc{n}", cidr_block=f"10.{n}.0.0/16", region="eu-west-1", opts=child)
        aws.ec2.RouteTable(f"table{n}", vpc_id=vpc.id, region="eu-west-1",
                           opts=pulumi.ResourceOptions(depends_on=parts))

print(run_inline(program, preview=True))
"""


def test_the_order_of_everything_is_the_same_in_every_process() -> None:
    told = {
        subprocess.run(  # noqa: S603 - our own interpreter, our own program
            [sys.executable, "-c", MANY],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
    assert "vpc11" in told.pop()
