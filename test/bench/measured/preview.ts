import { LocalWorkspace, PulumiCommand, Stack, type PulumiFn } from "@pulumi/pulumi/automation";

/**
 * Previews a program in a new stack, without a policy pack. The working folder has the project and the stack's file; the
 * environment names the engine, the state and the providers.
 */
export async function preview(stackName: string, program: PulumiFn): Promise<{ readonly resources: number }> {
  const pulumiCommand = await PulumiCommand.get({ skipVersionCheck: true });
  const workspace = await LocalWorkspace.create({ workDir: process.cwd(), program, pulumiCommand });
  const stack = await Stack.create(stackName, workspace);
  const { changeSummary } = await stack.preview({ suppressProgress: true, color: "never" });
  return { resources: Object.values(changeSummary).reduce((sum, count) => sum + (count ?? 0), 0) };
}
