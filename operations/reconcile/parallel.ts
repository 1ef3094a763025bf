/**
 * Works on items with at most `parallel` at a time and yields the results in their order. An item is taken from the
 * source when there is room for it: memory is bounded by `parallel` results, whatever the source holds. An error of the
 * source is thrown after the results of what it brought before.
 */
export async function* inParallel<Item, Result>(
  source: AsyncIterable<Item>,
  parallel: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  const iterator = source[Symbol.asyncIterator]();
  let broken: { readonly error: unknown } | undefined;
  let more = true;
  const take = async () => {
    try {
      const next = await iterator.next();
      if (next.done) more = false;
      else running.push(handled(work(next.value)));
    } catch (error) {
      // What came before it is brought to its end, and told first.
      broken = { error };
      more = false;
    }
  };
  try {
    while (more || running.length > 0) {
      while (more && running.length < parallel) await take();
      const first = running.shift();
      if (first) yield await first;
    }
    if (broken) throw broken.error;
  } finally {
    await iterator.return?.();
  }
}

/** A failure is thrown where it is awaited; until then Node must not take it for one that nobody looks at. */
function handled<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => undefined);
  return promise;
}

/** Lists of at most `size` items. */
export async function* inChunks<Item>(source: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let chunk: Item[] = [];
  for await (const item of source) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** Lets so many pieces of work run at the same time; the others wait their turn. */
export function gate(most: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

/** A list, to be read as a stream is. */
export async function* streamOf<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  for (const item of items) yield await Promise.resolve(item);
}
