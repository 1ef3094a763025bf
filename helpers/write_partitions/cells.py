"""One column of a batch as the text of its cells, each checked: its readers get what the table holds, or it is refused.

What readers make of a text is contract/csvReader.ts and contract/csvValues.ts; nothing is written that they would cut,
round or take for null.
"""

import re
from typing import Any, Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .files import offsets_of
from .numeric import INTEGER_BITS, WHOLE, Report, check_digits, check_floating, check_whole, every

#: 0001-01-01 and 9999-12-31, in days.
FIRST_DAY, LAST_DAY = -719_162, 2_932_896
DAY = {"s": 86_400, "ms": 86_400 * 10**3, "us": 86_400 * 10**6, "ns": 86_400 * 10**9}
#: How texts stand in columns of other types.
PATTERNS = {
    "boolean": "(?i)^(true|false)$",
    **dict.fromkeys(INTEGER_BITS, "^[+-]?[0-9]{1,19}$"),
    **dict.fromkeys(WHOLE, r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"),
    "date": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "timestamp": r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?$",
}
FIXES = {"date": "; write yyyy-MM-dd", "timestamp": "; write yyyy-MM-dd HH:mm:ss"}


def plain(values: pa.Array) -> pa.Array:
    """Without what is only another form of the same values."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    return values.cast(pa.string()) if is_text(values.type) and values.type != pa.string() else values


def is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def text_of(values: pa.Array, declared: str, report: Report) -> pa.Array:
    """The text of each cell as a column of the declared type has it; null where the cell is null."""
    kind, types = values.type, pa.types
    if types.is_null(kind):
        return values.cast(pa.string())
    if is_text(kind):
        if declared != "string":
            _check_text(values, declared, report)
        return values
    if types.is_boolean(kind) and declared in ("boolean", "string"):
        return values.cast(pa.string())
    if types.is_floating(kind) and declared not in ("boolean", "date", "timestamp"):
        return _from_float(values, declared, report)
    if types.is_integer(kind) and declared not in ("boolean", "date", "timestamp"):
        check_whole(values, declared, report)
        return values.cast(pa.string())
    if types.is_decimal(kind) and declared in ("string", *WHOLE):
        text = values.cast(pa.string())
        if declared != "string":
            _check_text(text, declared, report)
        return text
    if types.is_decimal(kind) and declared in INTEGER_BITS:
        return _from_decimal(values, declared, report)
    if types.is_date(kind) and declared in ("string", "date", "timestamp"):
        days = values.cast(pa.date32())
        _check_years(days.view(pa.int32()), 1, report)
        return days.cast(pa.string()) if declared != "timestamp" else _clock(days.cast(pa.timestamp("s")))
    if types.is_timestamp(kind) and kind.tz is None and declared in ("string", "date", "timestamp"):
        _check_years(values.view(pa.int64()), DAY[kind.unit], report)
        return _clock(values) if declared != "date" else _from_midnight(values, report)
    report(values.is_valid(), _no_such_type(kind, declared))
    return pa.nulls(len(values), pa.string())


def _no_such_type(kind: pa.DataType, declared: str) -> str:
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        return f"has a time zone ({kind.tz}), which CSV cannot carry; convert it to the one that is meant, and drop it"
    return f"is of type {kind}, which does not become {declared}; convert the column"


def _check_text(values: pa.Array, declared: str, report: Report) -> None:
    fits = pc.match_substring_regex(values, PATTERNS[declared])
    values = pc.if_else(fits, values, None)
    try:
        _parsed(values, declared, report)
    except pa.ArrowInvalid:
        # Somewhere in the column is a number too large, or a day that no calendar has.
        fits = pc.and_(fits, pa.array([_parses(text, declared) for text in values], pa.bool_()))
    report(pc.invert(fits), f"is no {declared} to a reader, who gets NULL{FIXES.get(declared, '')}")


def _parsed(values: pa.Array, declared: str, report: Report) -> None:
    if declared in INTEGER_BITS:
        check_whole(pc.utf8_ltrim(values, "+").cast(pa.int64()), declared, report)
    elif declared in WHOLE:
        numbers = pc.utf8_ltrim(values, "+").cast(pa.float64())
        check_floating(numbers, declared, report)
        check_digits(values, numbers, declared, report)
    elif declared in ("date", "timestamp"):
        _check_years(pc.utf8_slice_codeunits(values, 0, 19).cast(pa.timestamp("s")).view(pa.int64()), DAY["s"], report)


def _parses(text: pa.Scalar, declared: str) -> bool:
    try:
        _parsed(pa.array([text.as_py()], pa.string()), declared, lambda mask, what: None)
        return True
    except pa.ArrowInvalid:
        return False


def _from_float(values: pa.Array, declared: str, report: Report) -> pa.Array:
    check_floating(values, declared, report)
    if declared not in INTEGER_BITS:
        return values.cast(pa.string())
    # pandas makes floating numbers of whole ones where some are missing.
    wide = values.cast(pa.float64())
    whole = pc.and_(pc.equal(pc.floor(wide), wide), pc.less_equal(pc.abs(wide), float(WHOLE["double"])))
    if not every(whole):
        report(pc.invert(whole), f"is no whole number that a floating one holds; {declared} would be cut or NULL")
        return pa.nulls(len(values), pa.string())
    numbers = wide.cast(pa.int64())
    check_whole(numbers, declared, report)
    return numbers.cast(pa.string())


def _from_decimal(values: pa.Array, declared: str, report: Report) -> pa.Array:
    try:
        numbers = values.cast(pa.int64())
    except pa.ArrowInvalid:
        fits = [v is None or (v == v.to_integral_value() and -(2**63) <= v < 2**63) for v in values.to_pylist()]
        report(pc.invert(pa.array(fits)), f"is no whole number that fits {declared}")
        return pa.nulls(len(values), pa.string())
    check_whole(numbers, declared, report)
    return numbers.cast(pa.string())


def _check_years(numbers: pa.Array, day: int, report: Report) -> None:
    least, most = pc.min_max(numbers).as_py().values()
    if least is not None and (least < FIRST_DAY * day or most >= (LAST_DAY + 1) * day):
        wrong = pc.or_(pc.less(numbers, FIRST_DAY * day), pc.greater_equal(numbers, (LAST_DAY + 1) * day))
        report(wrong, "is outside the years 0001 to 9999")


def _clock(values: pa.Array) -> pa.Array:
    """Date, a blank, time; of the fraction what is not zero, so that the text is the same whatever the unit was."""
    wide = values if values.type.unit == "ns" else values.cast(pa.timestamp("us"))
    return pc.ascii_rtrim(pc.ascii_rtrim(wide.cast(pa.string()), "0"), ".")


def _from_midnight(values: pa.Array, report: Report) -> pa.Array:
    days = values.cast(pa.date32(), safe=False)
    midnight = pc.equal(days.cast(values.type), values)
    if not every(midnight):
        report(pc.invert(midnight), "has a time of day, which a date would lose; take the date alone")
    return days.cast(pa.string())


def carried(
    text: pa.Array, form: Mapping[str, Any], report: Report, *, first: bool, alone: bool, typed: bool
) -> pa.Array:
    """The cells as they stand in a line, without what stands around each.

    first: whether the column begins the line. alone: whether it is the whole line. typed: whether no cell is free text.
    """
    quote, escape, null = form.get("quote"), form.get("escape"), form.get("nullText", "\\N")
    if not typed:
        held = _holding(text)
        faults = [("\n\r", "[\n\r]", "holds a line break, where every reader ends the row")]
        faults.append(("\0", "\0", "holds a NUL character"))
        if quote is None:
            what = "begins with a double quote, which is taken for quoting; declare csv({ quote: '\"' })"
            faults.append(('"', '^"', what))
            if escape is None:
                what = f"holds the delimiter {form['delimiter']!r}; declare an escape or a quote"
                faults.append((form["delimiter"], re.escape(form["delimiter"]), what))
            if first:
                what = "begins with a byte order mark, which readers drop at the start of a file"
                faults.append(("\xef", "^\ufeff", what))
        for characters, pattern, what in faults:
            if held(characters):
                report(pc.match_substring_regex(text, pattern), what)
        if quote is None and escape is not None and held(form["delimiter"] + escape):
            specials = f"([{re.escape(form['delimiter'])}{re.escape(escape)}])"
            # In what RE2 puts in place of a match a backslash is written twice.
            text = pc.replace_substring_regex(text, specials, escape.replace("\\", "\\\\") + r"\1")
        for character in (quote, escape) if quote is not None else ():
            if character is not None and held(character):
                text = pc.replace_substring(text, character, character * 2)
    if quote is not None:
        what = "is null, which quoted CSV cannot say; give the text that is meant, such as an empty one"
        report(pc.is_null(text), what)
        return text
    if not typed or re.fullmatch(r"[-+.:0-9a-zA-Z ]+", null):
        what = f"is written {null!r}, which is read as null; make it null, or declare another nullText"
        report(pc.equal(text, null), what)
    text = pc.fill_null(text, null)
    if alone:
        report(pc.equal(text, ""), "is the only cell of an empty line, which is no row to many readers")
    return text


def _holding(text: pa.Array) -> Callable[[str], bool]:
    """Tells whether one of some bytes occurs in the texts: much sooner than a pattern."""
    data = text.buffers()[2]
    if data is None or len(text) == 0:
        return lambda characters: False
    at = offsets_of(text)
    own = np.frombuffer(data, np.uint8)[at[0] : at[-1]]
    return lambda characters: any(bool((own == ord(character)).any()) for character in characters)


class Moment:
    """A time that Python has no type for: of a year beyond 1 to 9999, or with nanoseconds. The value of no key."""

    def __init__(self, value: pa.Scalar) -> None:
        self.text = value.cast(pa.string()).as_py()

    def __repr__(self) -> str:
        return str(self.text)


def shown(value: pa.Scalar) -> Any:
    """A cell in Python's terms."""
    try:
        # Without pandas there are no nanoseconds.
        whole = pa.types.is_timestamp(value.type) and value.type.unit == "ns"
        return (value.cast(pa.timestamp("us", value.type.tz)) if whole else value).as_py()
    except (ValueError, OverflowError, pa.ArrowException):
        return Moment(value)
