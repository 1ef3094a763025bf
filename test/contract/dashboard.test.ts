import { deepEqual, equal, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { dashboardBody, SHOWN } from "../../contract/dashboard";
import type { GraphProperties, Line, Widget } from "../../contract/dashboardBody";
import type { Dataset } from "../../contract/dataset";
import { LATE_METRIC } from "../../contract/freshness";
import { metricLine } from "../../contract/metrics";
import { namesOf } from "../../contract/names";
import { features } from "../../datasets/features/dataset";
import { deployment } from "../components/component";

const many = (count: number): Dataset[] =>
  Array.from({ length: count }, (_, index) => ({ ...features, name: `dataset_${index}` }));

const drawn = (datasets: readonly Dataset[], runbook = "https://example.com/runbook.md") =>
  dashboardBody({ names: namesOf(deployment, datasets), datasets, runbook }).widgets;

const graphsOf = (widgets: readonly Widget[]) =>
  widgets.flatMap(({ type, properties }) => (type === "metric" ? [properties] : []));

/** The metrics of all graphs: namespace, name and dimensions, without how they are shown. */
const metricsOf = (widgets: readonly Widget[]) =>
  graphsOf(widgets)
    .flatMap(({ metrics }) => metrics.map((each) => each.filter((part) => typeof part === "string")))
    .filter((metric) => metric.length > 0);

/** The lines of a graph that are seen. */
const linesOf = ({ metrics }: GraphProperties) =>
  metrics.flatMap((each) => each.filter((part) => typeof part !== "string" && part.visible !== false)) as Line[];

const markdownOf = ([header]: readonly Widget[]) => (header?.type === "text" ? header.properties.markdown : "");

describe("the dashboard of a stack", () => {
  it("stays within CloudWatch's limits and lets no two widgets overlap, however many datasets there are", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000 }), (count) => {
        const widgets = drawn(many(count));
        ok(widgets.length <= 500 && metricsOf(widgets).length <= 2_500);
        const taken = new Set<string>();
        for (const { x, y, width, height } of widgets) {
          ok(Number.isInteger(x) && Number.isInteger(width) && x + width <= 24);
          for (let column = x; column < x + width; column += 1)
            for (let row = y; row < y + height; row += 1) {
              ok(!taken.has(`${column}/${row}`), `${column}/${row} of ${count} datasets`);
              taken.add(`${column}/${row}`);
            }
        }
        for (const properties of graphsOf(widgets)) ok(linesOf(properties).length <= 20);
      }),
      { numRuns: 30 },
    );
  });

  it("draws each dataset in seven graphs, and says of how many it draws none", () => {
    const datasets = many(SHOWN + 3);
    const metrics = metricsOf(drawn(datasets));
    const { dataset: namesOfDataset } = namesOf(deployment);
    const drawings = new Map<unknown, number>();
    for (const each of metrics) drawings.set(each.at(-1), (drawings.get(each.at(-1)) ?? 0) + 1);
    for (const [index, { name }] of datasets.entries()) {
      const graphs = (drawings.get(name) ?? 0) + (drawings.get(namesOfDataset(name).pipeline) ?? 0);
      equal(graphs, index < SHOWN ? 7 : 0, name);
    }
    match(markdownOf(drawn(datasets)), new RegExp(`first ${SHOWN} datasets; 3 are in alarms`));
  });

  it("gives a dataset the same colour in every graph, another than its neighbours' and than the red of what is wrong", () => {
    const graphs = graphsOf(drawn(many(20))).slice(1);
    const colors = graphs.map((graph) => linesOf(graph).map(({ label, color }) => [label, color]));
    for (const each of colors) deepEqual(each, colors[0]);
    equal(new Set(colors[0]?.map(([, color]) => color).concat("#d62728")).size, 21);
  });

  it("computes only of metrics that the same graph has, and hides those: durations in minutes", () => {
    const expressions = graphsOf(drawn(many(3))).flatMap(({ metrics }) => {
      const ids = metrics
        .flat()
        .flatMap((part) => (typeof part === "string" || part.visible !== false ? [] : [part.id]));
      return metrics.flat().flatMap((part) => {
        if (typeof part === "string" || part.expression === undefined) return [];
        ok(ids.includes(/m\d+/.exec(part.expression)?.[0]), part.expression);
        return [part.expression];
      });
    });
    equal(expressions.length, 15);
    ok(expressions.includes("m2/60000"));
  });

  it("asks for what registrations tell, by the same namespace, names and dimensions", () => {
    const told = JSON.parse(
      metricLine({
        namespace: "partitions",
        dimensions: { Stack: "partitions-test", Dataset: "features" },
        at: new Date(),
        values: { PartitionsRegistered: 1, PartitionsNotRegistered: 0, Rows: 2, Bytes: 12 },
      }),
    ) as { _aws: { CloudWatchMetrics: [{ Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }] } };
    const [{ Namespace, Dimensions, Metrics }] = told._aws.CloudWatchMetrics;
    const dimensions = (Dimensions[0] ?? []).flatMap((name) => [name, (told as Record<string, unknown>)[name]]);
    const asked = metricsOf(drawn([features])).map((each) => JSON.stringify(each));
    for (const { Name } of Metrics) ok(asked.includes(JSON.stringify([Namespace, Name, ...dimensions])), Name);
  });

  it("asks for the lateness and its alarm only where something has a schedule", () => {
    const unscheduled: Dataset = { ...features };
    Reflect.deleteProperty(unscheduled, "schedule");
    const widgets = drawn([unscheduled]);
    ok(!JSON.stringify(widgets).includes("late"));
    ok(metricsOf(drawn([features])).some((each) => each.includes(LATE_METRIC)));
    const alarms = drawn([features]).flatMap((each) => (each.type === "alarm" ? each.properties.alarms : []));
    equal(alarms.length, 2);
  });

  it("links to a runbook that is a URL, and names one that is a file", () => {
    const markdown = (runbook: string) => markdownOf(drawn([features], runbook));
    match(markdown("https://example.com/r.md"), /\]\(https:\/\/example\.com\/r\.md\)/);
    match(markdown("docs/runbook.md"), /`docs\/runbook\.md`/);
  });

  it("reads the logs of the functions that write them", () => {
    const sources = drawn([features]).flatMap(({ type, properties }) =>
      type === "log" ? [/^SOURCE '([^']+)'/.exec(properties.query)?.[1]] : [],
    );
    deepEqual(sources, ["/aws/lambda/partitions-test-registrar", "/aws/lambda/partitions-test-checker"]);
  });
});
