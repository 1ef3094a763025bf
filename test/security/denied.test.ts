import { equal } from "node:assert/strict";
import { allows } from "../support/iam";
import { all } from "./datasets";
import { ADMIN, ANYTHING, DeployedStack, PLACES } from "./deployed";
import { forbidden } from "./forbidden";

for (const [title, place] of Object.entries(PLACES))
  describe(`what roles must not do, in ${title}`, function () {
    this.timeout(60_000);
    let stack: DeployedStack;
    before(async () => {
      stack = await DeployedStack.of(place, all);
    });

    it("is denied, row by row", async () => {
      for (const [role, what, call] of forbidden(stack)) equal(await stack.may(role, call), false, `${role}: ${what}`);
    });

    it("is something that an administrator may do: no row is denied for what it does not say", async () => {
      for (const [role, what, { resource, ...call }] of forbidden(stack)) {
        const policy = stack.policyOf(resource);
        const policies = { identity: ANYTHING, ...(policy === undefined ? {} : { resource: policy }) };
        equal(await allows(policies, { principal: ADMIN, resource, ...call }), true, `${role}: ${what}`);
      }
    });
  });
