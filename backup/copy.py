"""Copy: begin the copies of a plan, into each region under the key of that region.

The schedule runs it after `capture`, and `cli`. A copy is begun, not waited for. Its source is safe
meanwhile: `backup.keep` and `backup.prune` leave alone what is being copied. Where other zones of
the account have taken all the turns that AWS gives, a copy waits for a later run: that is nobody's
fault, and the age of the newest copy (`backup.measures`) is what tells if it lasts.
"""

from functools import partial

from backup.copy_plan import Copying, CopyPlan
from backup.outcome import Done
from cloud import snapshots
from cloud.door import Cloud
from cloud.effects import Effect
from cloud.permitted import permitted
from continuity.errors import HoldfastError
from continuity.permissions import (
    COPY_SNAPSHOT,
    CREATE_SNAPSHOT,
    DESCRIBE_KEY,
    GRANT_KEY,
    TAG_SNAPSHOT,
)


@permitted(COPY_SNAPSHOT, CREATE_SNAPSHOT, TAG_SNAPSHOT, DESCRIBE_KEY, GRANT_KEY)
def apply(cloud: Cloud, plan: CopyPlan) -> tuple[Done, ...]:
    """Begin every copy of the plan; return what came of each. Never raises."""
    return tuple(cloud.workers.run([partial(_begin, cloud, copying) for copying in plan.copies]))


def unable(plan: CopyPlan) -> tuple[Done, ...]:
    """Return what the plan itself cannot do, as outcomes that did not go well."""
    problems = plan.problems.items()
    return tuple(Done("copies", name, well=False, sentence=why) for name, why in problems)


def _begin(cloud: Cloud, copying: Copying) -> Done:
    door = cloud.at(copying.region)
    said = f"copy of {copying.source.identifier} from {copying.source.region}"
    try:
        effect = snapshots.copy(
            door, copying.source.arn, copying.identifier, copying.key, copying.tags
        )
    except snapshots.NoTurn as full:
        sentence = f"{said} waits for those under way, of any zone; a later run begins it: {full}"
        return Done(copying.identifier, copying.region, well=True, sentence=sentence, waits=True)
    except HoldfastError as error:
        return Done(copying.identifier, copying.region, well=False, sentence=str(error))
    state = "begun" if effect is Effect.MADE else "there already"
    return Done(copying.identifier, copying.region, well=True, sentence=f"{said}: {state}")
