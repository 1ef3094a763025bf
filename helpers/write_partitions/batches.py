"""Any table as a stream of Arrow batches of bounded size."""

from typing import Any, Callable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from .cells import is_text
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
            most = max(1, batch.num_rows * MOST_BYTES // max(1, sum(map(_size, batch.columns))))
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
        try:
            reader = pa.RecordBatchReader.from_stream(table)
        except pa.ArrowInvalid:
            # A column speaks Arrow as well.
            raise _no_table(table) from None
        yield from reader
    elif hasattr(table, "__iter__") and not isinstance(table, (str, bytes, dict)):
        for part in table:
            if isinstance(part, (list, tuple, dict, str)):
                raise _no_table(part)
            yield from _chunks(part)
    else:
        raise _no_table(table)


def _own_bytes(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Views share the bytes of the whole table, so that nobody could say how large a part is."""
    return pa.RecordBatch.from_arrays([_without_views(array) for array in batch.columns], names=batch.schema.names)


def _without_views(array: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(array.type):
        return pa.DictionaryArray.from_arrays(array.indices, _without_views(array.dictionary))
    return array.cast(pa.string()) if pa.types.is_string_view(array.type) else array


def _size(array: pa.Array) -> int:
    """Bytes of an array when each cell of a dictionary stands by itself, as it is written."""
    if not pa.types.is_dictionary(array.type) or not is_text(array.type.value_type):
        return array.nbytes
    return array.nbytes + (pc.sum(pc.binary_length(array.dictionary).take(array.indices)).as_py() or 0)


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
        cells = [_alone(value) for value in series]
        kind = next((cell.type for cell in cells if cell is not None and cell[0].is_valid), pa.null())
        what = f"is no value of one type for the column (others are {kind}); convert the column"
        for index, cell in enumerate(cells):
            if cell is None or (cell[0].is_valid and cell.type != kind):
                note(Problem(f"column '{name}'", what, before + index + 1, series.iloc[index]))
        return pa.nulls(len(cells))


def _alone(value: Any) -> Any:
    """One cell as an array; None where Arrow has no type for it."""
    try:
        return pa.array([value], from_pandas=True)
    except (pa.ArrowException, OverflowError, UnicodeError, TypeError, ValueError):
        return None
