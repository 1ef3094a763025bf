"""Numbers that their column cannot hold: out of its range, or rounded to another one."""

from typing import Any, Callable

import pyarrow as pa
import pyarrow.compute as pc

#: Notes the cells that a mask picks: what is wrong with them.
Report = Callable[[Any, str], None]

INTEGER_BITS = {"tinyint": 8, "smallint": 16, "int": 32, "integer": 32, "bigint": 64}
#: Whole numbers up to here are the same as floating ones.
WHOLE = {"float": 2**24, "double": 2**53}


def every(mask: pa.Array) -> bool:
    return pc.all(mask, min_count=0).as_py()


def check_whole(values: pa.Array, declared: str, report: Report) -> None:
    bits = INTEGER_BITS.get(declared)
    limit = 2 ** (bits - 1) if bits else WHOLE.get(declared)
    if limit is None:
        return
    least, most = pc.min_max(values).as_py().values()
    if most is not None and most > limit - (1 if bits else 0):
        largest = pa.scalar(limit - (1 if bits else 0), values.type)
        report(pc.greater(values, largest), f"is too large for {declared}")
    if least is not None and least < -limit:
        report(pc.less(values, pa.scalar(-limit, values.type)), f"is too small for {declared}")


def check_floating(values: pa.Array, declared: str, report: Report) -> None:
    near = values.cast(pa.float32(), safe=False) if declared == "float" else values
    finite = pc.is_finite(near)
    if not every(finite):
        report(pc.invert(finite), f"is no finite {declared}; make it null, or a number")
    if declared != "float" or values.type != pa.float64():
        return
    # Every float rounds fractions, and magnitudes that doubles round too. A count or an identifier it must not change.
    counted = pc.and_(pc.equal(pc.floor(values), values), pc.less_equal(pc.abs(values), float(WHOLE["double"])))
    other = pc.and_(pc.not_equal(near.cast(values.type), values), pc.or_(counted, pc.equal(near, 0)))
    report(other, "is no float, which would make 0 or another whole number of it; declare double")


def check_digits(text: pa.Array, numbers: pa.Array, declared: str, report: Report) -> None:
    """What of a number's digits is gone before it is a floating number."""
    limit = WHOLE[declared]
    if not every(pc.less(pc.abs(numbers), float(limit))):
        whole = pc.replace_substring_regex(text, r"^[+-]?0*([0-9]+)(\.[0-9]*)?$", r"\1")
        # Of nineteen digits and more all are beyond; fewer fit 64 bits. Another text is one with an exponent.
        many = pc.match_substring_regex(whole, "^[0-9]{19,}$")
        few = pc.if_else(pc.match_substring_regex(whole, "^[0-9]{1,18}$"), whole, None).cast(pa.int64())
        beyond = pc.or_(many, pc.fill_null(pc.greater(few, limit), False))
        report(beyond, f"is a number beyond 2^{limit.bit_length() - 1}, where {declared} rounds whole ones; declare string")
    zero = pc.equal(numbers, 0)
    if pc.any(zero).as_py():
        report(pc.and_(zero, pc.match_substring_regex(text, "^[+-]?[0.]*[1-9]")), f"is a number that {declared} would make 0")
