import * as echarts from "echarts";
import type {
  DashboardBody,
  GraphMetric,
  GraphProperties,
  Line,
  TableProperties,
  Widget,
} from "../../contract/dashboardBody";
import { escaped } from "../../contract/page/html";
import type { Example } from "./dashboardExample";

/** Pixels of one column and one row of the dashboard's grid, and around a widget. */
const COLUMN = 66;
const ROW = 50;
const GAP = 8;
const TOP = 56;
const MARGIN = 12;

const FONT = "Helvetica Neue,Arial,sans-serif";
const INK = "#16191f";
const GREY = "#545b64";
const PALE = "#d5dbdb";
const BLUE = "#0073bb";
const GREEN = "#1d8102";
const RED = "#d13212";

interface Box {
  readonly width: number;
  readonly height: number;
}

/**
 * A dashboard as CloudWatch would show it, as SVG: each widget at its place, with example values. The same bytes on
 * every machine: nothing measures a font or reads a clock.
 *
 * @throws Error when the body asks for something that this cannot draw
 */
export function dashboardPicture(name: string, { widgets }: DashboardBody, example: Example): string {
  const width = 24 * COLUMN + 2 * MARGIN;
  const height = Math.max(...widgets.map(({ y, height: rows }) => y + rows)) * ROW + TOP + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${FONT}">`,
    `<rect width="100%" height="100%" fill="#f2f3f3"/>`,
    text(MARGIN + GAP, 35, name, { size: 20, bold: true }),
    `<text x="${width - MARGIN - GAP}" y="35" font-size="15" text-anchor="end" fill="${RED}">Example values: no account was asked</text>`,
    ...widgets.map((widget, index) => {
      const box = { width: widget.width * COLUMN - GAP, height: widget.height * ROW - GAP };
      const [x, y] = [MARGIN + widget.x * COLUMN + GAP / 2, TOP + widget.y * ROW + GAP / 2];
      return (
        `<svg x="${x}" y="${y}" width="${box.width}" height="${box.height}">` +
        `<rect x=".5" y=".5" width="${box.width - 1}" height="${box.height - 1}" fill="#fff" stroke="${PALE}"/>` +
        `${drawn(widget, box, example).replaceAll(/\bzr\d+-/g, `w${index}-`)}</svg>`
      );
    }),
    "</svg>\n",
  ].join("\n");
}

function drawn(widget: Widget, box: Box, example: Example): string {
  switch (widget.type) {
    case "text":
      return markdown(widget.properties.markdown);
    case "alarm":
      return heading(widget.properties.title) + alarms(widget.properties.alarms, box, example);
    case "log":
      return heading(widget.properties.title) + table(widget.properties, box, example);
    case "metric":
      return graph(widget.properties, box, example);
  }
}

function text(x: number, y: number, content: string, { size = 13, bold = false, fill = INK } = {}): string {
  return `<text x="${x}" y="${y}" font-size="${size}"${bold ? ' font-weight="bold"' : ""} fill="${fill}">${escaped(content)}</text>`;
}

const heading = (title: string): string => text(14, 26, title, { size: 15, bold: true });

