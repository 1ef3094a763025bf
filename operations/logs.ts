import {
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
  type CloudWatchLogsClient,
} from "@aws-sdk/client-cloudwatch-logs";

/** Where a job or a function writes its log. */
export interface LogPlace {
  readonly group: string;
  /** Beginning of the stream's name; absent for a function, whose streams are named by no run. */
  readonly stream?: string;
}

/** The log of a processing job or a Lambda function; undefined for any other ARN. */
export function logOf(arn: string): LogPlace | undefined {
  const [, , service, , , ...rest] = arn.split(":");
  const resource = rest.join(":");
  if (service === "sagemaker" && resource.startsWith("processing-job/"))
    return { group: "/aws/sagemaker/ProcessingJobs", stream: resource.slice("processing-job/".length) };
  if (service === "lambda" && resource.startsWith("function:"))
    return { group: `/aws/lambda/${resource.slice("function:".length).replace(/:.*$/, "")}` };
  return undefined;
}

/** The log's page in the console of the ARN's region and AWS partition. */
export function consoleLink(arn: string, { group, stream }: LogPlace): string {
  const [, partition, , region = ""] = arn.split(":");
  const hosts: Readonly<Record<string, string>> = {
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
  };
  const host = hosts[partition ?? ""] ?? `${region}.console.aws.amazon.com`;
  // The console's own form of escaping: twice, with $ for %.
  const part = (text: string) => encodeURIComponent(encodeURIComponent(text)).replaceAll("%", "$");
  const filter = stream === undefined ? "" : `$3FlogStreamNameFilter$3D${part(stream)}`;
  const query = new URLSearchParams({ region }).toString();
  return `https://${host}/cloudwatch/home?${query}#logsV2:log-groups/log-group/${part(group)}${filter}`;
}

/** The last lines of a job's log; none where there is no log yet, or no right to read it. */
export async function lastLines(logs: CloudWatchLogsClient, place: LogPlace, count: number): Promise<string[]> {
  if (place.stream === undefined) return [];
  try {
    const { logStreams: streams = [] } = await logs.send(
      new DescribeLogStreamsCommand({ logGroupName: place.group, logStreamNamePrefix: place.stream }),
    );
    const name = streams[0]?.logStreamName;
    if (name === undefined) return [];
    const { events = [] } = await logs.send(
      new GetLogEventsCommand({ logGroupName: place.group, logStreamName: name, limit: count, startFromHead: false }),
    );
    return events.map(({ message = "" }) => message.trimEnd());
  } catch {
    // The link is printed beside it, and says why it cannot be read.
    return [];
  }
}
