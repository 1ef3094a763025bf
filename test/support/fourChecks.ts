import { deepEqual, equal, ok } from "node:assert/strict";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { count, type Outcome } from "../../operations/reconcile/outcome";
import { type Lake, type LakeTable } from "./laptop";

/** Every object of the table's folder and of what lies beside it: key → ETag and size. */
export async function objects(lake: Lake, table: LakeTable): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  let token: string | undefined;
  do {
    const page = await lake.s3.send(
      new ListObjectsV2Command({ Bucket: "data", Prefix: `${table.name}/`, ContinuationToken: token }),
    );
    for (const { Key = "", ETag = "", Size = 0 } of page.Contents ?? []) found[Key] = `${ETag} ${Size}`;
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return found;
}

/** What readers would go by: location, columns and SerDe of each partition, and the files that it stands for. */
async function readersView(lake: Lake, table: LakeTable): Promise<Record<string, unknown>> {
  const partitions = Object.entries(await lake.partitions(table));
  return Object.fromEntries(
    partitions.map(([id, { StorageDescriptor, Parameters }]) => [
      id,
      [StorageDescriptor, Parameters?.["partitions.digest"]],
    ]),
  );
}

/**
 * What holds after every fault: (1) no object is missing or changed, (2) no partition points at a place that is missing,
 * empty or another partition's, (3) the endings add up to what was asked for, (4) running again, twice, without faults,
 * comes to one end state.
 *
 * @param before {@link objects} before the fault
 * @param outcomes what was told under the fault; absent where it died
 * @param given paths that cannot be registered, whatever happens
 */
export async function fourChecks(
  lake: Lake,
  table: LakeTable,
  before: Record<string, string>,
  outcomes?: readonly Outcome[],
  bad = 0,
): Promise<void> {
  lake.faults.reset();
  const check = async () => {
    deepEqual(await objects(lake, table), before);
    for (const [id, { StorageDescriptor }] of Object.entries(await lake.partitions(table))) {
      const location = StorageDescriptor?.Location ?? "";
      ok(location.startsWith(table.location), `${id} is at ${location}`);
      const path = location.slice(table.location.length);
      deepEqual(
        path
          .split("/")
          .slice(0, -1)
          .map((level) => level.split("=")[1]),
        id.split("/"),
      );
      const files = Object.entries(before).filter(([key]) => key.startsWith(`${table.name}/output/${path}`));
      ok(
        files.some(([, facts]) => !facts.endsWith(" 0")),
        `${id} has no data`,
      );
    }
  };
  if (outcomes) {
    const { requested, ...endings } = count(outcomes);
    equal(
      Object.values(endings).reduce((sum, each) => sum + each, 0),
      requested,
    );
    equal(new Set(outcomes.map(({ path }) => path)).size, requested);
  }
  await check();
  const again = count(await lake.reconcile(table));
  deepEqual([again.failed, again.left, again.rejected], [0, 0, bad]);
  await check();
  const end = await readersView(lake, table);
  const { same, rejected, requested } = count(await lake.reconcile(table));
  deepEqual([same, rejected], [requested - bad, bad]);
  deepEqual(await readersView(lake, table), end);
}
