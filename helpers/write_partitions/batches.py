"""Any table as a stream of Arrow batches of bounded size."""

from typing import Any, Callable, Iterator

import pyarrow as pa

from .problems import Problem

#: What one batch holds at most: a few of them are in work at the same time.
MOST_ROWS, MOST_BYTES = 65_536, 8 * 2**20


def batches(table: Any, note: Callable[[Problem], None]) -> Iterator[pa.RecordBatch]:
    """The rows of a table in their order. Cells that Arrow has no type for are noted, and null."""
    before = 0
    for chunk in _chunks(table):
        for start in range(0, len(chunk), MOST_ROWS):
            if isinstance(chunk, pa.RecordBatch):
                batch = _own_bytes(chunk.slice(start, MOST_ROWS))
            else:
                batch = _from_pandas(chunk.iloc[start : start + MOST_ROWS], before + start, note)
            most = max(1, batch.num_rows * MOST_BYTES // max(1, batch.nbytes))
            for first in range(0, batch.num_rows, most):
                yield batch.slice(first, most)
        before += len(chunk)


def columns(table: Any) -> Any:
    """The names of a table's columns, or None where only its first batch tells."""
    if _is_pandas(table):
        return [str(name) for name in table.columns]
    schema = getattr(table, "schema", None)
    return list(schema.names) if isinstance(schema, pa.Schema) else None


def _is_pandas(table: Any) -> bool:
    return type(table).__module__.split(".")[0] == "pandas" and hasattr(table, "iloc") and hasattr(table, "columns")


def _chunks(table: Any) -> Iterator[Any]:
    """Record batches and pandas DataFrames."""
    # pandas also speaks Arrow, but converts the whole table at once, and leaves NaN where a cell is missing.
    if isinstance(table, pa.RecordBatch) or _is_pandas(table):
        yield table
    elif isinstance(table, pa.Table):
        yield from table.to_batches()
    elif isinstance(table, pa.RecordBatchReader):
        yield from table
    elif type(table).__module__.split(".")[0] in ("duckdb", "_duckdb"):
        # As they are made: the whole answer need not fit into memory. Releases before 1.4 have the other name alone.
        reader = getattr(table, "to_arrow_reader", None) or table.fetch_record_batch
        yield from reader(MOST_ROWS)
    elif hasattr(table, "__arrow_c_stream__"):
        yield from pa.RecordBatchReader.from_stream(table)
    elif hasattr(table, "__iter__") and not isinstance(table, (str, bytes, dict)):
        for part in table:
            if isinstance(part, (list, tuple, dict, str)):
                raise _no_table(part)
            yield from _chunks(part)
    else:
        raise _no_table(table)


def _own_bytes(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Views share the bytes of the whole table, so that nobody could say how large a part is."""
    if not any(pa.types.is_string_view(field.type) for field in batch.schema):
        return batch
    arrays = [array.cast(pa.string()) if pa.types.is_string_view(array.type) else array for array in batch.columns]
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def _no_table(table: Any) -> TypeError:
    return TypeError(
        "table must be a pandas or polars DataFrame, a pyarrow Table, RecordBatch or RecordBatchReader, a DuckDB "
        f"relation, or an iterator of these, got {type(table).__module__}.{type(table).__name__}"
    )


def _from_pandas(frame: Any, before: int, note: Callable[[Problem], None]) -> pa.RecordBatch:
    """What pandas takes for missing is null."""
    arrays = [_array(frame.iloc[:, index], str(name), before, note) for index, name in enumerate(frame.columns)]
    return pa.RecordBatch.from_arrays(arrays, names=[str(name) for name in frame.columns])


def _array(series: Any, name: str, before: int, note: Callable[[Problem], None]) -> pa.Array:
    try:
        array = pa.array(series, from_pandas=True)
        return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    except (pa.ArrowException, OverflowError, UnicodeError, TypeError, ValueError):
        values = [None if _alone(value) is None else value for value in series]
        kind = next((array.type for value in values if (array := _alone(value)) and array[0].is_valid), pa.null())
        for index, value in enumerate(values):
            array = _alone(value)
            if value is None or array is None or not (array.type == kind or array.type == pa.null()):
                other = series.iloc[index]
                note(
                    Problem(
                        f"column '{name}'",
                        f"is no value of one type for the column (others are {kind}); convert the column",
                        before + index + 1,
                        other,
                    )
                )
        return pa.nulls(len(values))


def _alone(value: Any) -> Any:
    """One cell as an array; None where Arrow has no type for it."""
    try:
        return pa.array([value], from_pandas=True)
    except (pa.ArrowException, OverflowError, UnicodeError, TypeError, ValueError):
        return None
