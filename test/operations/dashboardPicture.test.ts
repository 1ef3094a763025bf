import { equal, match, ok, throws } from "node:assert/strict";
import { dashboardBody } from "../../contract/dashboard";
import type { DashboardBody, Widget } from "../../contract/dashboardBody";
import { namesOf } from "../../contract/names";
import { datasets } from "../../datasets";
import { example, type Example } from "../../operations/checks/dashboardExample";
import { dashboardPicture } from "../../operations/checks/dashboardPicture";
import { deployment } from "../components/component";

const names = namesOf(deployment, datasets);
const body = dashboardBody({ names, datasets, runbook: "docs/runbook.md" });
const values = example(names, datasets);
const draw = (of: DashboardBody = body, by: Example = values) => dashboardPicture(names.dashboard, of, by);

/** The body with each widget's JSON changed. */
const changed = (from: string, to: string): DashboardBody => ({
  ...body,
  widgets: body.widgets.map((widget) => JSON.parse(JSON.stringify(widget).replaceAll(from, to)) as Widget),
});

describe("the dashboard's picture", () => {
  it("has every widget at its place, with its title, and every dataset's name in every daily graph", () => {
    const svg = draw();
    const frames = [...svg.matchAll(/^<svg x="(\d+)" y="(\d+)" width="(\d+)"/gm)].map(([, ...box]) => box.map(Number));
    equal(new Set(frames.map(String)).size, body.widgets.length);
    const width = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
    for (const [x = 0, , wide = 0] of frames) ok(x + wide <= width);
    for (const { type, properties } of body.widgets) if (type !== "text") ok(svg.includes(`>${properties.title}<`));
    for (const { name } of datasets) ok(svg.split(`>${name}<`).length > 7, name);
  });

  it("is the same whatever the process has drawn before: it is compared with a file", () => {
    const first = draw();
    draw({ ...body, widgets: body.widgets.slice(-2) });
    equal(draw(), first);
  });

  it("shows an alarm as red only when it is", () => {
    const red = (svg: string) => svg.split("In alarm").length - 1;
    equal(red(draw()), 1);
    equal(red(draw(body, { ...values, red: [] })), 0);
  });

  it("says that its values are examples, and keeps to SVG whatever a name or a reason holds", () => {
    match(draw(), /Example values/);
    const svg = draw(changed("Late days", "Late <days> & more"));
    ok(svg.includes("Late &lt;days&gt; &amp; more"));
  });

  it("refuses to draw what it has no values for, or does not understand", () => {
    throws(() => draw(changed("/60000", "*2")), /cannot draw the expression 'm0\*2'/);
    throws(() => draw(changed("FILL(m0, 0)", "FILL(m99, 0)")), /cannot draw the expression/);
    throws(() => draw(changed("table, path", "table, other")), /no example values for the field 'other'/);
    throws(() => draw(changed('"features"', '"unknown"')), /no example values for the metric/);
  });
});
