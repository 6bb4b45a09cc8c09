"""What `holdfast failover start` refuses to be told together."""

from collections.abc import Sequence

import pytest

from cli.failover_said import Orders, demand_orders
from continuity.errors import InvalidInput

WRONG = [
    (Orders(planned=True, move=False, emergency=False), "", (), "--reason: is needed to move a"),
    (Orders(planned=False, move=True, emergency=False), " ", (), "--reason: is needed to have a"),
    (Orders(planned=False, move=False, emergency=True), "x", (), "--emergency: says something"),
    (Orders(planned=True, move=True, emergency=False), "x", (), "--planned: takes a healthy zone"),
    (Orders(planned=True, move=False, emergency=False), "x", ("orders",), "--planned: takes a"),
]


@pytest.mark.parametrize(("orders", "reason", "urgent", "told"), WRONG)
def test_orders_that_contradict_each_other_are_told_apart(
    orders: Orders, reason: str, urgent: Sequence[str], told: str
) -> None:
    with pytest.raises(InvalidInput, match=told):
        demand_orders(orders, reason, urgent)


def test_a_planned_move_with_a_reason_is_an_order() -> None:
    demand_orders(Orders(planned=True, move=False, emergency=True), "work on the region", ())
