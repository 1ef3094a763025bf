/*
 * What a registration tells CloudWatch of each run, and the dashboard shows. It goes by the log, in the embedded metric
 * format: the function needs no right and makes no call for it. A custom metric is paid for in the hours in which
 * somebody tells it, so that a dataset of one run a day costs a twenty-fourth of a metric's price for each.
 * (CloudWatch user guide, CloudWatch_Embedded_Metric_Format_Specification; CloudWatch pricing)
 */

/** Metric → its unit. Each has the dimensions of {@link RUN_DIMENSIONS}. */
export const RUN_METRICS = {
  /** Partitions that the run made, changed or wrote anew and that readers see; not those of earlier runs. */
  PartitionsRegistered: "Count",
  /** Partitions of the run that could not be registered; at least 1 of a registration that failed. */
  PartitionsNotRegistered: "Count",
  /** Rows of the registered partitions; estimated for files over 64 KiB. */
  Rows: "Count",
  /** Bytes of their files. */
  Bytes: "Bytes",
} as const;
export type RunMetric = keyof typeof RUN_METRICS;

/** Dimensions: `<project>-<stack>`, and the dataset's name. The namespace is the project. */
export const RUN_DIMENSIONS = ["Stack", "Dataset"] as const;

export interface RunMetrics {
  readonly namespace: string;
  readonly dimensions: Readonly<Record<(typeof RUN_DIMENSIONS)[number], string>>;
  readonly at: Date;
  /** What is not known is not told. */
  readonly values: Readonly<Partial<Record<RunMetric, number>>>;
}

/** One line of a log that CloudWatch takes for metrics. */
export function metricLine({ namespace, dimensions, at, values }: RunMetrics): string {
  const metrics = Object.keys(values).map((name) => ({ Name: name, Unit: RUN_METRICS[name as RunMetric] }));
  return JSON.stringify({
    _aws: {
      Timestamp: at.getTime(),
      CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [RUN_DIMENSIONS], Metrics: metrics }],
    },
    ...dimensions,
    ...values,
  });
}
