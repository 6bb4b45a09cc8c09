"""The file that tells tasks where the databases are, as ECS reads it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from continuity import addresses, naming
from continuity.addresses import AddressFile

NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,20}[a-z0-9]", fullmatch=True)
HOSTS = st.from_regex(r"[a-z][a-z0-9.-]{0,40}", fullmatch=True)


def test_the_file_is_one_setting_a_line_without_quotation_marks_in_order() -> None:
    found = addresses.text({"orders": "orders.rds", "files-of-all": "files.rds"})
    assert found == "DATABASE_FILES_OF_ALL_HOST=files.rds\nDATABASE_ORDERS_HOST=orders.rds\n"


@settings(max_examples=20)
@given(st.dictionaries(NAMES, HOSTS, max_size=5))
def test_what_was_written_is_what_is_read(hosts: dict[str, str]) -> None:
    file = AddressFile(addresses.text(hosts))
    assert {name: file.host(name) for name in hosts} == hosts
    assert file.host("absent") is None


def test_a_change_leaves_alone_what_it_is_not_about() -> None:
    old = "# by hand\nDATABASE_ORDERS_HOST=old.rds\nDATABASE_FILES_HOST=files.rds\nOTHER=1\n"
    new = addresses.changed(old, {"orders": "new.rds"})
    assert addresses.settings(new) == {
        "DATABASE_ORDERS_HOST": "new.rds",
        "DATABASE_FILES_HOST": "files.rds",
        "OTHER": "1",
    }
    assert addresses.changed(new, {"orders": "new.rds"}) == new


def test_a_name_beside_another_is_known_by_both_and_never_too_long() -> None:
    short, long = "we1-orders-away-1", "we1-" + "o" * 45 + "-away-1"
    assert naming.beside(short, "we1-0001") == "we1-orders-away-1-by-we1-0001"
    for name in (short, long):
        found = naming.beside(name, "we1-0001", "-2")
        assert len(found) <= naming.LONGEST_IDENTIFIER
        assert naming.is_beside(found, name)
        assert not naming.is_beside(name, name)
        assert not naming.is_beside(naming.aside(name, "we1-0001"), name)
