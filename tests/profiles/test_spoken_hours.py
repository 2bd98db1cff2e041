"""Weekly hours in the words of people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchkit.profiles import Windows, parse_windows, read_people

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("Mon 9-11", "Mon 09:00-11:00"),
        ("Monday 09:00\u201311:30", "Mon 09:00-11:30"),
        ("weekdays after 16:00", "; ".join(f"{day} 16:00-21:00" for day in WEEKDAYS)),
        ("Mon, Wed 9-11", "Mon 09:00-11:00; Wed 09:00-11:00"),
        ("Mon & Wed 9-11, 14-16; Fri 8-9",
         "Mon 09:00-11:00; Mon 14:00-16:00; Wed 09:00-11:00; Wed 14:00-16:00; Fri 08:00-09:00"),
        ("Mondays 9am-5pm", "Mon 09:00-17:00"),
        ("2-4 pm Tue & Thu", "Tue 14:00-16:00; Thu 14:00-16:00"),
        ("Mon 11-1pm", "Mon 11:00-13:00"),
        ("Mon 10am-2", "Mon 10:00-14:00"),
        ("Mon 12am-1am, Tue 12pm-1pm", "Mon 00:00-01:00; Tue 12:00-13:00"),
        ("Tuesday morning", "Tue 08:00-12:00"),
        ("Sat all day", "Sat 07:00-21:00"),
        ("Sun any time", "Sun 07:00-21:00"),
        ("Fri anytime", "Fri 07:00-21:00"),
        ("Mon/Wed 10-12", "Mon 10:00-12:00; Wed 10:00-12:00"),
        ("Mon: 9-11 and 14-16, Tue 10-12", "Mon 09:00-11:00; Mon 14:00-16:00; Tue 10:00-12:00"),
        ("Mon 14h-16h30", "Mon 14:00-16:30"),
        ("Mon 1400-1600", "Mon 14:00-16:00"),
        ("from 9 to 11 on Monday", "Mon 09:00-11:00"),
        ("Mon between 9 and 11", "Mon 09:00-11:00"),
        ("Mon 16:00+; Tue 17 onwards", "Mon 16:00-21:00; Tue 17:00-21:00"),
        ("Fri before 10; Sat until 6", "Fri 07:00-10:00; Sat 00:00-06:00"),
        ("Thu after 22", "Thu 22:00-24:00"),
        ("every day 8-9", "; ".join(f"{day} 08:00-09:00" for day in (*WEEKDAYS, "Sat", "Sun"))),
        ("weekends 10-11", "Sat 10:00-11:00; Sun 10:00-11:00"),
        ("Mon to Wed 9:00 AM - 10:00 AM", "Mon 09:00-10:00; Tue 09:00-10:00; Wed 09:00-10:00"),
        ("Monday (9-11)", "Mon 09:00-11:00"),
        ("Thurs 9-10; Tues 9-10", "Tue 09:00-10:00; Thu 09:00-10:00"),
    ],
)  # fmt: skip
def test_hours_in_words(text: str, canonical: str) -> None:
    """A usual way to write hours would be refused or misread."""
    windows = Windows.of_texts([text])
    assert "; ".join(windows.of(0)) == canonical


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("flexible", "not a weekly window"),
        ("Mon 9-10, Tue", "'Mon 9-10, Tue' is not|' Tue' is not|'Tue' is not"),
        ("Mon 9-11 CET", "no weekday 'cet'"),
        ("Mon 13pm-14pm", "no time 13 pm"),
        ("Mon 9 - Tue 10", "not a weekly window"),
        ("monday 9", "not a weekly window"),
        ("Mon \u20ac", "not a weekly window"),
        ("Mon 2500-2600", "no time 25:00"),
    ],
)
def test_what_is_not_understood_is_refused(text: str, reason: str) -> None:
    """Hours would be dropped or guessed."""
    with pytest.raises(ValueError, match=reason):
        parse_windows(text)


def test_vague_hours_are_told() -> None:
    """Nobody would see what 'after 16' counts as."""
    people = [{"id": 1, "hours": "Mon after 16"}, {"id": 2, "hours": "Tue 9-10"}]
    (finding,) = read_people(people, role="mentee").findings
    assert finding.message == "'Mon after 16' was read as 'Mon 16:00-21:00' (1 cell)"


WORDS = [
    "mon",
    "tuesdays",
    "weekdays",
    "9",
    "11:30",
    "2pm",
    "-",
    "to",
    ",",
    "and",
    "after",
    "before",
    "all",
    "day",
    "morning",
    "(",
    ")",
    "+",
    ":",
    "until",
]


@given(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join))
def test_any_words_are_read_or_refused(text: str) -> None:
    """Some words would end in a traceback, or in a window outside the week."""
    try:
        pieces = parse_windows(text)
    except ValueError:
        return
    windows = Windows.of_pairs([pieces])
    assert all(0 <= start < end <= 10_080 for start, end in pieces)
    assert Windows.of_texts(["; ".join(windows.of(0))]).of(0) == windows.of(0)
