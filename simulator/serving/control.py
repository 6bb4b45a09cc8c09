"""The control interface of a served world: JSON over HTTP, on the same loopback port.

    GET  /_simulator/clock                   the world's time and its speed
    POST /_simulator/advance                 {"seconds": 60}
    POST /_simulator/faults                  {"zone": "we1", "fault": {a [[fault]] row}}
    GET  /_simulator/zones/ZONE              what is true: outages, losses, violations
    GET  /_simulator/zones/ZONE/manifest     the zone's recovery manifest
    GET  /_simulator/zones/ZONE/effects      the calls that changed something in its regions
    GET  /_simulator/zones/ZONE/runs         what its schedules and backup plans did by themselves
    GET  /_simulator/zones/ZONE/told         what people saw of what it told them
    POST /_simulator/people                  {"zone": "we1", "name": "...", "role": "failover"}
    POST /_simulator/pulumi                  {"zone": "we1", "arguments": ["up", ...]}

A person gets credentials. `pulumi` is the zone's engine: what it printed, and its exit code. A
fault row has the fields of a scenario's; `at` counts from now and may be left out. Who reads rows
is passed in: scenarios are another room's.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from continuity import manifest_json
from continuity.errors import HoldfastError, InvalidInput
from continuity.manifest import Manifest
from simulator.call_log import Call
from simulator.faults import Fault
from simulator.loopback import is_loopback
from simulator.serving import diary
from simulator.serving.hosted import FAILOVER, HostedWorld, HostedZone
from simulator.serving.reply import (
    FORBIDDEN,
    NOT_FOUND,
    Asking,
    Reply,
    in_json,
    problem,
)
from simulator.serving.truth_json import as_json

ReadFault = Callable[[object, Manifest], Fault]
"""Reads one row of a scenario for a zone; raises InvalidInput."""

ROLES_OF_PEOPLE = (FAILOVER, "incident", "readiness", "restore", "retire")
"""The zone's roles that people take; the others are taken by services of AWS."""

FAILED = 255
"""What `pulumi` leaves with when a command fails."""

_TARGETS = ("DBInstanceIdentifier", "Key", "service", "ResourceId", "GroupId", "TableName")


class Control:
    """Answers for one hosted world; within a turn of its clock."""

    def __init__(self, hosted: HostedWorld, read_fault: ReadFault) -> None:
        self._hosted = hosted
        self._read_fault = read_fault

    def answer(self, asking: Asking, rest: str) -> Reply:
        """Answer what follows the prefix; every mistake is one sentence and status 400 or 404."""
        # A page of the internet that is open on this machine must not steer the world.
        if not is_loopback(asking.host):
            return problem("the control interface is for this machine only", FORBIDDEN)
        parts = rest.strip("/").split("/")
        try:
            if asking.method == "GET":
                return self._tell(parts)
            if asking.headers.get("Content-Type", "") != "application/json":
                return problem("a change is sent as application/json")
            return self._change(parts, _object(asking.body))
        except InvalidInput as error:
            return problem(str(error))

    def _tell(self, parts: list[str]) -> Reply:
        if parts == ["clock"]:
            return in_json(self._time())
        zone = self._hosted.zones.get(parts[1]) if parts[0] == "zones" and parts[1:] else None
        if zone is None:
            return problem(f"nothing is at {'/'.join(parts)}", NOT_FOUND)
        told: dict[tuple[str, ...], Callable[[], Reply]] = {
            (): lambda: in_json(as_json(zone)),
            ("manifest",): lambda: in_json(json.loads(manifest_json.dump(zone.manifest))),
            ("effects",): lambda: in_json(self._effects(zone)),
            ("runs",): lambda: in_json(diary.runs(self._hosted.life, zone.manifest)),
            ("told",): lambda: in_json(diary.told(self._hosted.people, zone.manifest)),
        }
        tell = told.get(tuple(parts[2:]))
        return tell() if tell else problem(f"nothing is at {'/'.join(parts)}", NOT_FOUND)

    def _change(self, parts: list[str], given: Mapping[str, Any]) -> Reply:
        if parts == ["advance"]:
            return self._advance(given.get("seconds"))
        zone = self._hosted.zones.get(str(given.get("zone")))
        if zone is None:
            return problem(f"zone: one of {', '.join(self._hosted.zones)} is needed")
        if parts == ["faults"]:
            return self._begin(zone, given.get("fault"))
        if parts == ["people"]:
            return self._sign_in(zone, given)
        if parts == ["pulumi"]:
            return self._pulumi(zone, given.get("arguments"))
        return problem(f"nothing is at {'/'.join(parts)}", NOT_FOUND)

    def _sign_in(self, zone: HostedZone, given: Mapping[str, Any]) -> Reply:
        name, role = given.get("name"), str(given.get("role", FAILOVER))
        if not name:
            return problem("name: whose session is it?")
        if role not in ROLES_OF_PEOPLE:
            return problem(f"role: one of {', '.join(ROLES_OF_PEOPLE)} is needed")
        signed = self._hosted.sign_in(zone.manifest.zone, str(name), role)
        return in_json(signed.environment())

    def _pulumi(self, zone: HostedZone, arguments: object) -> Reply:
        if not isinstance(arguments, list) or not all(isinstance(one, str) for one in arguments):
            return problem("arguments: what pulumi is called with, a list of words, is needed")
        try:
            printed = self._hosted.pulumi(zone.manifest.zone, arguments)
        except HoldfastError as error:
            return in_json({"code": FAILED, "stdout": "", "stderr": str(error)})
        return in_json({"code": 0, "stdout": printed, "stderr": ""})

    def _time(self) -> dict[str, object]:
        clock = self._hosted.clock
        return {
            "now": clock.now().isoformat(),
            "monotonic_s": clock.monotonic(),
            "speed": clock.speed,
        }

    def _advance(self, seconds: object) -> Reply:
        if not isinstance(seconds, int | float) or isinstance(seconds, bool) or seconds < 0:
            return problem("seconds: a number from 0 is needed")
        self._hosted.clock.advance(float(seconds))
        return in_json(self._time())

    def _begin(self, zone: HostedZone, row: object) -> Reply:
        if isinstance(row, dict):
            row = {"at": 0, **row}
        fault = self._read_fault(row, zone.manifest)
        world = self._hosted.world
        world.faults.schedule([fault], origin=world.clock.monotonic())
        self._hosted.clock.advance(0.0)
        return in_json(self._time())

    def _effects(self, zone: HostedZone) -> list[dict[str, object]]:
        regions = {site.region for site in zone.manifest.sites.values()}
        if zone.manifest.witness is not None:
            regions.add(zone.manifest.witness.region)
        return [
            _effect(call) for call in self._hosted.world.calls.effects() if call.region in regions
        ]


def _effect(call: Call) -> dict[str, object]:
    named = [call.parameters[key] for key in _TARGETS if key in call.parameters]
    return {
        "at": call.at.isoformat(),
        "call": call.name,
        "region": call.region,
        "target": str(named[0]) if named else None,
    }


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}
