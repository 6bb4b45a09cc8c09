"""ECR: moto keeps a registry's replication rules and copies nothing.

Source: Amazon ECR user guide, "Private image replication": what is pushed after the rule was set is
copied, under its digest, into repositories of the same name. Assumption: at once; AWS says that
most images take less than 30 minutes.
"""

from moto.ecr.models import ECRBackend, Image, ecr_backends

from simulator.correction import Correction

_put_image = ECRBackend.put_image


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    return [
        Correction(ECRBackend, "put_image", put_image, "a pushed image is replicated by the rules"),
    ]


def put_image(self: ECRBackend, repository_name: str, *given: object) -> Image:
    """Take an image, and put it where the registry's rules say."""
    image = _put_image(self, repository_name, *given)
    for rule in self.replication_config.get("rules", []):
        filters = [one["filter"] for one in rule.get("repositoryFilters", [])]
        if filters and not any(repository_name.startswith(prefix) for prefix in filters):
            continue
        for target in rule["destinations"]:
            copy = ecr_backends[target["registryId"]][target["region"]]
            if repository_name not in copy.repositories:
                copy.create_repository(repository_name, None, None, None, None, None, None)
            _put_image(copy, repository_name, *given)
    return image
