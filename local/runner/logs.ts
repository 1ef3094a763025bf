import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  type CloudWatchLogsClient,
} from "@aws-sdk/client-cloudwatch-logs";
import { messageOf } from "./errors";
import type { LogLine } from "./child";

/** Events of one PutLogEvents call; the service takes 10,000 events and 1 MB. */
const BATCH = 1_000;
const MAX_MESSAGE = 900;
/** Characters of one program in the log of the laptop. */
const MAX_SHOWN = 1_000_000;

/** Passes on the beginning of what one program prints: a program that prints without end must not fill the disk. */
export function beginning(report: (line: string) => void): (line: string) => void {
  let left = MAX_SHOWN;
  return (line) => {
    if (left <= 0) return;
    if (line.length <= left) report(line);
    else report(`${line.slice(0, left)} … (the rest is not shown: more than ${MAX_SHOWN} characters)`);
    left -= line.length;
  };
}

/** Writes the lines where AWS would; a failure is reported and never fails the job. */
export async function putLogs(
  logs: CloudWatchLogsClient,
  group: string,
  stream: string,
  lines: readonly LogLine[],
  report: (line: string) => void,
): Promise<void> {
  const unlessThere = (error: unknown) => {
    if (!(error instanceof Error && error.name === "ResourceAlreadyExistsException")) throw error;
  };
  try {
    await logs.send(new CreateLogGroupCommand({ logGroupName: group })).catch(unlessThere);
    await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: stream })).catch(unlessThere);
    const events = lines
      .filter(({ message }) => message !== "")
      .map(({ timestamp, message }) => ({ timestamp, message: message.slice(0, MAX_MESSAGE) }));
    for (let start = 0; start < events.length; start += BATCH)
      await logs.send(
        new PutLogEventsCommand({
          logGroupName: group,
          logStreamName: stream,
          logEvents: events.slice(start, start + BATCH),
        }),
      );
  } catch (error) {
    report(`log stream ${group}:${stream} could not be written: ${messageOf(error)}`);
  }
}
