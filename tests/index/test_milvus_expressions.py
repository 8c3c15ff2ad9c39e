"""Values of filters reach the server as data, whatever they hold."""

import datetime as dt
import re

from hypothesis import given
from hypothesis import strategies as st

from index.milvus.expressions import MAX_VALUE_LENGTH, encoded, expression
from index.types import Filter

# Surrogates too: file names and titles have held them.
ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=400)


@given(ANYTHING)
def test_an_encoded_value_has_no_character_that_ends_a_string_and_fits_its_column(value: str) -> None:
    assert re.fullmatch(r"[ -~]*", encoded(value))
    assert not set(encoded(value)) & set("\"'\\`\n")
    assert len(encoded(value)) <= MAX_VALUE_LENGTH


@given(ANYTHING, ANYTHING)
def test_different_values_stay_different(one: str, other: str) -> None:
    assert (encoded(one) == encoded(other)) == (one == other)


def test_names_can_be_read_by_whoever_looks_into_the_collection() -> None:
    assert encoded("dr jane doe-smith, md") == "dr jane doe-smith, md"
    assert encoded('say "hi"') == "say %22hi%22"


def test_a_filter_becomes_one_expression() -> None:
    where = Filter(
        any_of={"who": frozenset({"Bob", 'Ann" or key > 0 or "'}), "set": frozenset({"open"})},
        date_from=dt.date(2023, 4, 1),
        date_to=dt.date(2023, 10, 1),
    )
    assert expression(where, ["who", "set"]) == (
        'array_contains_any(set, ["open"]) and array_contains_any(who, ["Ann%22 or key %3E 0 or %22", "Bob"])'
        " and day >= 738611 and day <= 738794"
    )
    assert expression(Filter(), ["who"]) == ""


def test_records_without_a_date_pass_no_bound() -> None:
    assert expression(Filter(date_to=dt.date(2023, 4, 1)), []) == "day > 0 and day <= 738611"


def test_a_field_without_a_column_or_too_many_values_is_not_for_the_server() -> None:
    assert expression(Filter(any_of={"colour": frozenset({"red"})}), ["who"]) is None
    assert expression(Filter(any_of={"who": frozenset(map(str, range(6000)))}), ["who"]) is None
