import type { Dataset } from "./dataset";
import { LATE_METRIC } from "./freshness";
import { RUN_DIMENSIONS, type RunMetric } from "./metrics";
import type { Names } from "./names";

/** A CloudWatch dashboard's body. (CloudWatch API reference, CloudWatch-Dashboard-Body-Structure) */
export interface DashboardBody {
  /** What the console shows at first, ISO 8601: two weeks. */
  readonly start: string;
  readonly widgets: readonly Widget[];
}

export interface Widget {
  readonly type: "text" | "metric" | "alarm" | "log";
  /** In a grid of 24 columns. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What a dashboard knows of its stack. */
export interface DashboardArgs {
  readonly names: Names;
  readonly datasets: readonly Dataset[];
  /** URL or path of the runbook. */
  readonly runbook: string;
}

/** Namespace of what SageMaker itself tells of pipelines. (SageMaker developer guide, monitoring-cloudwatch) */
const PIPELINES = "AWS/Sagemaker/ModelBuildingPipeline";

/** Lines that a person can still tell from each other in one graph. */
const LINES = 20;

/** Metrics of all graphs together, at most. (CloudWatch quotas) */
const METRICS = 2_500;

const DAY_SECONDS = 24 * 3600;
const COLUMNS = 24;

type Graph = {
  readonly title: string;
  /** Of one dataset; its label is the dataset's name. */
  readonly metric: (names: Names, dataset: Dataset) => readonly string[];
  readonly stat: "Sum" | "Maximum";
  readonly stacked?: boolean;
  readonly unit: string;
};

const ofPipeline =
  (metric: string): Graph["metric"] =>
  (names, { name }) => [PIPELINES, metric, "PipelineName", names.dataset(name).pipeline];
const ofRun =
  (metric: RunMetric): Graph["metric"] =>
  (names, { name }) => {
    const [stack, dataset] = RUN_DIMENSIONS;
    return [names.metrics, metric, stack, names.base, dataset, name];
  };

/** What is drawn of every dataset, each day a point: runs are of a day. */
const GRAPHS: readonly Graph[] = [
  { title: "Runs that succeeded", metric: ofPipeline("ExecutionSucceeded"), stat: "Sum", stacked: true, unit: "runs" },
  { title: "Runs that failed", metric: ofPipeline("ExecutionFailed"), stat: "Sum", stacked: true, unit: "runs" },
  { title: "Longest run", metric: ofPipeline("ExecutionDuration"), stat: "Maximum", unit: "ms" },
  { title: "Partitions registered", metric: ofRun("PartitionsRegistered"), stat: "Sum", unit: "partitions" },
  { title: "Partitions not registered", metric: ofRun("PartitionsNotRegistered"), stat: "Sum", unit: "partitions" },
  { title: "Rows registered (estimated for files over 64 KiB)", metric: ofRun("Rows"), stat: "Sum", unit: "rows" },
  { title: "Bytes registered", metric: ofRun("Bytes"), stat: "Sum", unit: "bytes" },
];

/** Datasets that fit, all their graphs together. */
export const SHOWN = Math.floor((METRICS - 1) / GRAPHS.length);

/**
 * One dashboard over all datasets of a stack, from their declarations: what is late and alarmed, runs and their
 * duration, partitions, rows and bytes a day, and the newest failures with their reasons. Datasets beyond {@link SHOWN}
 * are in the alarms and failures alone, which the header says.
 */
export function dashboardBody({ names, datasets, runbook }: DashboardArgs): DashboardBody {
  const scheduled = datasets.some(({ schedule }) => schedule !== undefined);
  const shown = datasets.slice(0, SHOWN);
  const groups = Array.from({ length: Math.ceil(shown.length / LINES) }, (_, index) =>
    shown.slice(index * LINES, (index + 1) * LINES),
  );
  return {
    start: "-P14D",
    widgets: inRows([
      [header(names, datasets, runbook)],
      [alarms(names, scheduled), ...(scheduled ? [late(names)] : [])],
      ...groups.flatMap((group) => pairs(GRAPHS.map((each) => graph(names, each, group)))),
      [failures(names), ...(scheduled ? [lateDays(names)] : [])],
    ]),
  };
}

/** A widget before it has its place: its share of the row, and its height. */
type Unplaced = Pick<Widget, "type" | "height" | "properties">;

function header({ base, region }: Names, datasets: readonly Dataset[], runbook: string): Unplaced {
  const rest = datasets.length - SHOWN;
  const markdown = [
    `# ${base}`,
    `${datasets.length} datasets in ${region}. Days are UTC's; a run's own day stands in its partition. ` +
      (runbook.startsWith("http") ? `[What to do when something is red](${runbook})` : `What to do: \`${runbook}\``),
    ...(rest > 0 ? [`Graphs show the first ${SHOWN} datasets; ${rest} are in alarms and failures alone.`] : []),
  ];
  return { type: "text", height: rest > 0 ? 4 : 3, properties: { markdown: markdown.join("\n\n") } };
}

function alarms(names: Names, scheduled: boolean): Unplaced {
  const all = [names.undeliveredAlarm, ...(scheduled ? [names.lateAlarm] : [])];
  return { type: "alarm", height: 4, properties: { title: "Alarms", alarms: all.map(names.alarmArn) } };
}

function late(names: Names): Unplaced {
  return {
    type: "metric",
    height: 4,
    properties: {
      title: "Datasets without the partition that must be there",
      ...{ region: names.region, view: "timeSeries", stat: "Maximum", period: 900 },
      metrics: [[names.metrics, LATE_METRIC, "Stack", names.base, { label: "late" }]],
      yAxis: { left: { min: 0, label: "datasets", showUnits: false } },
    },
  };
}

function graph(names: Names, { title, metric, stat, stacked, unit }: Graph, datasets: readonly Dataset[]): Unplaced {
  const [first] = datasets;
  const last = datasets.at(-1);
  const which = datasets.length > 1 && first && last ? `: ${first.name} … ${last.name}` : `: ${first?.name ?? ""}`;
  return {
    type: "metric",
    height: 6,
    properties: {
      title: `${title} a day${which}`,
      ...{ region: names.region, view: "timeSeries", stat, period: DAY_SECONDS },
      ...(stacked === true ? { stacked } : {}),
      metrics: datasets.map((dataset) => [...metric(names, dataset), { label: dataset.name }]),
      yAxis: { left: { min: 0, label: unit, showUnits: false } },
    },
  };
}

/** Each partition that a registration ended without, with its reason, from the registrar's log. */
function failures(names: Names): Unplaced {
  const query = [
    `SOURCE '${names.registrar.logGroup}'`,
    "fields @timestamp, table, path, ending, reason",
    'filter ending in ["failed", "rejected", "left"]',
    "sort @timestamp desc",
    "limit 20",
  ];
  return logs(names, "Newest partitions that were not registered", query);
}

function lateDays(names: Names): Unplaced {
  const query = [
    `SOURCE '${names.checker.logGroup}'`,
    "filter ispresent(late)",
    "stats max(@timestamp) as seen by late, day, reason",
    "sort seen desc",
    "limit 20",
  ];
  return logs(names, "Late days", query);
}

function logs({ region }: Names, title: string, query: readonly string[]): Unplaced {
  return { type: "log", height: 6, properties: { title, region, view: "table", query: query.join("\n| ") } };
}

function pairs(widgets: readonly Unplaced[]): Unplaced[][] {
  return Array.from({ length: Math.ceil(widgets.length / 2) }, (_, row) => widgets.slice(row * 2, row * 2 + 2));
}

/** Each row over the whole width, one below the other. */
function inRows(rows: readonly (readonly Unplaced[])[]): Widget[] {
  let y = 0;
  return rows.flatMap((row) => {
    const width = COLUMNS / row.length;
    const placed = row.map((widget, index) => ({ ...widget, x: index * width, y, width }));
    y += Math.max(...row.map(({ height }) => height));
    return placed;
  });
}
