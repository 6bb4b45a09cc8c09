"""What DynamoDB keeps is written and read as ever, whichever kind it is of."""

from typing import Any

from simulator import backstage
from simulator.world import World

REGION = "eu-west-1"
ITEM: dict[str, Any] = {
    "name": {"S": "all kinds"},
    "number": {"N": "12.5"},
    "truth": {"BOOL": False},
    "nothing": {"NULL": True},
    "text": {"S": ""},
    "bytes": {"B": b"\x00\xff"},
    "list": {"L": [{"S": "a"}, {"N": "1"}, {"M": {"deep": {"BOOL": True}}}]},
    "map": {"M": {"S": {"S": "called as a kind"}, "more": {"L": []}}},
    "texts": {"SS": ["a", "b"]},
    "numbers": {"NS": ["1", "2"]},
}


def test_every_kind_of_attribute_comes_back_as_it_went() -> None:
    with World(seed=1) as world, world.instantly():
        table = backstage.client("dynamodb", REGION)
        table.create_table(
            TableName="kinds",
            KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        table.put_item(TableName="kinds", Item=ITEM)
        keys = [{"name": ITEM["name"]}]
        found = table.batch_get_item(RequestItems={"kinds": {"Keys": keys}})["Responses"]["kinds"]
        assert found == [ITEM]
        assert table.get_item(TableName="kinds", Key=keys[0])["Item"] == ITEM
        assert table.scan(TableName="kinds")["Items"] == [ITEM]
