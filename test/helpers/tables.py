"""What the tests of the helper write, and where it is found."""

import datetime
import os
import sys
from pathlib import Path

import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "helpers"))

from write_partitions import PartitionsError, write_partitions  # noqa: E402

DAY = {"kind": "date", "type": "string", "format": "yyyy-MM-dd", "timeZone": "Asia/Tokyo", "name": "day"}
SHOP = {"kind": "injected", "type": "string", "name": "shop"}
SHARD = {"kind": "integer", "type": "string", "name": "shard", "digits": 2}
COLUMNS = {"id": "bigint", "price": "double", "name": "string", "sold": "date", "at": "timestamp", "paid": "boolean"}


def dataset(keys=(DAY,), columns=None, escaping="none", **form):
    form = {"kind": "csv", "delimiter": ",", "header": False, "nullText": "\\N", "newline": "\n"} | form
    columns = [{"name": name, "type": kind, "comment": ""} for name, kind in (columns or COLUMNS).items()]
    return {"name": "t", "partitionKeys": list(keys), "columns": columns, "format": form, "escaping": escaping}


ROWS = pa.table(
    {
        "paid": pa.array([True, None, False]),
        "day": ["2021-12-01", "2021-12-02", "2021-12-01"],
        "name": ["東京 ☔", None, 'say "hi"'],
        "id": pa.array([2**53, None, -7], pa.int64()),
        "price": [1.5, None, 1e300],
        "sold": pa.array([datetime.date(2021, 2, 28), None, datetime.date(1, 1, 1)]),
        "at": pa.array(
            [datetime.datetime(2021, 1, 1, 10, 0, 0, 500000), None, datetime.datetime(1999, 12, 31)], pa.timestamp("us")
        ),
    }
)
WRITTEN = {
    "day=2021-12-01/partition.csv": (
        "9007199254740992,1.5,東京 ☔,2021-02-28,2021-01-01 10:00:00.5,true\n"
        '-7,1e+300,say "hi",0001-01-01,1999-12-31 00:00:00,false\n'
    ).encode(),
    "day=2021-12-02/partition.csv": b"\\N,\\N,\\N,\\N,\\N,\\N\n",
}


def tree(output):
    return {p.relative_to(output).as_posix(): p.read_bytes() for p in Path(output).rglob("*") if p.is_file()}


def refused(tmp_path, table, parts, data=None, **options):
    """Nothing is written, and the error says these things."""
    before = tree(tmp_path)
    with pytest.raises(PartitionsError) as error:
        write_partitions(table, data or dataset(), output=tmp_path, **options)
    for part in parts:
        assert part in str(error.value)
    assert tree(tmp_path) == before
    assert not [entry for entry in os.listdir(tmp_path) if entry.startswith(".")]
    return str(error.value)


def column(name, *values, kind=None):
    return ROWS.slice(0, len(values)).set_column(ROWS.schema.get_field_index(name), name, pa.array(values, kind))
