import { runtime } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { deepEqual, equal, ok } from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Dataset } from "../../contract/dataset";
import { datasets } from "../../datasets";
import program from "../../index";
import { mockEngine, type Registered } from "../support/mocks";
import { componentProgram } from "./componentProgram";
import { generated } from "./datasets";
import { flatProgram, flattened } from "./flatProgram";
import { median, writeInto } from "./report";

/** As the mocks render the image of the program. */
const IMAGE_TYPES = /^(awsx|docker-build|aws:ecr\/|partitions:components:ProcessingImage)/;

async function registeredBy(run: PulumiFn): Promise<Registered[]> {
  const registered = await mockEngine();
  await run();
  await runtime.disconnect();
  return registered.sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));
}

const typesAndNames = (resources: readonly Registered[]) => resources.map(({ type, name }) => `${type} ${name}`);
const ofAws = (resources: readonly Registered[]) => resources.filter(({ type }) => type.startsWith("aws:"));

function unscheduled({ schedule, ...dataset }: Dataset): Dataset {
  ok(schedule);
  return dataset;
}

describe("the measured programs", function () {
  this.timeout(60_000);

  it("make what index.ts makes, but for the image", async () => {
    const own = await registeredBy(program);
    const measured = await registeredBy(componentProgram({ datasets, imageUri: "image" }));
    deepEqual(typesAndNames(measured), typesAndNames(own.filter(({ type }) => !IMAGE_TYPES.test(type))));
  });

  it("make the same resources with the same inputs, with components and without", async () => {
    const options = { datasets: generated(2), imageUri: "image", keyArn: "key" };
    const components = await flattened(await registeredBy(componentProgram(options)));
    ok(components.length > 20);
    const flat = await flattened(await registeredBy(flatProgram(components)));
    deepEqual(flat, components);
  });

  const countOf = async (given: readonly Dataset[]) =>
    ofAws(await registeredBy(componentProgram({ datasets: given, imageUri: "image" }))).length;

  it("spend at most 8 resources on a dataset with a schedule, and repeat no shared one", async () => {
    const [one, two, four] = [await countOf(generated(1)), await countOf(generated(2)), await countOf(generated(4))];
    const each = two - one;
    ok(each > 0 && each <= 8, `${each} resources`);
    equal(four - two, 2 * each);
  });

  it("share what schedules need, and have it only where there is one", async () => {
    const without = generated(2).map(unscheduled);
    const [one, few, scheduled] = [
      await countOf(without.slice(1)),
      await countOf(without),
      await countOf(generated(2)),
    ];
    const each = (await countOf(generated(3))) - scheduled;
    equal(few - one, each - 1);
    // Group, role and its permissions; the checker with its role, permissions, log, schedule and alarm.
    equal(scheduled - few, 2 + 9);
  });
});

describe("the report of a measurement", () => {
  it("has medians", () => {
    deepEqual([median([3, 1, 2]), median([4, 1, 2, 3]), median([5])], [2, 2.5, 5]);
  });

  it("takes the place of the last one, and of nothing else", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "report-"));
    const file = path.join(folder, "performance.md");
    try {
      fs.writeFileSync(file, "# A\n\n<!-- measured: begin -->\n\nold\n\n<!-- measured: end -->\n\nB\n");
      for (let run = 0; run < 2; run++) await writeInto(file, "| a |\n| ---: |\n| 10 |");
      equal(
        fs.readFileSync(file, "utf8"),
        "# A\n\n<!-- measured: begin -->\n\n|   a |\n| --: |\n|  10 |\n\n<!-- measured: end -->\n\nB\n",
      );
      fs.writeFileSync(file, "nothing");
      await writeInto(file, "x").then(
        () => ok(false, "no error"),
        (error: unknown) => ok(String(error).includes("<!-- measured: begin -->"), String(error)),
      );
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});
