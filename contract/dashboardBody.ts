/** A CloudWatch dashboard's body. (CloudWatch API reference, CloudWatch-Dashboard-Body-Structure) */
export interface DashboardBody {
  /** What the console shows at first, ISO 8601: two weeks. */
  readonly start: string;
  readonly widgets: readonly Widget[];
}

/** Its place is in a grid of 24 columns. */
export type Widget = Content & { readonly x: number; readonly y: number; readonly width: number };

/** A widget before it has its place: its share of the row, and its height. */
export type Content = { readonly height: number } & (
  | { readonly type: "text"; readonly properties: { readonly markdown: string } }
  | { readonly type: "alarm"; readonly properties: { readonly title: string; readonly alarms: readonly string[] } }
  | { readonly type: "metric"; readonly properties: GraphProperties }
  | { readonly type: "log"; readonly properties: TableProperties }
);

export interface GraphProperties {
  readonly title: string;
  readonly region: string;
  readonly view: "timeSeries";
  readonly stat: "Sum" | "Maximum";
  /** Seconds. */
  readonly period: number;
  readonly stacked?: true;
  readonly metrics: readonly GraphMetric[];
  readonly yAxis: { readonly left: { readonly min: 0; readonly label: string; readonly showUnits: false } };
  readonly legend: { readonly position: "bottom" | "right" };
  readonly annotations?: {
    readonly horizontal: readonly { readonly value: number; readonly label: string; readonly color: string }[];
  };
}

/** Namespace, name and dimensions, with how it is shown; or a line that is computed of one that is not shown. */
export type GraphMetric = readonly (string | Line)[];

export interface Line {
  readonly id?: string;
  readonly visible?: false;
  /** Metric math over ids. */
  readonly expression?: string;
  readonly label?: string;
  readonly color?: string;
}

export interface TableProperties {
  readonly title: string;
  readonly region: string;
  readonly view: "table";
  /** CloudWatch Logs Insights. */
  readonly query: string;
}
