"""The function that asks a restored database its checks, as the one who sends it knows it.

`backup.verify_databases` asks; the function is `backup.prober`, and answers in the controller table
(`backup.answers`), because its statements may take longer than any call is waited for.
"""

import json
from collections.abc import Mapping

from cloud.door import Door
from cloud.permitted import permitted
from continuity.permissions import ASK_PROBER


@permitted(ASK_PROBER)
def ask(door: Door, function: str, event: Mapping[str, object]) -> None:
    """Send a prober on its way. Sent twice it asks twice, and answers the same.

    Raises:
        Missing: there is no such function: the zone has to be deployed.
    """
    body = json.dumps(event, sort_keys=True).encode()
    door.change("lambda", "Invoke", FunctionName=function, InvocationType="Event", Payload=body)
