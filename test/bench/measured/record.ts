import { runtime } from "@pulumi/pulumi";
import * as fs from "node:fs";
import { mockEngine } from "../../support/mocks";
import { componentProgram } from "../componentProgram";
import { generated } from "../datasets";
import { flattened } from "../flatProgram";
import { GIVEN } from "./given";
import { finish } from "./result";

/** Writes what the flat program makes. Not measured. */
async function record(count: number, file: string): Promise<object> {
  const registered = await mockEngine();
  await componentProgram({ ...GIVEN, datasets: generated(count) })();
  await runtime.disconnect();
  const resources = await flattened(registered);
  fs.writeFileSync(file, JSON.stringify(resources));
  return { resources: resources.length };
}

const [count, file = ""] = process.argv.slice(2);
finish(record(Number(count), file));
