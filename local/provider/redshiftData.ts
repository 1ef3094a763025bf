import { randomUUID } from "node:crypto";
import { z } from "zod";
import { row } from "./row";

/**
 * There is no Redshift on the laptop: the statement is kept in the state and runs nowhere. (moto has the API, runs no SQL,
 * and answers with times that the SDK cannot read.) As on AWS, another text is another statement, and none is taken back.
 */
const statement = row({
  type: "aws:redshiftdata/statement:Statement",
  inputs: z.strictObject({
    workgroupName: z.string().optional(),
    clusterIdentifier: z.string().optional(),
    database: z.string(),
    secretArn: z.string().optional(),
    statementName: z.string().max(500).optional(),
    sql: z.string().max(100_000),
  }),
  replaces: [],
  computed: [],
  create: () => Promise.resolve(randomUUID()),
  read: (_aws, _id, inputs) => Promise.resolve({ ...inputs }),
  remove: () => Promise.resolve(),
});

export const rows = [statement];
