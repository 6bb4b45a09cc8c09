"""The pack as Pulumi's engine starts and asks it: another process, gRPC over loopback."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from policy import frozen
from policy.crossguard import EXCUSED
from policy.rules import RULES
from simulator.program import run_program
from simulator.project import encoded, stack_config
from simulator.state import Resource
from simulator.values import to_struct

ROOT = Path(__file__).parents[3]
ZONE = "ops"
RUN = [{"run": "ops-0001", "zone": ZONE, "since": "2026-03-02T01:00:00Z"}]


@dataclass(frozen=True)
class Pack:
    """A running pack, and the port on which it answers."""

    stub: Any

    def analyze(self, resource: Resource) -> dict[str, str]:
        """Return what the pack says of one resource, by policy."""
        asked = analyzer_pb2.AnalyzeRequest(
            type=resource.type,
            name=resource.name,
            urn=resource.urn,
            properties=to_struct(resource.inputs),
            options=analyzer_pb2.AnalyzerResourceOptions(protect=resource.options.protect),
        )
        return said(self.stub.Analyze(asked))

    def analyze_stack(self, resources: tuple[Resource, ...]) -> dict[str, str]:
        """Return what the pack says of a whole stack, by policy."""
        asked = analyzer_pb2.AnalyzeStackRequest(resources=[shown(one) for one in resources])
        return said(self.stub.AnalyzeStack(asked))


def said(response: analyzer_pb2.AnalyzeResponse) -> dict[str, str]:
    return {one.policyName: f"{one.urn} {one.message}" for one in response.diagnostics}


def shown(resource: Resource) -> analyzer_pb2.AnalyzerResource:
    return analyzer_pb2.AnalyzerResource(
        type=resource.type,
        name=resource.name,
        urn=resource.urn,
        parent=resource.parent,
        properties=to_struct(resource.inputs),
        options=analyzer_pb2.AnalyzerResourceOptions(protect=resource.options.protect),
        dependencies=list(resource.dependencies),
        propertyDependencies={
            name: analyzer_pb2.AnalyzerPropertyDependencies(urns=list(urns))
            for name, urns in resource.property_dependencies.items()
        },
    )


def serve(environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start the pack as the CLI's language plugin does."""
    config = encoded(stack_config(ROOT, ZONE))
    told = {
        "PULUMI_PROJECT": "holdfast",
        "PULUMI_STACK": ZONE,
        "PULUMI_DRY_RUN": "true",
        "PULUMI_CONFIG": json.dumps(config),
    }
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.Popen(  # noqa: S603 - our own interpreter runs our own pack
        [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(ROOT / "policy")],
        stdout=subprocess.PIPE,
        cwd=ROOT / "policy",
        env={**kept, **told, **environment},
    )


def connected(process: subprocess.Popen[bytes]) -> tuple[grpc.Channel, Pack]:
    assert process.stdout is not None
    channel = grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}")
    return channel, Pack(analyzer_pb2_grpc.AnalyzerStub(channel))


@pytest.fixture(scope="module")
def pack() -> Iterator[Pack]:
    with serve({frozen.OPEN_RUNS: json.dumps(RUN)}) as process:
        channel, found = connected(process)
        yield found
        channel.close()
        process.terminate()


@pytest.fixture(scope="module")
def resources() -> tuple[Resource, ...]:
    return tuple(one for one in run_program(ROOT, ZONE, preview=True).resources if one.custom)


def named(resources: tuple[Resource, ...], name: str) -> Resource:
    [found] = [one for one in resources if one.name == name]
    return found


def test_the_pack_tells_the_engine_every_rule_and_that_it_stops_a_deployment(pack: Pack) -> None:
    info = pack.stub.GetAnalyzerInfo(empty_pb2.Empty())
    told = {one.name: one.enforcementLevel for one in info.policies}
    mandatory, advisory = analyzer_pb2.MANDATORY, analyzer_pb2.ADVISORY
    assert told == {
        frozen.RULE: mandatory,
        **{rule.name: mandatory for rule in RULES},
        EXCUSED: advisory,
    }


def test_an_open_run_stops_the_first_resource_and_is_said_once(
    pack: Pack, resources: tuple[Resource, ...]
) -> None:
    first, second, *_ = resources
    assert "ops-0001 moves ops" in pack.analyze(first)[frozen.RULE]
    assert pack.analyze(second) == {}


def test_the_pack_finds_what_a_program_got_wrong_before_it_exists(
    pack: Pack, resources: tuple[Resource, ...]
) -> None:
    right = next(one for one in resources if one.type == "aws:rds/instance:Instance")
    wrong = replace(right, inputs={**right.inputs, "publiclyAccessible": True})
    pack.analyze(resources[0])
    assert pack.analyze(right) == {}
    assert list(pack.analyze(wrong)) == ["database-private"]


def test_the_pack_judges_a_whole_zone_although_much_of_it_is_not_known(
    pack: Pack, resources: tuple[Resource, ...]
) -> None:
    assert any(rpc.UNKNOWN in str(to_struct(one.inputs)) for one in resources)
    assert pack.analyze_stack(resources) == {}


def test_the_pack_misses_a_replica_among_all_databases(
    pack: Pack, resources: tuple[Resource, ...]
) -> None:
    databases = tuple(one for one in resources if one.type.startswith("aws:rds/"))
    left = tuple(one for one in databases if "replicateSourceDb" not in one.inputs)
    found = pack.analyze_stack(left)
    assert {"database-replicated", "databases-complete"} <= set(found)
    assert "::ops-" in found["database-replicated"]
