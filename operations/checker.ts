import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SNSClient } from "@aws-sdk/client-sns";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { WATCH_FILE, type CheckEvent, type WatchList } from "../contract/freshness";
import { makeClients } from "./clients";
import { checkFreshness } from "./freshness/check";

/** What the checker answers, for its log and for a look by hand. */
export interface CheckResult {
  readonly watched: number;
  /** `dataset day`, for each that is late. */
  readonly late: readonly string[];
}

/** Every quarter of an hour: looks whether the partitions that must be there are. */
export async function handler({ time }: CheckEvent): Promise<CheckResult> {
  const now = new Date(time);
  if (Number.isNaN(now.getTime()))
    throw new Error(`time '${time}' is not an ISO 8601 time such as 2021-12-01T00:00:00Z`);
  const list = JSON.parse(readFileSync(path.join(__dirname, WATCH_FILE), "utf8")) as WatchList;
  const retries = { maxAttempts: 8, retryMode: "adaptive" };
  const late = await checkFreshness(
    {
      ...makeClients(),
      scheduler: new SchedulerClient(retries),
      cloudWatch: new CloudWatchClient(retries),
      sns: new SNSClient(retries),
    },
    list,
    now,
  );
  for (const { dataset, day, reason } of late)
    console.log(
      JSON.stringify({ late: dataset.name, day: day.processDate, ...(reason === undefined ? {} : { reason }) }),
    );
  return { watched: list.datasets.length, late: late.map(({ dataset, day }) => `${dataset.name} ${day.processDate}`) };
}
