import { setTimeout as sleep } from "node:timers/promises";

/** Before a second attempt at most; doubled for each further one. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;

/**
 * How many calls run at the same time: it begins with the most, is halved when the service throttles, and grows by one
 * with each round of calls that went well. So a storm meets fewer calls, not more.
 */
export class Pace {
  private limit: number;
  private running = 0;
  private good = 0;
  private since = 0;
  private readonly waiting: (() => void)[] = [];
  /** Calls that were throttled. */
  throttled = 0;

  constructor(private readonly most: number) {
    this.limit = most;
  }

  /** @param wasThrottled whether an answer, or the error in its place, says that the service is too busy */
  async run<Result>(
    work: () => Promise<Result>,
    wasThrottled: (ended: { result: Result } | { error: unknown }) => boolean,
  ): Promise<Result> {
    while (this.running >= this.limit) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.running += 1;
    const begun = this.since;
    let throttled = false;
    try {
      const result = await work();
      throttled = wasThrottled({ result });
      return result;
    } catch (error) {
      throttled = wasThrottled({ error });
      throw error;
    } finally {
      this.running -= 1;
      this.learn(throttled, begun);
      for (let free = this.limit - this.running; free > 0; free -= 1) this.waiting.shift()?.();
    }
  }

  private learn(throttled: boolean, begun: number): void {
    if (throttled) {
      this.throttled += 1;
      this.good = 0;
      // The calls of one moment are throttled together: that is one sign, not many.
      if (begun !== this.since) return;
      this.since += 1;
      this.limit = Math.max(1, this.limit >> 1);
      return;
    }
    this.good += 1;
    if (this.good < this.limit || this.limit >= this.most) return;
    this.good = 0;
    this.limit += 1;
  }
}

/** Waits before another attempt: longer each time, by chance, so that those who were refused together come apart. */
export async function backOff(attempt: number, signal: AbortSignal | undefined): Promise<void> {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  await sleep(Math.random() * longest, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
