/**
 * Reads several sources at once and yields their items as they come. A source may add another while it is read, as long
 * as fewer than `most` are open: that is how a long listing becomes several.
 */
export async function* growing<Start, Item>(
  starts: readonly Start[],
  most: number,
  source: (start: Start, add: (another: Start) => boolean) => AsyncGenerator<Item>,
): AsyncGenerator<Item> {
  interface Read {
    readonly iterator: AsyncGenerator<Item>;
    readonly result: IteratorResult<Item, unknown>;
  }
  const open = new Map<AsyncGenerator<Item>, Promise<Read>>();
  const waiting = [...starts];
  const begin = (start: Start): void => next(source(start, add));
  const next = (iterator: AsyncGenerator<Item>): void => {
    const reading = iterator.next().then((result) => ({ iterator, result }));
    // It is awaited later, after others perhaps: until then nobody must call it unhandled.
    reading.catch(() => undefined);
    open.set(iterator, reading);
  };
  function add(another: Start): boolean {
    if (open.size >= most) return false;
    begin(another);
    return true;
  }
  try {
    for (;;) {
      while (open.size < most && waiting.length > 0) waiting.splice(0, 1).forEach(begin);
      if (open.size === 0) return;
      const { iterator, result } = await Promise.race(open.values());
      if (result.done) open.delete(iterator);
      else {
        next(iterator);
        yield result.value;
      }
    }
  } finally {
    await Promise.allSettled([...open.keys()].map((iterator) => iterator.return(undefined)));
  }
}
