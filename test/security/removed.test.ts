import { deepEqual } from "node:assert/strict";
import type { PolicyDocument, Statement } from "../../components/permissions/statement";
import { all, features, joined, nested } from "./datasets";
import { DeployedStack, PLACES, type RoleName } from "./deployed";
import { ofFunctions, ofRemoval, ofSchedules, ofSpectrum } from "./needs";
import type { Needed } from "./permissionsOf";
import { jobsOf, ofJob, ofPipeline } from "./services";

/**
 * What no derived call needs: in a bucket with a key of its own, files that were written before the stack was told of
 * that key have the stack's, and must be read still.
 */
const BEYOND = /^(job of joined|spectrum): DataKeyViaS3: /;

/** A role's policy with one action or one resource of one statement taken out, by what it is called. */
function* lessOne(document: PolicyDocument): Generator<readonly [taken: string, PolicyDocument]> {
  const statements = document.Statement as readonly Statement[];
  for (const [index, statement] of statements.entries())
    for (const member of ["Action", "Resource"] as const) {
      const given = [statement[member]].flat();
      for (const one of given) {
        const rest = given.filter((each) => each !== one);
        const changed = rest.length === 0 ? [] : [{ ...statement, [member]: rest }];
        yield [`${statement.Sid}: ${one}`, { ...document, Statement: statements.toSpliced(index, 1, ...changed) }];
      }
    }
}

/** What is derived for each role from the definition and the documentation. */
function needs(stack: DeployedStack): ReadonlyMap<RoleName, readonly Needed[]> {
  const jobs = all.flatMap((dataset) => jobsOf(stack, dataset));
  return new Map<RoleName, readonly Needed[]>([
    [
      "pipeline",
      [...jobs.flatMap((job) => ofPipeline(stack, job)), ...all.flatMap((each) => ofFunctions(stack, each))],
    ],
    ["job of joined", jobsOf(stack, joined).flatMap((job) => ofJob(stack, job))],
    ["scheduler", ofSchedules(stack)],
    ["spectrum", [features, nested].flatMap((each) => ofSpectrum(stack, each))],
    ["remover", all.flatMap((dataset) => ofRemoval(stack, dataset))],
  ]);
}

for (const [title, place] of Object.entries(PLACES))
  describe(`a right that is taken from a role is missed, in ${title}`, function () {
    this.timeout(120_000);

    it("by the proof of what the role needs: every action and every resource of its policy", async () => {
      const stack = await DeployedStack.of(place, all);
      const spare: string[] = [];
      for (const [role, needed] of needs(stack)) {
        for (const [taken, document] of lessOne(stack.permissions(role))) {
          const less = stack.with(role, document);
          const missed = await less.deniedOf(role, needed);
          if (missed.length === 0) spare.push(`${role}: ${taken}`);
        }
      }
      const beyond = place.existingBucketKeyArn === undefined ? [] : spare.filter((each) => BEYOND.test(each));
      deepEqual(spare, beyond);
    });
  });
