import { deepEqual, equal, throws } from "node:assert/strict";
import { settleCreates, type ExportedState, type StateResource } from "../../operations/interrupted";

const urn = (type: string, name: string) => `urn:pulumi:dev::partitions::${type}::${name}`;
const resource = (type: string, inputs: Record<string, unknown>): StateResource => ({
  ...{ urn: urn(type, "it"), type, custom: true, inputs },
});
const KEY = resource("aws:kms/key:Key", { description: "data of partitions-dev" });
const TABLE = resource("aws:glue/catalogTable:CatalogTable", { databaseName: "partitions_dev", name: "features" });
const THERE = {
  ...resource("aws:lambda/function:Function", { name: "f" }),
  id: "f",
  outputs: { arn: "arn:aws:lambda:r:111122223333:function:f" },
};

const stateOf = (pending: readonly StateResource[], resources: readonly StateResource[] = [THERE]): ExportedState => ({
  version: 3,
  deployment: { resources, pending_operations: pending.map((each) => ({ type: "creating", resource: each })) },
});
const idsOf = (pending: readonly StateResource[], known = {}) =>
  settleCreates(stateOf(pending), known).settled.map(({ id }) => id);

describe("the state of an up that was killed", () => {
  it("takes over what has a name, under the id that the provider gives it, after what was there", () => {
    const role = resource("aws:iam/role:Role", { name: "partitions-dev-day" });
    const { state } = settleCreates(stateOf([role, TABLE]));
    deepEqual(state.deployment, {
      resources: [
        THERE,
        { ...role, id: "partitions-dev-day" },
        { ...TABLE, id: "111122223333:partitions_dev:features" },
      ],
      pending_operations: [],
    });
  });

  it("makes the id of every type of the program that AWS makes only once", () => {
    const given = { name: "n", bucket: "b", pipelineName: "p", groupName: "g", databaseName: "d" };
    const ids = Object.entries({
      "aws:athena/workgroup:Workgroup": "n",
      "aws:cloudwatch/logGroup:LogGroup": "n",
      "aws:ecr/repository:Repository": "n",
      "aws:glue/catalogDatabase:CatalogDatabase": "111122223333:n",
      "aws:kms/alias:Alias": "n",
      "aws:lambda/function:Function": "n",
      "aws:s3/bucket:Bucket": "b",
      "aws:sagemaker/pipeline:Pipeline": "p",
      "aws:scheduler/schedule:Schedule": "g/n",
      "aws:scheduler/scheduleGroup:ScheduleGroup": "n",
    });
    deepEqual(
      idsOf(ids.map(([type]) => resource(type, given))),
      ids.map(([, id]) => id),
    );
  });

  it("forgets what AWS takes a second time, and leaves other operations to the refresh", () => {
    const policy = resource("aws:iam/rolePolicy:RolePolicy", { role: "r", name: "permissions" });
    const component = { urn: urn("partitions:components:Alarms", "alarms"), type: "partitions:components:Alarms" };
    const provider = resource("pulumi:providers:aws", {});
    deepEqual(idsOf([policy, component, provider]), [undefined, undefined, undefined]);
    const updating = { type: "updating", resource: THERE };
    const { state } = settleCreates({ version: 3, deployment: { resources: [THERE], pending_operations: [updating] } });
    deepEqual(state.deployment, { resources: [THERE], pending_operations: [updating] });
  });

  it("asks for the id of a key, and forgets a key that AWS does not have", () => {
    throws(
      () => settleCreates(stateOf([KEY])),
      /a key has no name; .*'data of partitions-dev'.*--key <id>, or --key none/,
    );
    deepEqual(idsOf([KEY], { key: "1234abcd" }), ["1234abcd"]);
    deepEqual(idsOf([KEY], { key: "none" }), [undefined]);
  });

  it("names everything at once that it cannot settle", () => {
    const other = resource("aws:dynamodb/table:Table", { name: "n" });
    throws(
      () => settleCreates(stateOf([other, KEY, TABLE], [])),
      (error: Error) => {
        equal(error.message.split("\n").length, 3);
        return /dynamodb.*is not known here.*--key.*give --account/s.test(error.message);
      },
    );
    equal(settleCreates(stateOf([TABLE], []), { account: "111122223333" }).settled.length, 1);
  });
});
