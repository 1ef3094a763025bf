import { equal, match, ok, rejects } from "node:assert/strict";
import type { WatchList } from "../../contract/freshness";
import { features } from "../../datasets/features/dataset";
import { handler } from "../../operations/checker";
import type { Late } from "../../operations/freshness/check";
import { lateMessage } from "../../operations/freshness/message";

const list: WatchList = {
  ...{ project: "partitions", stack: "dev", base: "partitions-dev", metrics: "partitions" },
  ...{ database: "lake", bucket: "data", scheduleGroup: "partitions-dev", topicArn: "topic", datasets: [] },
  runbook: "docs/runbook.md",
};
const late = (name: string, more: Partial<Late> = {}): Late => ({
  dataset: {
    ...{ name, table: name, scheduleName: name, partitionKeys: features.partitionKeys },
    schedule: { at: "02:30", timeZone: "Asia/Tokyo", dayOffset: -1, dueBy: "04:00" },
  },
  day: { processDate: "2040-02-29", values: {}, startsAt: new Date("2040-02-29T17:30:00Z"), justDue: true },
  ...more,
});

describe("the message about late partitions", () => {
  it("names the first one and how many more there are", () => {
    equal(lateMessage(list, [late("a")]).Subject, "partitions-dev: late: a 2040-02-29");
    equal(
      lateMessage(list, [late("a"), late("b"), late("c")]).Subject,
      "partitions-dev: late: a 2040-02-29 and 2 more",
    );
  });

  it("says where it was looked for, or what is known besides", () => {
    match(lateMessage(list, [late("a")]).Message, /^ {2}Glue has no such partition of lake\.a\.$/m);
    const { dataset } = late("a");
    const projected = late("a", { dataset: { ...dataset, outputPrefix: "a/output/" } });
    match(lateMessage(list, [projected]).Message, /^ {2}S3 holds no data of that day for lake\.a\.$/m);
    const reason = "its schedule 'a' is disabled";
    match(lateMessage(list, [late("a", { reason })]).Message, /^ {2}Known besides: its schedule 'a' is disabled\.$/m);
  });

  it("is one that SNS takes, whatever there is to say", () => {
    const many = Array.from({ length: 1000 }, () => late("a".repeat(30), { reason: "x".repeat(1000) }));
    const { Subject, Message } = lateMessage({ ...list, base: "b".repeat(60) }, many);
    match(Subject, /^[\x20-\x7e]{1,99}$/);
    match(Message, /… and 950 more; the log of the function 'b{60}-checker' names them all\./);
    ok(Buffer.byteLength(Message) < 256 * 1024);
  });
});

describe("the checker's handler", () => {
  for (const time of ["<aws.scheduler.scheduled-time>", "", "now"])
    it(`takes no '${time}' for an instant`, async () => {
      await rejects(handler({ time }), new RegExp(`time '${time}' is not an ISO 8601 time`));
    });
});
