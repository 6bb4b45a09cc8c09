"""What it takes to try points of files, and to restore files for good.

`continuity.grants` gives it to the roles of the schedule and of people.
"""

from continuity.permissions import (
    ABORT_RESTORED,
    ASK_READER,
    DELETE_ACCESS_POINT,
    DELETE_INTERFACE,
    DELETE_MOUNT,
    DELETE_SCRATCH_FILES,
    DESCRIBE_ACCESS_POINTS,
    DESCRIBE_FILE_SYSTEM_COPIES,
    DESCRIBE_FILE_SYSTEMS,
    DESCRIBE_MOUNTS,
    DESCRIBE_RESTORE,
    EMPTY_SCRATCH,
    ENCRYPT_BUCKET,
    LEAD_READER,
    LIST_FILE_VERSIONS,
    LIST_FILES,
    LIST_RESTORES,
    LOOK_AT_READER,
    LOOK_FOR_INTERFACES,
    LOOK_FOR_SUBNETS,
    MAKE_ACCESS_POINT,
    MAKE_BUCKET,
    MAKE_INTERFACE,
    MAKE_MOUNT,
    OPEN_WITH_KEY,
    PASS_SERVICE_ROLE,
    READ_FILE,
    READ_FILE_LIFECYCLE,
    READ_FILE_TAGS,
    READ_FILE_VERSION,
    READ_RESTORE_METADATA,
    SEAL_WITH_KEY,
    START_RESTORE,
    TAG_RESTORED,
    TAG_RESTORED_FILES,
    VERSION_BUCKET,
    WRITE_RESTORED,
    Permission,
)

READ_SHARED: tuple[Permission, ...] = (
    DESCRIBE_MOUNTS,
    MAKE_MOUNT,
    DELETE_MOUNT,
    DESCRIBE_ACCESS_POINTS,
    MAKE_ACCESS_POINT,
    DELETE_ACCESS_POINT,
    LOOK_FOR_SUBNETS,
    LOOK_FOR_INTERFACES,
    MAKE_INTERFACE,
    DELETE_INTERFACE,
    ASK_READER,
    LOOK_AT_READER,
    LEAD_READER,
    DESCRIBE_FILE_SYSTEM_COPIES,
)
"""What it takes to read a restored file system: to mount it into the network, which EFS does with
the rights of whoever asks, to lead a function there, and to take all of it away again.

The roles that try points have it besides their own lists, where the zone has a shared file system
(`stacks.reading_rights`): IAM bounds what one role's own policy may say.
"""

TRIED_FILES: tuple[Permission, ...] = (
    START_RESTORE,
    PASS_SERVICE_ROLE,
    LIST_RESTORES,
    READ_RESTORE_METADATA,
    LIST_FILES,
    LIST_FILE_VERSIONS,
    READ_FILE_LIFECYCLE,
    READ_FILE,
    READ_FILE_VERSION,
    OPEN_WITH_KEY,
    EMPTY_SCRATCH,
    DESCRIBE_FILE_SYSTEMS,
    DELETE_SCRATCH_FILES,
)
"""What it takes to try a point of files: every version is read, and the scratch bucket emptied; a
file system is looked at and deleted."""

RESTORED_FILES: tuple[Permission, ...] = (
    DESCRIBE_RESTORE,
    READ_FILE_TAGS,
    WRITE_RESTORED,
    TAG_RESTORED,
    ABORT_RESTORED,
    MAKE_BUCKET,
    ENCRYPT_BUCKET,
    VERSION_BUCKET,
    SEAL_WITH_KEY,
    TAG_RESTORED_FILES,
)
"""What it takes besides to restore files for good: to write where nothing live is."""
