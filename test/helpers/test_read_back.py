"""DuckDB reads back what the helper wrote: a reader that knows nothing of it."""

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from tables import SHARD, SHOP, dataset
from write_partitions import write_partitions

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=12)


@settings(max_examples=60, deadline=None, database=None)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(["a b", "é/:", "東%"]), text, st.integers(-(2**63), 2**63 - 1)),
        min_size=1,
        max_size=20,
    )
)
def test_duckdb_reads_back_what_quoted_files_hold(tmp_path_factory, rows):
    output = tmp_path_factory.mktemp("quoted")
    table = pa.table(
        {"shop": [r[0] for r in rows], "text": [r[1] for r in rows], "id": pa.array([r[2] for r in rows], pa.int64())}
    )
    # A quote as escape is DuckDB's: what is doubled is read as one.
    form = {"quote": '"', "nullText": None}
    data = dataset([SHOP], {"text": "string", "id": "string"}, escaping="hive", **form)
    write_partitions(table, data, output=output)
    relation = duckdb.sql(
        f"select shop, text, id from read_csv('{output}/*/partition.csv', header=false, delim=',', "
        "quote='\"', escape='\"', all_varchar=true, hive_partitioning=true, hive_types={'shop': 'varchar'}, "
        "names=['text', 'id'], "
        "strict_mode=false, force_not_null=['text'])"
    )
    assert sorted(relation.fetchall()) == sorted((shop, cell, str(number)) for shop, cell, number in rows)


@settings(max_examples=60, deadline=None, database=None)
@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 3),
            st.none() | st.floats(allow_nan=False, allow_infinity=False),
            st.none() | st.integers(-(2**63), 2**63 - 1),
            st.none() | st.datetimes(),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_duckdb_reads_back_the_typed_values(tmp_path_factory, rows):
    output = tmp_path_factory.mktemp("typed")
    names, kinds = ["shard", "price", "id", "at"], [pa.int64(), pa.float64(), pa.int64(), pa.timestamp("us")]
    table = pa.table(
        {name: pa.array([row[i] for row in rows], kind) for i, (name, kind) in enumerate(zip(names, kinds))}
    )
    write_partitions(table, dataset([SHARD], {"price": "double", "id": "bigint", "at": "timestamp"}), output=output)
    relation = duckdb.sql(
        f"select shard::int, price, id, \"at\" from read_csv('{output}/*/partition.csv', header=false, delim=',', "
        "quote='', escape='', nullstr='\\N', hive_partitioning=true, "
        "columns={'price': 'double', 'id': 'bigint', 'at': 'timestamp'})"
    )
    key = lambda row: tuple((value is None, value or 0) if i < 3 else str(value) for i, value in enumerate(row))
    assert sorted(relation.fetchall(), key=key) == sorted(rows, key=key)
