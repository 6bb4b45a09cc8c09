"""What `holdfast simulator` tells a person: where it listens, and what to do with it."""

from collections.abc import Mapping


def as_text(endpoint: str, speed: float, people: Mapping[str, Mapping[str, str]]) -> str:
    """Return the instructions; `people` holds each zone's credentials as environment variables."""
    first = next(iter(people))
    lines = [
        f"A simulated AWS with {', '.join(people)} listens on {endpoint}.",
        f"A minute there takes {60 / speed:.3g} s here. Ctrl-C ends it, and nothing is kept.",
        "",
        "In another terminal:",
        f"  export AWS_ENDPOINT_URL={endpoint} HOLDFAST_SIMULATOR={endpoint}",
    ]
    for zone, signed in people.items():
        pairs = " ".join(f"{key}={value}" for key, value in signed.items())
        lines.append(f"  export {pairs}  # {zone}")
    fault = f'{{"zone": "{first}", "fault": {{"kind": "region-lost", "site": "home"}}}}'
    person = f'{{"zone": "{first}", "name": "second"}}'
    lines += [
        f"  holdfast failover plan {first}",
        f"  holdfast failover start {first} --watch",
        "",
        "Lose its home region, sign a second person in, ask what is true:",
        f"  curl --json '{fault}' {endpoint}/_simulator/faults",
        f"  curl --json '{person}' {endpoint}/_simulator/people",
        f"  curl {endpoint}/_simulator/zones/{first}",
    ]
    return "\n".join(lines) + "\n"
