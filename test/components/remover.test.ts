import { deepEqual, equal } from "node:assert/strict";
import { registrarPolicy } from "../../components/permissions/functions";
import { removerPolicy } from "../../components/permissions/remover";
import { personTrust } from "../../components/permissions/trust";
import { Remover } from "../../components/remover";
import { features } from "../../datasets/features/dataset";
import { allows } from "../support/iam";
import { ACCOUNT, REGION } from "../support/mocks";
import { names, part, partsOf, stack } from "./component";

const PERSON = `arn:aws:iam::${ACCOUNT}:role/data-engineers`;
const session = `arn:aws:sts::${ACCOUNT}:assumed-role/partitions-test-remover/session`;
const glue = (path: string) => `arn:aws:glue:${REGION}:${ACCOUNT}:${path}`;
const may = (action: string, resource: string, identity = removerPolicy(names, [features])) =>
  allows({ identity }, { principal: session, action, resource });

describe("the remover", () => {
  it("is a role for one person or role, and for no service", async () => {
    const parts = await partsOf(
      (opts) => new Remover("remover", { ...stack, datasets: [features], principalArn: PERSON }, opts),
    );
    deepEqual(
      parts.map(({ name }) => name),
      ["remover-permissions", "remover-role"],
    );
    const { name, path } = part(parts, "remover-role").inputs;
    deepEqual([name, path], ["partitions-test-remover", "/partitions-test/"]);
    const trust = { resource: personTrust(PERSON) };
    const assume = { action: "sts:AssumeRole", resource: names.removerRole.arn };
    equal(await allows(trust, { ...assume, principal: PERSON }), true);
    equal(await allows(trust, { ...assume, principal: `arn:aws:iam::${ACCOUNT}:role/others` }), false);
    equal(await allows(trust, { ...assume, principal: "lambda.amazonaws.com" }), false);
  });

  it("may remove partitions of the stack's tables, which the registrar may not", async () => {
    const table = glue("table/partitions_test/features");
    equal(await may("glue:BatchDeletePartition", table), true);
    equal(await may("glue:BatchDeletePartition", table, registrarPolicy(names, [features])), false);
  });

  it("may touch no other table, no definition of a table and no object", async () => {
    equal(await may("glue:BatchDeletePartition", glue("table/partitions_other/features")), false);
    equal(await may("glue:DeleteTable", glue("table/partitions_test/features")), false);
    equal(await may("glue:UpdateTable", glue("table/partitions_test/features")), false);
    equal(
      await may("s3:DeleteObject", names.objectArn("features/output/process_date_jst=2021-12-01/partition.csv")),
      false,
    );
    equal(
      await may("s3:GetObject", names.objectArn("features/output/process_date_jst=2021-12-01/partition.csv")),
      false,
    );
  });
});
