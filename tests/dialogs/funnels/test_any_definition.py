"""Any value given as a definition is read, or refused with paths; no other exception is raised."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdline.dialogs.funnels.conditions import FunnelProfile
from holdline.dialogs.funnels.dry_run import DryCustomer, run_dry
from holdline.dialogs.funnels.reading.conditions import ASKED, COMPARISONS
from holdline.dialogs.funnels.reading.customer import KEYS as CUSTOMER_KEYS
from holdline.dialogs.funnels.reading.customer import read_customer
from holdline.dialogs.funnels.reading.definition import ENTRY_KEYS, KEYS, read_definition
from holdline.dialogs.funnels.reading.messages import BUTTON_KEYS, SEND_KEYS
from holdline.dialogs.funnels.reading.node import BadDefinition
from holdline.dialogs.funnels.reading.steps import ACTS, QUESTION_KEYS
from holdline.screens.funnels.pictures.picture import PictureLook, funnel_picture

START = datetime(2026, 11, 30, 12, tzinfo=UTC)
WORDS = st.one_of(
    st.sampled_from(
        ["a", "90s", "2h", "09:00", "mon", "pl", "active", "https://example.org", "{customer.name}"]
    ),
    st.text(max_size=20),
)
KEY = st.one_of(
    st.sampled_from(
        [*KEYS, *ENTRY_KEYS, *ACTS, *ASKED, *COMPARISONS, *SEND_KEYS, *QUESTION_KEYS, *BUTTON_KEYS, "share"]
    ),
    st.text(max_size=5),
)
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS)
ANYTHING = st.recursive(
    PLAIN,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEY, inner, max_size=3)),
    max_leaves=30,
)
STEP = st.builds(
    lambda act, what, more: {act: what, **more},
    st.sampled_from(ACTS),
    ANYTHING,
    st.dictionaries(st.sampled_from(["then", "else", "label"]), ANYTHING, max_size=1),
)


@settings(max_examples=60)
@given(
    st.one_of(ANYTHING, st.builds(lambda steps: {"name": "f", "steps": steps}, st.lists(STEP, max_size=5)))
)
def test_any_definition_is_read_or_refused(written: Any) -> None:
    try:
        definition = read_definition(written)
    except BadDefinition as bad:
        assert bad.faults
        for fault in bad.faults:
            assert all(fault.sentence(language) for language in ("en", "ru", "pl"))
        return
    run_dry(definition, DryCustomer(FunnelProfile(key="1"), ("a",)), START)
    assert funnel_picture(definition, PictureLook()).endswith("</svg>")


@settings(max_examples=60)
@given(st.one_of(ANYTHING, st.dictionaries(st.sampled_from(CUSTOMER_KEYS), ANYTHING)))
def test_any_customer_of_a_dry_run_is_read_or_refused(written: Any) -> None:
    try:
        read_customer(written, "profile")
    except BadDefinition as bad:
        assert all(fault.field.startswith("profile") for fault in bad.faults)


@pytest.mark.parametrize(
    ("profile", "path"),
    [
        ({"timezone": "Mars/Base"}, "profile.timezone"),
        ({"timezone": 5}, "profile.timezone"),
        ({"tags": "vip"}, "profile.tags"),
        ({"fields": ["x"]}, "profile.fields"),
        ({"language": "xx"}, "profile.language"),
        ({"says": [""] * 60}, "profile.says"),
        ("x", "profile"),
    ],
)
def test_the_refusal_of_a_bad_profile_names_its_path(profile: Any, path: str) -> None:
    with pytest.raises(BadDefinition) as bad:
        read_customer(profile, "profile")
    assert bad.value.field == path


def test_every_key_of_a_profile_may_be_left_out() -> None:
    assert read_customer({"tags": ["vip"]}).profile.tags == {"vip"}
    assert read_customer({"name": "Anna", "fields": {}}).profile.name == "Anna"
    assert read_customer({}).profile.time_zone == "UTC"
