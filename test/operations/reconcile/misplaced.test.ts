import { deepEqual, equal, match } from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { dateKey } from "../../../contract/keys";
import { findLeftovers, moveAside, type LeftoverRequest } from "../../../operations/reconcile/leftovers";
import { findMisplaced } from "../../../operations/reconcile/misplaced";
import { count } from "../../../operations/reconcile/outcome";
import { all, useLake, type LakeTable } from "../../support/laptop";

const zone = { timeZone: "Asia/Tokyo" };
const keys = [
  dateKey("year", { ...zone, format: "yyyy" }),
  dateKey("month", { ...zone, format: "MM" }),
  dateKey("day", { ...zone, format: "dd" }),
];
const good = "year=2021/month=01/day=02/";

describe("what lies at a place of no partition", () => {
  const lake = useLake();

  /** S3 counts in seconds: the runs are more than one apart. */
  const nextRun = async (): Promise<Date> => {
    await sleep(1100);
    return new Date();
  };
  const request = (table: LakeTable, startedAt: Date): LeftoverRequest => ({ ...lake.request(table), startedAt });
  const oldPlaces = async () => {
    const table = await lake.table({ keys });
    for (const path of ["year=2021/month=1/day=2/p.csv", "2021-01-02.csv", "year=2021/x.csv", `${good}day=02/p.csv`])
      await lake.put(table, path);
    await lake.put(table, "_logs/a.csv");
    return table;
  };

  it("fails the next run over the whole table with the command that moves it, and names no day", async () => {
    const table = await oldPlaces();
    const startedAt = await nextRun();
    await lake.put(table, "year=2021/month=01/day=03/p.csv");
    const outcomes = await lake.reconcile(table, {}, { startedAt });
    const rejected = outcomes.filter(({ ending }) => ending === "rejected");
    equal(rejected.length, 4);
    for (const { reason = "" } of rejected)
      match(reason, /; what is older than the newest run moves aside with npm run operate -- leftovers t\d+$/);
  });

  it("is the script's to correct as long as the run itself wrote it", async () => {
    const table = await lake.table({ keys });
    const startedAt = new Date();
    await lake.put(table, "year=2021/month=1/day=2/p.csv");
    const [outcome] = await lake.reconcile(table, {}, { startedAt });
    equal(outcome?.ending, "rejected");
    equal(outcome?.reason?.includes("leftovers"), false);
    deepEqual(await all(findLeftovers(lake.clients, request(table, startedAt))), []);
  });

  it("is moved aside once it is older than the run, and then the runs register", async () => {
    const table = await oldPlaces();
    await lake.put(table, "year=2021/month=01/day=01/p.csv");
    const startedAt = await nextRun();
    await lake.put(table, `${good}p.csv`);
    await lake.put(table, "year=2021/month=1/day=3/young.csv");
    const asked = request(table, startedAt);
    const moved = await all(moveAside(lake.clients, asked, findLeftovers(lake.clients, asked), new Date(0)));
    const aside = `${table.name}/aside/1970-01-01T00-00-00-000Z/`;
    deepEqual(
      moved.map(({ to }) => to?.slice(aside.length)).sort(),
      ["2021-01-02.csv", `${good}day=02/p.csv`, "year=2021/month=1/day=2/p.csv", "year=2021/x.csv"].sort(),
    );
    deepEqual(await lake.files(table), [
      "_logs/a.csv",
      "year=2021/month=01/day=01/p.csv",
      `${good}p.csv`,
      "year=2021/month=1/day=3/young.csv",
    ]);
    const { created, rejected } = count(await lake.reconcile(table, {}, { startedAt }));
    deepEqual({ created, rejected }, { created: 2, rejected: 1 });
  });

  it("is moved as a whole, however many files there are", async () => {
    const table = await lake.table();
    for (let file = 0; file < 25; file++) await lake.put(table, `${file}.csv`);
    equal((await all(findLeftovers(lake.clients, request(table, await nextRun())))).length, 25);
  });

  it("stays where it is when one day alone is looked at", async () => {
    const table = await oldPlaces();
    const asked = { ...request(table, await nextRun()), scope: { kind: "days", from: "2021-01-02", to: "2021-01-02" } };
    deepEqual(await all(findLeftovers(lake.clients, asked as LeftoverRequest)), []);
  });

  it("is told by its folder, though it belongs to no day", async () => {
    const table = await oldPlaces();
    const found = await all(findMisplaced(lake.clients, lake.request(table)));
    deepEqual(found.map(({ path }) => path).sort(), ["", "year=2021/", "year=2021/month=1/day=2/"]);
    match(
      found.find(({ path }) => path.endsWith("day=2/"))?.reason ?? "",
      /'1' is not a date written as MM.*leftovers/,
    );
  });
});
