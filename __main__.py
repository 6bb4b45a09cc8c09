"""The Pulumi program: one zone, from its stack's settings to its recovery manifest.

Read it as a table of contents: everything lies in `stacks/`, and only this file asks AWS anything.
"""

import pulumi
import pulumi_aws as aws

from stacks import settings as declared
from stacks.zone import Zone, ZoneArgs

_PASSWORD_LENGTH = 40

settings = declared.read()
account = aws.get_caller_identity().account_id
# Proposed on every run and taken once; without punctuation, some of which RDS refuses.
passwords = {
    database.name: pulumi.Output.secret(
        aws.secretsmanager.get_random_password(
            password_length=_PASSWORD_LENGTH, exclude_punctuation=True
        ).random_password
    )
    for database in settings.databases
}
zone = Zone(settings.zone, ZoneArgs(settings, account, passwords))
pulumi.export("manifest", zone.manifest)
