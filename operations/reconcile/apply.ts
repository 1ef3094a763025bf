import type { Clients } from "../clients";
import type { TableId } from "./glue";
import { sameOf, type Ending, type Outcome } from "./outcome";
import { Pace } from "./pace";
import { inParallel } from "./parallel";
import type { PlannedPartition } from "./request";
import { settle, type Application } from "./settle";
import { WRITE_AT_ONCE, type Write } from "./writes";

export interface ApplyOptions {
  /** No call begins after it, and none is waited for; what is not done by then ends as `left`. */
  readonly deadline?: Date;
  /** Calls at the same time at most; fewer while Glue throttles. Default 8. */
  readonly parallel?: number;
  /** Attempts for one partition, each with those of the client within. Default 5. */
  readonly attempts?: number;
  /** Stops as the deadline does. */
  readonly signal?: AbortSignal;
  /** How long the plan is read on after the stop, to tell what is left, milliseconds. Default 5000. */
  readonly graceMs?: number;
  /** Told at the end: calls that were throttled, and whether the plan was read to its end. */
  readonly onEnd?: (facts: { readonly throttled: number; readonly complete: boolean }) => void;
}

const DEFAULTS = { parallel: 8, attempts: 5, graceMs: 5000 };

/**
 * Does in Glue what a plan says, and tells for every partition of it how it ended; deletes nothing. Run again, it comes
 * to the same end. An error of the plan is thrown when what was planned before it has ended, and is told.
 */
export async function* apply(
  { glue }: Clients,
  id: TableId,
  planned: AsyncIterable<PlannedPartition>,
  options: ApplyOptions = {},
): AsyncGenerator<Outcome> {
  const { parallel, attempts, graceMs } = { ...DEFAULTS, ...options };
  const stopping = stopOf(options);
  const application: Application = { glue, id, pace: new Pace(parallel), attempts, stop: stopping.signal };
  const plan = { complete: false, failure: undefined as { error: unknown } | undefined };
  try {
    const jobs = batches(untilStopped(planned, stopping.signal, graceMs, plan));
    for await (const outcomes of inParallel(jobs, parallel, ({ kind, items, told }) =>
      kind === undefined ? Promise.resolve(told) : settle(application, kind, items),
    ))
      yield* outcomes;
  } finally {
    stopping.end();
    options.onEnd?.({ throttled: application.pace.throttled, complete: plan.complete });
  }
  if (plan.failure) throw plan.failure.error;
}

type Wanted = PlannedPartition & { readonly desired: NonNullable<PlannedPartition["desired"]> };

/** Partitions that are written in one call, or outcomes that need none. */
interface Job {
  readonly kind?: Write;
  readonly items: readonly Wanted[];
  readonly told: Outcome[];
}

async function* batches(planned: AsyncIterable<PlannedPartition>): AsyncGenerator<Job> {
  const open: Record<Write, Wanted[]> = { create: [], update: [] };
  let told: Outcome[] = [];
  for await (const partition of planned) {
    const { action, desired } = partition;
    if ((action === "create" || action === "update") && desired !== undefined) {
      open[action].push({ ...partition, desired });
      if (open[action].length < WRITE_AT_ONCE) continue;
      yield { kind: action, items: open[action], told: [] };
      open[action] = [];
    } else {
      told.push(outcomeOf(partition));
      if (told.length < WRITE_AT_ONCE) continue;
      yield { items: [], told };
      told = [];
    }
  }
  if (told.length > 0) yield { items: [], told };
  for (const kind of ["create", "update"] as const)
    if (open[kind].length > 0) yield { kind, items: open[kind], told: [] };
}

const WITHOUT_WORK = {
  reject: "rejected",
  remove: "kept",
  create: "failed",
  update: "failed",
} as const satisfies Record<Exclude<PlannedPartition["action"], "same">, Ending>;

function outcomeOf(planned: PlannedPartition): Outcome {
  const { path, action, reason } = planned;
  if (action === "same") return sameOf(planned);
  return { path, ending: WITHOUT_WORK[action], ...(reason === undefined ? {} : { reason }) };
}

/** Reads a plan to its end; after the stop, as long as what is left of it comes in the time of grace. */
async function* untilStopped(
  planned: AsyncIterable<PlannedPartition>,
  stop: AbortSignal,
  graceMs: number,
  state: { complete: boolean; failure: { error: unknown } | undefined },
): AsyncGenerator<PlannedPartition> {
  const iterator = planned[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  // Not Promise.race: what a promise that lives long is raced against would all be kept until it ends.
  let wake: (() => void) | undefined;
  const begin = () => {
    timer = setTimeout(() => {
      isOver = true;
      wake?.();
    }, graceMs);
  };
  if (stop.aborted) begin();
  else stop.addEventListener("abort", begin, { once: true });
  const next = () =>
    new Promise<IteratorResult<PlannedPartition, unknown> | undefined>((resolve, reject) => {
      wake = () => resolve(undefined);
      if (isOver) wake();
      else iterator.next().then(resolve, reject);
    });
  try {
    for (;;) {
      const read = await next();
      if (read === undefined) {
        // Whoever plans may be in the middle of a long call: nobody waits for it.
        void Promise.resolve(iterator.return?.()).catch(() => undefined);
        return;
      }
      if (read.done) {
        state.complete = true;
        return;
      }
      yield read.value;
    }
  } catch (error) {
    state.failure = { error };
  } finally {
    clearTimeout(timer);
    stop.removeEventListener("abort", begin);
  }
}

function stopOf({ deadline, signal }: ApplyOptions): { readonly signal: AbortSignal; readonly end: () => void } {
  const controller = new AbortController();
  const stop = () => controller.abort();
  const timer = deadline === undefined ? undefined : setTimeout(stop, Math.max(0, deadline.getTime() - Date.now()));
  if (deadline !== undefined && deadline.getTime() <= Date.now()) stop();
  if (signal?.aborted) stop();
  else signal?.addEventListener("abort", stop, { once: true });
  return {
    signal: controller.signal,
    end: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    },
  };
}
