import { hasAction, hasResource, statementsOf, type Statement } from "./statements";

/**
 * Whether a document denies an action to everyone who comes without TLS.
 *
 * @param covers whether a statement is about the resource at hand
 */
export function deniesPlainHttp(
  document: unknown,
  action: string,
  covers: (statement: Statement) => boolean = () => true,
): boolean {
  return statementsOf(document).some(
    (statement) =>
      !statement.allows &&
      hasAction(statement, action) &&
      covers(statement) &&
      statement.principals.some(([, who]) => who === "*") &&
      statement.conditions.length === 1 &&
      statement.conditions.some(
        ({ operator, key, values }) =>
          /^Bool(IfExists)?$/.test(operator) &&
          key.toLowerCase() === "aws:securetransport" &&
          values.length === 1 &&
          values[0]?.toLowerCase() === "false",
      ),
  );
}

/** Whether a document denies what is asked without TLS of a bucket and of all its objects; absent is any name. */
export function deniesPlainHttpOfBucket(document: unknown, bucket: string | undefined): boolean {
  const of = (resource: string) => (statement: Statement) => {
    const [, partition = ""] = [...statement.resources, ...statement.notResources].join().split(":");
    return bucket === undefined || hasResource(statement, `arn:${partition || "aws"}:s3:::${bucket}${resource}`);
  };
  return (
    deniesPlainHttp(document, "s3:ListBucket", of("")) &&
    ["s3:GetObject", "s3:PutObject"].every((action) => deniesPlainHttp(document, action, of("/probe-of-no-object")))
  );
}
