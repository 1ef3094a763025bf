import { PutMetricDataCommand, type CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { GetScheduleCommand, type SchedulerClient } from "@aws-sdk/client-scheduler";
import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { dueDay, LATE_METRIC, type DueDay, type WatchedDataset, type WatchList } from "../../contract/freshness";
import { lateMessage } from "./message";
import { isThere, type LookupClients } from "./partition";

export interface CheckClients extends LookupClients {
  readonly scheduler: SchedulerClient;
  readonly cloudWatch: CloudWatchClient;
  readonly sns: SNSClient;
}

/** A dataset whose partition is not known to be there although it must be. */
export interface Late {
  readonly dataset: WatchedDataset;
  readonly day: DueDay;
  /** What stands in the way, where more is known than that it is missing. */
  readonly reason?: string;
}

/** Datasets that are looked at together: as many calls at a time, far below what Glue takes. */
const TOGETHER = 10;

/**
 * Looks for the partition that each dataset must have by an instant, tells CloudWatch how many have none, and tells the
 * topic of those that have become late since the last look.
 *
 * @throws Error when CloudWatch or the topic cannot be told
 */
export async function checkFreshness(clients: CheckClients, list: WatchList, now: Date): Promise<readonly Late[]> {
  const late: Late[] = [];
  for (let next = 0; next < list.datasets.length; next += TOGETHER) {
    const some = list.datasets.slice(next, next + TOGETHER);
    late.push(...(await Promise.all(some.map((dataset) => lookAt(clients, list, dataset, now)))).flat());
  }
  // The metric first: its alarm reaches the topic by a way of its own.
  await clients.cloudWatch.send(
    new PutMetricDataCommand({
      Namespace: list.metrics,
      MetricData: [
        {
          MetricName: LATE_METRIC,
          Dimensions: [{ Name: "Stack", Value: list.base }],
          Timestamp: now,
          Value: late.length,
          Unit: "Count",
        },
      ],
    }),
  );
  const news = late.filter(({ day }) => day.justDue);
  if (news.length > 0)
    await clients.sns.send(new PublishCommand({ TopicArn: list.topicArn, ...lateMessage(list, news) }));
  return late;
}

/** Empty when the partition is there, or need not be. */
async function lookAt(clients: CheckClients, list: WatchList, dataset: WatchedDataset, now: Date): Promise<Late[]> {
  const day = dueDay(dataset, now);
  if (day === undefined) return [];
  try {
    if (await isThere(clients, list, dataset, day)) return [];
  } catch (error) {
    // Not known to be there: what cannot be seen must not pass for good.
    return [{ dataset, day, reason: `it could not be looked for: ${textOf(error)}` }];
  }
  return afterSchedule(clients.scheduler, list, dataset, day);
}

/** A day that came before its schedule was made has had no run to be late. */
async function afterSchedule(
  scheduler: SchedulerClient,
  { scheduleGroup }: WatchList,
  dataset: WatchedDataset,
  day: DueDay,
): Promise<Late[]> {
  const Name = dataset.scheduleName;
  try {
    const schedule = await scheduler.send(new GetScheduleCommand({ GroupName: scheduleGroup, Name }));
    if (schedule.CreationDate !== undefined && day.startsAt < schedule.CreationDate) return [];
    return [
      schedule.State === "DISABLED" ? { dataset, day, reason: `its schedule '${Name}' is disabled` } : { dataset, day },
    ];
  } catch (error) {
    return [{ dataset, day, reason: `its schedule '${Name}' could not be read: ${textOf(error)}` }];
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
