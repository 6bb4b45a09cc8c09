"""What SQS says of queues in which messages wait: how many, for as long as there are any.

`simulator.serving.life` begins it; a year of nights is content with the number that is put when a
message comes. Source: SQS developer guide, "Available CloudWatch metrics for Amazon SQS": queues
that hold messages are active, and report while they are. Every five minutes in place of every one:
assumption, as no alarm of the program looks at less.
"""

from moto.sqs.models import sqs_backends

from simulator import inside, service_counts
from simulator.world import World

EVERY_S = 300.0
VISIBLE = ("AWS/SQS", "ApproximateNumberOfMessagesVisible")


def watch(world: World) -> None:
    """Let queues report how many messages wait in them from now on."""
    waiting: set[tuple[str, str]] = set()

    def report() -> None:
        for region, backend in sorted(sqs_backends[inside.ACCOUNT].items()):
            for name, queue in list(backend.queues.items()):
                count = float(queue.approximate_number_of_messages)
                if count or (region, name) in waiting:
                    service_counts.put(world, region, VISIBLE, count, QueueName=name)
                if count:
                    waiting.add((region, name))
                else:
                    waiting.discard((region, name))

    world.clock.every(EVERY_S, report)