/** Headings and paragraphs; code without its quotes, links in blue. */
function markdown(source: string): string {
  return source
    .split("\n\n")
    .map((paragraph, index) => {
      if (paragraph.startsWith("# ")) return text(14, 36, paragraph.slice(2), { size: 22, bold: true });
      const line = escaped(paragraph).replace(
        /`([^`]+)`|\[([^\]]+)\]\([^)]+\)/g,
        (_, code?: string, link?: string) => `<tspan fill="${BLUE}">${code ?? link ?? ""}</tspan>`,
      );
      return `<text x="14" y="${42 + index * 28}" font-size="14" fill="${GREY}">${line}</text>`;
    })
    .join("");
}

function alarms(arns: readonly string[], { width }: Box, { red }: Example): string {
  const each = (width - 28 - GAP * (arns.length - 1)) / arns.length;
  return arns
    .map((arn, index) => {
      const name = arn.slice(arn.indexOf(":alarm:") + ":alarm:".length);
      const isRed = red.includes(name);
      const x = 14 + index * (each + GAP);
      return (
        `<rect x="${x}" y="44" width="${each}" height="64" rx="2" fill="${isRed ? RED : GREEN}"/>` +
        text(x + 14, 72, name, { size: 15, bold: true, fill: "#fff" }) +
        text(x + 14, 94, isRed ? "In alarm" : "OK", { fill: "#fff" })
      );
    })
    .join("");
}

/** The fields that the query returns, and what the example has of them; widths by what stands in them. */
function table({ query }: TableProperties, { width }: Box, { rows }: Example): string {
  const group = /^SOURCE '([^']+)'/.exec(query)?.[1] ?? "";
  const [, plain, seen = "", by = ""] = /\| (?:fields (.+)|stats .+ as (\w+) by (.+))/.exec(query) ?? [];
  const fields = (plain ?? `${by}, ${seen}`).split(", ");
  const found = rows[group] ?? [];
  const missing = fields.find((field) => found.some((row) => row[field] === undefined));
  if (missing !== undefined) throw new Error(`no example values for the field '${missing}' of ${group}`);
  const letters = fields.map((field) =>
    Math.max(...[field, ...found.map((row) => row[field] ?? "")].map((t) => t.length)),
  );
  const letter = Math.min(8, (width - 28) / letters.reduce((sum, count) => sum + count + 2, 0));
  let x = 14;
  return fields
    .map((field, index) => {
      const cells = [
        text(x, 56, field, { bold: true, fill: GREY }),
        ...found.map((row, at) => text(x, 84 + at * 28, row[field] ?? "", { size: Math.min(13, letter * 2) })),
      ];
      x += ((letters[index] ?? 0) + 2) * letter;
      return cells.join("");
    })
    .concat(found.map((_, at) => `<path d="M14 ${65 + at * 28}H${width - 14}" stroke="${PALE}"/>`))
    .join("");
}

function graph(properties: GraphProperties, box: Box, example: Example): string {
  const { title, metrics, stacked, yAxis, legend, annotations } = properties;
  const lines = metrics.flatMap((metric) => lineOf(metric, metrics, example));
  const right = legend.position === "right";
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, ...box });
  chart.setOption({
    ...{ animation: false, useUTC: true, textStyle: { fontFamily: FONT }, color: lines.map(({ color }) => color) },
    title: { text: title, left: 9, top: 7, textStyle: { fontSize: 15, color: INK } },
    grid: { left: 58, right: right ? 190 : 22, top: 66, bottom: right ? 30 : 56, containLabel: false },
    legend: {
      ...(right ? { right: 8, top: 40, orient: "vertical", itemGap: 1 } : { left: 50, bottom: 6 }),
      ...{
        type: "plain",
        icon: "rect",
        itemWidth: 11,
        itemHeight: 11,
        textStyle: { fontSize: right ? 10 : 12, color: INK },
      },
    },
    xAxis: {
      ...{ type: "time", min: example.from, max: example.to, splitNumber: 7 },
      axisLabel: { formatter: "{MM}/{dd}", color: GREY, hideOverlap: true },
      axisLine: { lineStyle: { color: PALE } },
    },
    yAxis: {
      ...{ type: "value", min: yAxis.left.min, name: yAxis.left.label, minInterval: 0.5, splitNumber: 3 },
      ...{
        nameTextStyle: { color: GREY, align: "left", padding: [0, 0, 0, -44] },
        splitLine: { lineStyle: { color: "#eaeded" } },
      },
      axisLabel: { color: GREY, formatter: short },
    },
    series: lines.map(({ label, points }, index) => ({
      ...{
        type: "line",
        name: label,
        data: points,
        showSymbol: false,
        silent: true,
        lineStyle: { width: stacked === true ? 1 : 2 },
      },
      ...(stacked === true ? { stack: "all", areaStyle: { opacity: 0.35 } } : {}),
      ...(index === 0 && annotations !== undefined
        ? {
            markLine: {
              ...{ silent: true, symbol: "none", label: { formatter: "{b}", position: "insideEndTop" } },
              data: annotations.horizontal.map(({ value, label: name, color }) => ({
                ...{ yAxis: value, name, lineStyle: { color, type: "dashed" }, label: { color } },
              })),
            },
          }
        : {}),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // What a mouse would do; its classes count up over all that a process draws. Ids do so too: see the caller.
  return svg.replaceAll(/<style[^]*?<\/style>| (?:class|ecmeta_\w+|pointer-events)="[^"]*"/g, "");
}

interface Drawn {
  readonly label: string;
  readonly color: string;
  readonly points: readonly (readonly [at: number, value: number])[];
}

/** A line with its points; none of a metric that is only there to be computed with. */
function lineOf(metric: GraphMetric, all: readonly GraphMetric[], example: Example): Drawn[] {
  const { expression, label = "", color = INK, visible } = shownAs(metric);
  if (visible === false) return [];
  if (expression === undefined) return [{ label, color, points: example.points(namesOf(metric)) }];
  const [, filled, divided, by = "1"] = /^(?:FILL\((\w+), 0\)|(\w+)\/(\d+))$/.exec(expression) ?? [];
  const source = all.find((each) => shownAs(each).id === (filled ?? divided));
  if (source === undefined) throw new Error(`cannot draw the expression '${expression}'`);
  const points = example.points(namesOf(source)).map(([at, value]) => [at, value / Number(by)] as const);
  return [
    {
      label,
      color,
      points:
        filled === undefined ? points : example.days.map((at) => [at, points.find(([day]) => day === at)?.[1] ?? 0]),
    },
  ];
}

const namesOf = (metric: GraphMetric): string[] => metric.filter((part) => typeof part === "string");
const shownAs = (metric: GraphMetric): Line => metric.find((part) => typeof part !== "string") ?? {};

/** 1500 → `1.5k`, as CloudWatch labels its axes. */
function short(value: number): string {
  const [unit, letter] = value >= 1e9 ? [1e9, "G"] : value >= 1e6 ? [1e6, "M"] : value >= 1e3 ? [1e3, "k"] : [1, ""];
  return `${Number((value / unit).toFixed(2))}${letter}`;
}
