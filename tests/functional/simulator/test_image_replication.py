"""Images are copied by the registry's rules; plain moto copies nothing (`corrected=False`)."""

from simulator.backstage import client
from simulator.world import ACCOUNT, World

HOME, AWAY = "eu-west-1", "eu-central-1"
DIGEST = "sha256:" + "ab" * 32
MANIFEST = '{"schemaVersion": 2, "layers": []}'


def push(repository: str) -> None:
    client("ecr", HOME).put_image(
        repositoryName=repository,
        imageManifest=MANIFEST,
        imageManifestMediaType="application/vnd.oci.image.manifest.v1+json",
        imageTag="r1",
        imageDigest=DIGEST,
    )


def digests(repository: str) -> list[str]:
    ecr = client("ecr", AWAY)
    names = [row["repositoryName"] for row in ecr.describe_repositories()["repositories"]]
    if repository not in names:
        return []
    found = ecr.describe_images(repositoryName=repository)["imageDetails"]
    return [row["imageDigest"] for row in found]


def replicate(prefix: str) -> None:
    rule = {
        "destinations": [{"region": AWAY, "registryId": ACCOUNT}],
        "repositoryFilters": [{"filter": prefix, "filterType": "PREFIX_MATCH"}],
    }
    client("ecr", HOME).put_replication_configuration(replicationConfiguration={"rules": [rule]})


def test_what_is_pushed_under_a_rule_arrives_with_its_digest() -> None:
    for corrected, arrived in ((False, []), (True, [DIGEST])):
        with World(seed=1, corrected=corrected):
            for region in (HOME, AWAY):
                client("ecr", region).create_repository(repositoryName="zone/platform")
            replicate("zone/")
            push("zone/platform")
            assert digests("zone/platform") == arrived


def test_a_repository_is_made_where_it_is_missing() -> None:
    with World(seed=1):
        client("ecr", HOME).create_repository(repositoryName="zone/platform")
        replicate("zone/")
        push("zone/platform")
        assert digests("zone/platform") == [DIGEST]


def test_what_no_rule_names_or_was_there_before_stays_where_it_is() -> None:
    with World(seed=1):
        for name in ("zone/platform", "other"):
            client("ecr", HOME).create_repository(repositoryName=name)
        push("zone/platform")
        replicate("zone/")
        push("other")
        assert (digests("zone/platform"), digests("other")) == ([], [])
