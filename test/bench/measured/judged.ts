import { LocalWorkspace, PulumiCommand, Stack } from "@pulumi/pulumi/automation";
import { componentProgram } from "../componentProgram";
import { generated } from "../datasets";
import { GIVEN } from "./given";
import { finish } from "./result";

const [stackName = "", count, policyPack = ""] = process.argv.slice(2);

/** A preview of the component program with a policy pack. What it has to say of the program is counted. */
async function judged(): Promise<{ readonly violations: number }> {
  const pulumiCommand = await PulumiCommand.get({ skipVersionCheck: true });
  const program = async () => componentProgram({ ...GIVEN, datasets: generated(Number(count)) })();
  const workspace = await LocalWorkspace.create({ workDir: process.cwd(), program, pulumiCommand });
  const stack = await Stack.create(stackName, workspace);
  let violations = 0;
  await stack.preview({
    ...{ suppressProgress: true, color: "never", policyPacks: [policyPack] },
    onEvent: ({ policyEvent }) => {
      // What could not be judged yet is no violation.
      violations += policyEvent && !policyEvent.message.includes("can't run policy") ? 1 : 0;
    },
  });
  return { violations };
}

finish(judged());
