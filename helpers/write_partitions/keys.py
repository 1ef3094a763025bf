"""The folders of partitions: which values a key takes, and how they stand in `key=val`.

The rules are those by which partitions are registered: a folder that is written here is one that readers find.
"""

import datetime
import re
from typing import Any, Mapping, Optional, Sequence

#: What Hive, Spark and Trino write as %XX in a folder's name. NUL is none of them: no value holds it.
ESCAPED = re.compile("[\x01-\x1f\"#%'*/:=?\\\\\x7f{[\\]^]")
SAFE = re.compile(r"[A-Za-z0-9._-]+")
NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__"
#: Characters of a partition value in Glue, bytes of a key in S3, bytes of a folder's name on Linux.
LONGEST_VALUE, LONGEST_KEY, LONGEST_NAME = 1024, 1024, 255
#: Each part of a date format: what it looks like, and the place it has in a datetime.
PARTS = {
    "yyyy": ("[0-9]{4}", "year"),
    "MM": ("[0-9]{2}", "month"),
    "M": ("[1-9][0-9]?", "month"),
    "dd": ("[0-9]{2}", "day"),
    "d": ("[1-9][0-9]?", "day"),
    "HH": ("[0-9]{2}", "hour"),
    "H": ("0|[1-9][0-9]?", "hour"),
}
PART = re.compile("|".join(PARTS))
RANGES = {"int": 2**31, "bigint": 2**63, "string": 2**63}


def date_parts(form: str, text: str) -> Optional[dict[str, int]]:
    """Year, month, day and hour that a text of a format names; None where the calendar has no such date."""
    names = [PARTS[part][1] for part in PART.findall(form)]
    found = re.fullmatch(PART.sub(lambda part: f"({PARTS[part[0]][0]})", form), text)
    if found is None:
        return None
    parts = dict(zip(names, map(int, found.groups())))
    try:
        # Of an unknown year: one that has the 29th of February.
        datetime.datetime(**{"year": 2000, "month": 1, "day": 1, **parts})
    except ValueError:
        return None
    return parts


def key_text(key: Mapping[str, Any], value: Any) -> Optional[str]:
    """The value of a cell as it stands in the folder's name; None where the cell's type cannot be one of the key's."""
    if isinstance(value, str):
        return value
    kind, form = key["kind"], key.get("format", "")
    if isinstance(value, bool):
        return None
    if isinstance(value, int) and kind == "integer":
        return str(value).zfill(key.get("digits", 0))
    if isinstance(value, int) and kind == "date" and form.isalpha():
        return str(value).zfill(len(form))
    if isinstance(value, datetime.datetime):
        # A time of day, or a zone, would leave open whose calendar names the folder.
        # pandas counts nanoseconds beside Python's time.
        if value.tzinfo is not None or value.time() != datetime.time() or getattr(value, "nanosecond", 0):
            return None
    if isinstance(value, datetime.date) and kind == "date" and "H" not in form:
        return PART.sub(lambda part: str(getattr(value, PARTS[part[0]][1])).zfill(len(part[0])), form)
    return None


def value_problem(key: Mapping[str, Any], value: Any, escaping: str) -> Optional[str]:
    """Why a cell is no value of a key."""
    # What pandas takes for a missing time is no datetime, though of its class, and unequal to itself.
    if value is None or (isinstance(value, datetime.date) and value != value):
        return "is no value; every row belongs to a partition"
    text = key_text(key, value)
    if text is None:
        meant = f"date written as {key['format']} in {key['timeZone']}" if key["kind"] == "date" else key["kind"]
        return f"is a {type(value).__name__}, the key is {meant}; give its text"
    if text == "":
        return "is empty; every row belongs to a partition"
    if text == NULL_PARTITION:
        return "is Hive's name for null"
    if text in (".", ".."):
        return "means a folder itself or its parent"
    if len(text) > LONGEST_VALUE:
        return f"has {len(text)} characters, Glue takes {LONGEST_VALUE}"
    if escaping == "none" and not SAFE.fullmatch(text):
        others = "has characters other than letters, digits, '.', '_' and '-'"
        return f'{others}; choose others, or declare escaping: "hive"'
    if "\0" in text:
        return "holds a NUL character"
    kind = key["kind"]
    if kind == "date" and date_parts(key["format"], text) is None:
        return f"is no date written as {key['format']}"
    if kind == "enum" and text not in key["values"]:
        return f"is not one of {', '.join(key['values'])}"
    if kind == "integer":
        digits = key.get("digits")
        if digits is not None:
            return None if re.fullmatch(f"[0-9]{{{digits}}}", text) else f"is no whole number of {digits} digits"
        if not re.fullmatch("0|-?[1-9][0-9]*", text):
            return "is no whole number without leading zeros"
        limit = RANGES[key["type"]]
        if not -limit <= int(text) < limit:
            return f"is too large for {key['type']}"
    return None


def folder(keys: Sequence[Mapping[str, Any]], texts: Sequence[str], escaping: str) -> str:
    """`year=2021/month=12`, outermost key first."""

    def escaped(text: str) -> str:
        return ESCAPED.sub(lambda char: f"%{ord(char[0]):02X}", text) if escaping == "hive" else text

    return "/".join(f"{key['name']}={escaped(text)}" for key, text in zip(keys, texts))


def folder_problem(keys: Sequence[Mapping[str, Any]], texts: Sequence[str], path: str) -> Optional[str]:
    """What is wrong with values that are each right: no such day in the calendar, or too long a path."""
    if len(path.encode()) + 1 >= LONGEST_KEY:
        return f"has {len(path.encode())} bytes of folders, keys in S3 end at {LONGEST_KEY}; choose shorter values"
    if any(len(name.encode()) > LONGEST_NAME for name in path.split("/")):
        return f"has a folder of more than {LONGEST_NAME} bytes, which no file system takes; choose shorter values"
    dates = [(key, text) for key, text in zip(keys, texts) if key["kind"] == "date"]

    def only(*forms: str) -> Optional[str]:
        found = [text for key, text in dates if key["format"] in forms]
        return found[0] if len(found) == 1 else None

    both = only("yyyy-MM", "yyyyMM")
    day, month = only("dd", "d"), only("MM", "M") or (both and both[-2:])
    year = only("yyyy") or (both and both[:4]) or "2000"
    if day is None or month is None or len({key["timeZone"] for key, _ in dates}) != 1:
        return None
    try:
        datetime.date(int(year), int(month), int(day))
    except ValueError:
        return f"is no day: the calendar has no day {day} in month {month} of {year}"
    return None
