import * as fs from "node:fs";
import type { Registered } from "../../support/mocks";
import { flatProgram } from "../flatProgram";
import { preview } from "./preview";
import { finish } from "./result";

const [stack = "", file = ""] = process.argv.slice(2);
finish(preview(stack, async () => flatProgram(JSON.parse(fs.readFileSync(file, "utf8")) as Registered[])()));
