import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import * as fc from "fast-check";
import { growing } from "../../../operations/reconcile/growing";
import { Hashes } from "../../../operations/reconcile/hashes";
import { Pace } from "../../../operations/reconcile/pace";
import { gate, inChunks, inParallel } from "../../../operations/reconcile/parallel";
import { all, each } from "../../support/laptop";

describe("work side by side", () => {
  it("has at most so many pieces at a time, and results in the order of the items", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3)), fc.integer({ min: 1, max: 4 }), async (turns, parallel) => {
        let running = 0;
        let most = 0;
        const work = async ([item, waits]: readonly [number, number]) => {
          most = Math.max(most, (running += 1));
          for (let wait = 0; wait < waits; wait++) await turn();
          running -= 1;
          return item;
        };
        const items = turns.map((waits, item) => [item, waits] as const);
        deepEqual(
          await all(inParallel(each(items), parallel, work)),
          turns.map((_, item) => item),
        );
        ok(most <= parallel);
      }),
    );
  });

  it("brings the results of what came before its source broke, and then the error", async () => {
    async function* broken() {
      yield* [1, 2, 3];
      await turn();
      throw new Error("no more");
    }
    const results: number[] = [];
    await rejects(async () => {
      for await (const result of inParallel(broken(), 2, (item) => Promise.resolve(item * 10))) results.push(result);
    }, /no more/);
    deepEqual(results, [10, 20, 30]);
  });

  it("takes no more than it has room for", async () => {
    let taken = 0;
    async function* endless() {
      for (;;) yield await Promise.resolve(taken++);
    }
    for await (const result of inParallel(endless(), 3, (item) => Promise.resolve(item))) if (result === 10) break;
    ok(taken <= 15, String(taken));
  });

  it("is cut into lists that hold everything once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat()), fc.integer({ min: 1, max: 5 }), async (items, size) => {
        const chunks = await all(inChunks(each(items), size));
        deepEqual(chunks.flat(), items);
        ok(chunks.every((chunk, index) => chunk.length === size || index === chunks.length - 1));
      }),
    );
  });

  it("waits at a gate, also after an error", async () => {
    const pass = gate(2);
    let [running, most] = [0, 0];
    const ended = await Promise.allSettled(
      Array.from({ length: 9 }, (_, index) =>
        pass(async () => {
          most = Math.max(most, (running += 1));
          await turn();
          running -= 1;
          if (index % 2 === 0) throw new Error("one of them");
        }),
      ),
    );
    deepEqual([most, ended.filter(({ status }) => status === "fulfilled").length], [2, 4]);
  });

  it("reads sources that add others, each to its end", async () => {
    let [open, most] = [0, 0];
    const numbers = await all(
      growing([8], 3, async function* (from, add) {
        most = Math.max(most, (open += 1));
        for (let number = from; number > 0; number--) {
          if (number % 2 === 0 && add(number - 1)) break;
          yield await turn(number);
        }
        open -= 1;
      }),
    );
    ok(most <= 3);
    ok(numbers.includes(1));
  });
});

describe("the pace of calls", () => {
  const call = async (pace: Pace, throttled: boolean) =>
    pace.run(
      () => turn(throttled),
      (ended) => "result" in ended && ended.result,
    );

  it("falls when calls are throttled, to one at a time, and comes back when they are not", async () => {
    const pace = new Pace(8);
    const mostOf = async (throttled: boolean, calls: number) => {
      let [running, most] = [0, 0];
      await Promise.all(
        Array.from({ length: calls }, () =>
          pace.run(
            async () => {
              most = Math.max(most, (running += 1));
              await turn();
              running -= 1;
            },
            () => throttled,
          ),
        ),
      );
      return most;
    };
    equal(await mostOf(false, 20), 8);
    await mostOf(true, 40);
    equal(await mostOf(true, 5), 1);
    equal(pace.throttled, 45);
    await mostOf(false, 100);
    equal(await mostOf(false, 20), 8);
  });

  it("takes the throttles of one moment for one sign", async () => {
    const pace = new Pace(8);
    await Promise.all(Array.from({ length: 8 }, () => call(pace, true)));
    let [running, most] = [0, 0];
    await Promise.all(
      Array.from({ length: 4 }, () =>
        pace.run(
          async () => {
            most = Math.max(most, (running += 1));
            await turn();
            running -= 1;
          },
          () => false,
        ),
      ),
    );
    equal(most, 4);
  });
});

describe("hashes of what was seen", () => {
  it("know what was added, in whatever order they are asked, and nothing else", () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(fc.array(word), fc.array(word), fc.array(word), (first, second, others) => {
        const hashes = new Hashes();
        for (const text of first) hashes.add(text);
        for (const text of first) ok(hashes.has(text));
        for (const text of second) hashes.add(text);
        for (const text of [...first, ...second]) ok(hashes.has(text));
        for (const text of others) equal(hashes.has(text), [...first, ...second].includes(text));
      }),
    );
  });

  it("tell a million of neighbours apart", () => {
    const hashes = new Hashes();
    for (let at = 0; at < 1_000_000; at += 2) hashes.add(`["${at}"]`);
    let wrong = 0;
    for (let at = 1; at < 1_000_000; at += 2) if (hashes.has(`["${at}"]`)) wrong += 1;
    equal(wrong, 0);
  });
});
