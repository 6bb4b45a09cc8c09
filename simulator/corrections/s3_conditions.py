"""S3: in moto a copy overwrites what it was told to leave alone.

Source: S3 user guide, "How to prevent object overwrites with conditional writes": CopyObject takes
`If-None-Match: *` as PutObject and CompleteMultipartUpload do, which moto knows.
"""

from typing import Any

from moto.s3.exceptions import PreconditionFailed
from moto.s3.responses import S3Response

from simulator.correction import Correction

_copy_object = S3Response.copy_object


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    why = "a copy with If-None-Match is refused where there is an object"
    return [Correction(S3Response, "copy_object", copy_object, why)]


def copy_object(self: S3Response) -> Any:  # noqa: ANN401 - moto's own
    """Copy an object, unless the copy must be a new one and is not."""
    there = self.backend.get_object(self.bucket_name, self.parse_key_name())
    if self.headers.get("If-None-Match") == "*" and there is not None:
        raise PreconditionFailed("If-None-Match")
    return _copy_object(self)
