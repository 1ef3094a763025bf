import { componentProgram } from "../componentProgram";
import { generated } from "../datasets";
import { GIVEN } from "./given";
import { preview } from "./preview";
import { finish } from "./result";

const [stack = "", count] = process.argv.slice(2);
finish(preview(stack, async () => componentProgram({ ...GIVEN, datasets: generated(Number(count)) })()));
