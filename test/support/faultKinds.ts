import type { Fault, Fields, Reply } from "./faults";

export const refusal = (code: string, message: string): Reply => ({ status: 400, body: { __type: code, message } });
export const items = (body: Fields, list: string): Fields[] => (body[list] as Fields[] | undefined) ?? [];

/** Says "slow down" to the first calls. */
export function throttled(times: number): Fault {
  let left = times;
  return (call, next) =>
    left-- > 0 ? Promise.resolve(refusal("ThrottlingException", "Rate exceeded")) : next(call.body);
}

/** Refuses calls, after the first ones. */
export function denied(after: number, message: string): Fault {
  let allowed = after;
  return (call, next) => (allowed-- > 0 ? next(call.body) : Promise.resolve(refusal("AccessDeniedException", message)));
}

/** Does what the first call asks for, and loses the answer: the client tries again. */
export function answerLost(): Fault {
  let lost = false;
  return async (call, next) => {
    const reply = await next(call.body);
    if (lost) return reply;
    lost = true;
    return "cut";
  };
}

/** Somebody else does something just before the first call. */
export function meanwhile(work: () => Promise<unknown>): Fault {
  let done = false;
  return async (call, next) => {
    if (!done) await work();
    done = true;
    return next(call.body);
  };
}

/** Fails single items of a batch; the others go through. `error` gets the values of one partition. */
export function itemErrors(error: (values: readonly string[]) => string | undefined): Fault {
  return async ({ operation, body }, next) => {
    const update = operation === "BatchUpdatePartition";
    const list =
      { BatchUpdatePartition: "Entries", BatchDeletePartition: "PartitionsToDelete" }[operation] ??
      "PartitionInputList";
    const valuesOf = (item: Fields) => (update ? item.PartitionValueList : item.Values) as string[];
    const good = items(body, list).filter((item) => error(valuesOf(item)) === undefined);
    const failed = items(body, list).flatMap((item) => {
      const code = error(valuesOf(item));
      const values = { [update ? "PartitionValueList" : "PartitionValues"]: valuesOf(item) };
      return code === undefined ? [] : [{ ...values, ErrorDetail: { ErrorCode: code, ErrorMessage: "by script" } }];
    });
    const reply = good.length > 0 ? await next({ ...body, [list]: good }) : { status: 200, body: {} };
    if (typeof reply === "string") return reply;
    return { ...reply, body: { ...reply.body, Errors: [...items(reply.body, "Errors"), ...failed] } };
  };
}

/** Leaves one key of the first calls unprocessed, as Glue may. */
export function unprocessed(times: number): Fault {
  let left = times;
  return async ({ body }, next) => {
    if (left-- <= 0) return next(body);
    const [first, ...others] = items(body, "PartitionsToGet");
    const reply = await next({ ...body, PartitionsToGet: others });
    return typeof reply === "string"
      ? reply
      : { ...reply, body: { ...reply.body, UnprocessedKeys: first ? [first] : [] } };
  };
}

/** Answers a listing of partitions page by page, with an empty page in the middle, and keeps to segments, as Glue does. */
export function paged(size: number): Fault {
  return async ({ body }, next) => {
    const {
      NextToken: token = "0",
      Segment: segment,
      ...rest
    } = body as {
      NextToken?: string;
      Segment?: { SegmentNumber: number; TotalSegments: number };
    };
    const reply = await next(rest);
    if (typeof reply === "string") return reply;
    const all = items(reply.body, "Partitions").filter(
      (_, index) => segment === undefined || index % segment.TotalSegments === segment.SegmentNumber,
    );
    const [start, empty] = token.startsWith("empty") ? [Number(token.slice(5)), true] : [Number(token), false];
    const end = empty ? start : start + size;
    const more = end < all.length ? (empty || start > 0 ? String(end) : `empty${end}`) : undefined;
    return {
      status: 200,
      body: { Partitions: all.slice(start, end), ...(more === undefined ? {} : { NextToken: more }) },
    };
  };
}

/** Throttles a share of the calls, by a sequence that is the same each time. */
export function storm(share: number, seed = 1): Fault {
  let state = seed;
  return (call, next) => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 < share
      ? Promise.resolve(refusal("ThrottlingException", "Rate exceeded"))
      : next(call.body);
  };
}

/** Answers after a while; what was asked for is done at once. */
export function slow(ms: number): Fault {
  return async (call, next) => {
    const reply = await next(call.body);
    await new Promise((resolve) => setTimeout(resolve, ms));
    return reply;
  };
}
