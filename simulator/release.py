"""A release into a simulated zone: the pipeline's part, which the Pulumi program only refers to.

`failover`'s readiness is judged in a world after `push`: without it no registry holds the image.
"""

import json

from continuity.manifest import Manifest
from simulator import backstage
from simulator.world import World

_MEDIA_TYPE = "application/vnd.oci.image.manifest.v1+json"


def push(world: World, manifest: Manifest) -> None:
    """Push the manifest's image to where the zone serves; the registry's rules copy it."""
    reference, _, digest = manifest.serving_site.hosting.image.partition("@")
    with world.instantly():
        backstage.client("ecr", manifest.serving_site.region).put_image(
            repositoryName=reference.partition("/")[2],
            imageManifest=json.dumps({"schemaVersion": 2, "mediaType": _MEDIA_TYPE, "layers": []}),
            imageTag=f"release-{digest.removeprefix('sha256:')[:12]}",
            imageDigest=digest,
        )
