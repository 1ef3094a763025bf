import type { ResourceValidation } from "@pulumi/policy";
import { GROUP_POLICY, MANAGED_POLICY, ROLE, ROLE_POLICY, USER_POLICY } from "./kinds";
import { eachOf, onAny, onResource, type Found, type Report } from "./resources";
import { statementsOf, type Statement } from "./statements";

/**
 * A check of every statement that says what a role, user or group may do: policies of roles, of users and groups,
 * managed ones, and those written into a role.
 */
export function onIdentityStatements(
  check: (statement: Statement, report: Report, resource: Found<unknown>) => void,
): ResourceValidation {
  const judge = (document: unknown, resource: Found<unknown>, report: Report, what = "policy") => {
    for (const statement of statementsOf(document))
      check(statement, (text) => report(`${what} '${resource.name}', ${statement.where}: ${text}`), resource);
  };
  return onAny(
    onResource(ROLE_POLICY, (props, resource, report) => judge(props.policy, resource, report)),
    onResource(MANAGED_POLICY, (props, resource, report) => judge(props.policy, resource, report)),
    onResource(USER_POLICY, (props, resource, report) => judge(props.policy, resource, report)),
    onResource(GROUP_POLICY, (props, resource, report) => judge(props.policy, resource, report)),
    onResource(ROLE, (props, resource, report) =>
      eachOf(props.inlinePolicies, ({ policy }) => judge(policy, resource, report, "role")),
    ),
  );
}
