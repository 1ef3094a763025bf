import type { Content, DashboardBody, GraphMetric, GraphProperties, Line, Widget } from "./dashboardBody";
import type { Dataset } from "./dataset";
import { LATE_METRIC } from "./freshness";
import { RUN_DIMENSIONS, type RunMetric } from "./metrics";
import type { Names } from "./names";

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

/** Names of lines that CloudWatch still shows below a graph without taking it the room; more stand at its right. */
const LEGEND_BELOW = 8;

const DAY_SECONDS = 24 * 3600;
const COLUMNS = 24;
const RED = "#d62728";

/** Of the datasets, the same in every graph. None is the red of what is wrong. */
const COLORS = [
  ...["#1f77b4", "#ff7f0e", "#2ca02c", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf", "#393b79"],
  ...["#aec7e8", "#ffbb78", "#98df8a", "#c5b0d5", "#c49c94", "#f7b6d2", "#c7c7c7", "#dbdb8d", "#9edae5", "#637939"],
];

type Graph = {
  readonly title: string;
  /** Of one dataset; its label is the dataset's name. */
  readonly metric: (names: Names, dataset: Dataset) => readonly string[];
  readonly stat: GraphProperties["stat"];
  readonly unit: string;
  /** On top of each other: lines of small counts would hide each other. */
  readonly stacked?: true;
  /** Metric math that makes the metric of this id the line that is shown. Default: it is shown as it is. */
  readonly line?: (id: string) => string;
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

const MS_PER_MINUTE = 60_000;

/** A day of which nothing is told had none. What is stacked needs a value of every day. */
const noneIsZero = (id: string) => `FILL(${id}, 0)`;

const COUNT = { stat: "Sum", stacked: true, line: noneIsZero } as const;
const RUNS = { ...COUNT, unit: "runs" };
const PARTITIONS = { ...COUNT, unit: "partitions" };

/**
 * What is drawn of every dataset, row by row, each day a point: runs are of a day. In the upper rows what went wrong
 * stands at the left of what went right.
 */
const GRAPHS: readonly (readonly Graph[])[] = [
  [
    { ...RUNS, title: "Runs that failed", metric: ofPipeline("ExecutionFailed") },
    { ...RUNS, title: "Runs that succeeded", metric: ofPipeline("ExecutionSucceeded") },
  ],
  [
    { ...PARTITIONS, title: "Partitions not registered", metric: ofRun("PartitionsNotRegistered") },
    { ...PARTITIONS, title: "Partitions registered", metric: ofRun("PartitionsRegistered") },
  ],
  [
    {
      title: "Longest run",
      ...{ metric: ofPipeline("ExecutionDuration"), stat: "Maximum", unit: "minutes" },
      line: (id) => `${id}/${MS_PER_MINUTE}`,
    },
    { title: "Rows registered", metric: ofRun("Rows"), stat: "Sum", unit: "rows" },
    { title: "Bytes registered", metric: ofRun("Bytes"), stat: "Sum", unit: "bytes" },
  ],
];

/** Datasets that fit, all their graphs together. */
export const SHOWN = Math.floor((METRICS - 1) / GRAPHS.flat().length);

/**
 * One dashboard over all datasets of a stack, from their declarations. What is red stands first: alarms, what is late,
 * the newest failures with their reasons. Then runs and their duration, partitions, rows and bytes a day. Datasets
 * beyond {@link SHOWN} are in the alarms and failures alone, which the header says.
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
      [failures(names), ...(scheduled ? [lateDays(names)] : [])],
      ...groups.flatMap((group) => {
        const which = groups.length > 1 ? `: ${group[0]?.name ?? ""} … ${group.at(-1)?.name ?? ""}` : "";
        return GRAPHS.map((row) =>
          row.map((each) => graph(names, { ...each, title: each.title + " a day" + which }, group)),
        );
      }),
    ]),
  };
}

function header({ base, region }: Names, datasets: readonly Dataset[], runbook: string): Content {
  const rest = datasets.length - SHOWN;
  const markdown = [
    `# ${base}`,
    `${datasets.length} dataset${datasets.length === 1 ? "" : "s"} in ${region}. Days are UTC's; a run's own day stands in its partition. ` +
      "Rows of files over 64 KiB are estimated. " +
      (runbook.startsWith("http") ? `[What to do when something is red](${runbook})` : `What to do: \`${runbook}\``),
    ...(rest > 0 ? [`Graphs show the first ${SHOWN} datasets; ${rest} are in alarms and failures alone.`] : []),
  ];
  return { type: "text", height: rest > 0 ? 3 : 2, properties: { markdown: markdown.join("\n\n") } };
}

function alarms(names: Names, scheduled: boolean): Content {
  const all = [names.undeliveredAlarm, ...(scheduled ? [names.lateAlarm] : [])];
  return { type: "alarm", height: 4, properties: { title: "Alarms", alarms: all.map(names.alarmArn) } };
}

function late(names: Names): Content {
  return {
    type: "metric",
    height: 4,
    properties: {
      title: "Datasets without the partition that must be there",
      ...{ region: names.region, view: "timeSeries", stat: "Maximum", period: 900 },
      metrics: [[names.metrics, LATE_METRIC, "Stack", names.base, { label: "late", color: RED }]],
      yAxis: { left: { min: 0, label: "datasets", showUnits: false } },
      legend: { position: "bottom" },
      annotations: { horizontal: [{ value: 1, label: "alarm", color: RED }] },
    },
  };
}

function graph(
  names: Names,
  { title, metric, stat, unit, line, stacked }: Graph,
  datasets: readonly Dataset[],
): Content {
  return {
    type: "metric",
    height: 6,
    properties: {
      title,
      ...{ region: names.region, view: "timeSeries", stat, period: DAY_SECONDS },
      ...(stacked === undefined ? {} : { stacked }),
      metrics: datasets.flatMap((dataset, index): GraphMetric[] => {
        const shown: Line = { label: dataset.name, color: COLORS[index % COLORS.length] ?? RED };
        const id = `m${index}`;
        return line === undefined
          ? [[...metric(names, dataset), shown]]
          : [
              [...metric(names, dataset), { id, visible: false }],
              [{ expression: line(id), id: `e${index}`, ...shown }],
            ];
      }),
      yAxis: { left: { min: 0, label: unit, showUnits: false } },
      legend: { position: datasets.length > LEGEND_BELOW ? "right" : "bottom" },
    },
  };
}

/** Each partition that a registration ended without, with its reason, from the registrar's log. */
function failures(names: Names): Content {
  const query = [
    `SOURCE '${names.registrar.logGroup}'`,
    "fields @timestamp, table, path, ending, reason",
    'filter ending in ["failed", "rejected", "left"]',
    "sort @timestamp desc",
    "limit 20",
  ];
  return logs(names, "Newest partitions that were not registered", query);
}

function lateDays(names: Names): Content {
  const query = [
    `SOURCE '${names.checker.logGroup}'`,
    "filter ispresent(late)",
    "stats max(@timestamp) as seen by late, day, reason",
    "sort seen desc",
    "limit 20",
  ];
  return logs(names, "Late days", query);
}

function logs({ region }: Names, title: string, query: readonly string[]): Content {
  return { type: "log", height: 5, properties: { title, region, view: "table", query: query.join("\n| ") } };
}

/** Each row over the whole width, one below the other. */
function inRows(rows: readonly (readonly Content[])[]): Widget[] {
  let y = 0;
  return rows.flatMap((row) => {
    const width = COLUMNS / row.length;
    const placed = row.map((widget, index) => ({ ...widget, x: index * width, y, width }));
    y += Math.max(...row.map(({ height }) => height));
    return placed;
  });
}
