import assert from "node:assert/strict";
import fc from "fast-check";
import { createRequire } from "node:module";
import { editDistance } from "../../policy/editDistance";
import { pathProblems } from "../../policy/folders";
import { kept } from "../../policy/keep";
import { literalOf } from "../../policy/locations";
import { unpackOnce } from "../../policy/once";
import { isBoundBy } from "../../policy/bounds";
import { openings } from "../../policy/openings";
import { deniesPlainHttp } from "../../policy/plainHttp";
import { isEverything, matches, statementsOf } from "../../policy/statements";
import { policy, tlsOnly } from "./cases/case";

describe("IAM patterns", () => {
  it("fit what they are, whatever characters it has", () => {
    fc.assert(fc.property(fc.string(), (text) => matches(text.replace(/[*?]/g, "?"), text)));
  });

  it("take * for any text and ? for one character", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.string(),
        (a, b, c) => matches("*", a) && matches(`${plain(a)}*${plain(c)}`, plain(a) + b + plain(c)),
      ),
    );
    assert.equal(matches("a?c", "ac"), false);
    assert.equal(matches("s3:Get*", "s3:getobject"), false);
    assert.equal(matches("s3:Get*", "S3:getObject", { ignoreCase: true }), true);
  });
});

/** A condition key, a value that names somebody, and one that does not. */
const BOUNDS: readonly (readonly [key: string, good: string, bad: string])[] = [
  ["aws:SourceAccount", "123456789012", "*2"],
  ["kms:CallerAccount", "123456789012", "????????????"],
  ["aws:SourceOrgID", "o-1abc", "o-*"],
  ["aws:PrincipalOrgPaths", "o-1abc/r-1/ou-*/*", "o-*/r-1/*"],
  ["aws:SourceArn", "arn:aws:sagemaker:*:123456789012:*", "arn:aws:sagemaker:r:*:pipeline/acme"],
  ["aws:SourceArn", "arn:aws:s3:::acme-data", "arn:aws:s3:::acme*"],
  ["s3:DataAccessPointArn", "arn:aws:s3:r:123456789012:accesspoint/*", "arn:aws:s3:*:*:accesspoint/a"],
  ["aws:SourceVpce", "vpce-1a2b", "vpce-*"],
  ["aws:SourceIp", "10.0.0.0/8", "128.0.0.0/1"],
  ["aws:SourceIp", "2001:db8::/32", "2000::/3"],
  ["aws:userid", "AROAEXAMPLEEXAMPLE123:*", "*:session"],
  ["sns:Endpoint", "*@example.com", "*@*"],
  ["host:sub", "repo:acme/*", "repo:acme*"],
  ["iam:PassedToService", "sagemaker.amazonaws.com", "*.amazonaws.com"],
  ["kms:ResourceAliases", "alias/acme*", "alias/*"],
  ["kms:GrantIsForAWSResource", "true", "false"],
  ["sts:ExternalId", "arn:aws:redshift:r:123456789012:dbuser:*/*", "arn:aws:redshift:*:*:dbuser:*/*"],
  ["cloudwatch:namespace", "acme*", "*a*"],
];

const plain = (text: string): string => text.replace(/[*?]/g, "");

describe("IAM statements", () => {
  it("are read from text and from objects, one or many, and from nothing else", () => {
    const statement = { Effect: "Allow", Action: "a:b", Resource: "*" };
    const read = statementsOf({ Statement: statement });
    assert.deepEqual(statementsOf(JSON.stringify({ Statement: [statement] })), read);
    for (const nothing of ["{", "[]", "null", undefined, 1, { Statement: "x" }])
      assert.deepEqual(statementsOf(nothing), []);
  });

  it("are open by any way to write everyone, unless a condition says who", () => {
    const open = (Principal: unknown, Condition?: object) =>
      openings({ Statement: { Effect: "Allow", Principal, Action: "a:b", Condition } });
    const EVERYONE = ["statement 1: allows to '*', expected named principals or a condition"];
    for (const everyone of ["*", { AWS: "*" }, { AWS: ["arn:aws:iam::1:root", "*"] }])
      assert.deepEqual(open(everyone), EVERYONE);
    assert.deepEqual(open({ Service: "sns.amazonaws.com" }), []);
    assert.deepEqual(open("*", { StringEquals: { "aws:PrincipalOrgID": "o-1" } }), []);
    assert.deepEqual(open("*", { Bool: { "aws:SecureTransport": "true" } }), EVERYONE);
  });

  it("are bound by values that leave somebody out, whatever the key", () => {
    const bound = (key: string, ...values: string[]) =>
      statementsOf({ Statement: { Condition: { StringLike: { [key]: values } } } }).some((each) =>
        isBoundBy(each, /./),
      );
    for (const [key, good, bad] of BOUNDS) {
      assert.equal(bound(key, good), true, `${key} ${good}`);
      assert.equal(bound(key, bad), false, `${key} ${bad}`);
      if (key !== "aws:SourceIp") assert.equal(bound(key, good, bad), false, `${key} ${good} ${bad}`);
    }
    // Many networks together are everyone, however small each is.
    const sixteenths = Array.from({ length: 16 }, (_, index) => `${index * 16}.0.0.0/4`);
    assert.equal(bound("aws:SourceIp", ...sixteenths), false);
  });

  it("mean everything by a pattern that fits whatever has the account, however it is written", () => {
    const wild = fc.constantFrom("*", "**", "?*", "*?");
    const field = fc.oneof(wild, fc.constantFrom("r", "123456789012"));
    fc.assert(
      fc.property(wild, field, field, wild, (partition, region, account, resource) =>
        isEverything(`arn:${partition}:glue:${region}:${account}:${resource}`, "glue"),
      ),
    );
    fc.assert(
      fc.property(
        field,
        field,
        wild,
        fc.stringMatching(/^[a-z]{1,9}$/),
        (region, account, resource, type) =>
          !isEverything(`arn:aws:glue:${region}:${account}:${type}/${resource}`, "glue"),
      ),
    );
    assert.equal(isEverything("arn:aws:s3:::*", "glue"), false);
    assert.equal(isEverything("arn:aws:glue:*:table/*", "glue"), false);
  });

  it("are bound by a condition that cannot hold without its key", () => {
    const bound = (Condition: object) =>
      statementsOf({ Statement: { Condition } }).some((each) => isBoundBy(each, /^k$/));
    assert.equal(bound({ StringEquals: { k: "v" } }), true);
    assert.equal(bound({ "ForAnyValue:StringEquals": { k: ["v"] } }), true);
    for (const operator of ["StringNotEquals", "ForAllValues:StringEquals", "StringEqualsIfExists", "Null"])
      assert.equal(bound({ [operator]: { k: "v" } }), false, operator);
    assert.equal(bound({ StringLike: { k: "*" } }), false);
  });

  it("deny plain HTTP only for whoever comes, and for the action in question", () => {
    assert.equal(deniesPlainHttp(policy(tlsOnly("s3:*", "*")), "s3:PutObject"), true);
    assert.equal(
      deniesPlainHttp(policy({ ...tlsOnly("s3:*", "*"), Principal: { AWS: "arn:aws:iam::1:role/x" } }), "s3:PutObject"),
      false,
    );
    assert.equal(deniesPlainHttp(policy({ ...tlsOnly("s3:*", "*"), Effect: "Allow" }), "s3:PutObject"), false);
    assert.equal(deniesPlainHttp(policy(tlsOnly("s3:Get*", "*")), "s3:PutObject"), false);
  });
});

describe("the distance of two addresses", () => {
  it("is how many letters somebody typed wrong", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, maxLength: 12 }), fc.nat(), (text, at) => {
        const index = at % text.length;
        const missing = text.slice(0, index) + text.slice(index + 1);
        return (
          editDistance(text, text, 3) === 0 &&
          editDistance(text, missing, 3) === 1 &&
          editDistance(missing, text, 3) === 1
        );
      }),
    );
  });

  it("is told up to a limit", () => {
    assert.equal(editDistance("features", "elsewhere/output", 3), 4);
    assert.equal(editDistance("feature", "future", 3), 2);
    assert.equal(editDistance("outptu", "output", 3), 1);
  });
});

describe("a text that may name a partition", () => {
  const LOCATION = "s3://acme-data/features/output/";
  const FOLDERS = [LOCATION, "/opt/ml/processing/output/"];
  const problems = (text: unknown) => pathProblems(literalOf(text), FOLDERS, ["process_date", "country"]);

  it("is none where nothing of it is called like a key", () => {
    for (const text of [
      "",
      "--process-date",
      "--process-date=2021-12-01",
      "a=b",
      "country=de",
      "Process-Date=1",
      "FILTER=country=de,fr",
      "/opt/ml/processing/input/raw/country=de/month=1",
      "s3://acme-data/features/raw/country=de/month=1",
      "year=2021/month=1",
      "/opt/ml/processing/output",
      "s3://x/y/",
    ])
      assert.deepEqual(problems(text), [], text);
  });

  it("is right as the beginning of the folders, with a file at the end or not", () => {
    for (const text of [
      LOCATION,
      `${LOCATION}process_date=2021-12-01/`,
      `${LOCATION}process_date=2021-12-01/country=de/partition.csv`,
      "/opt/ml/processing/output/process_date=2021-12-01/country=de",
      "--out=/opt/ml/processing/output/process_date=2021-12-01",
      "/opt/ml/processing/output/_tmp/x",
      "/opt/ml/processing/output/{day}/{country}/",
      "process_date=1/country=de/part.csv",
      { "Std:Join": { On: "", Values: ["/opt/ml/processing/output/process_da", { Get: "Parameters.Rest" }] } },
      { "Std:Join": { On: "", Values: [`${LOCATION}process_date=`, { Get: "Parameters.Day" }] } },
    ])
      assert.deepEqual(problems(text), [], JSON.stringify(text));
  });

  it("is wrong in another order, another spelling, without keys and too deep", () => {
    for (const first of ["country=de", "Process-Date=1", "dt=2021-12-01"])
      for (const text of [
        `${first}/country=de`,
        `--path=${first}/country=de`,
        `--out ${LOCATION}${first}/country=de`,
        `--out=/opt/ml/processing/output/${first}/country=de`,
        `s3a://acme-data/features/output/${first}/country=de/part.csv`,
      ])
        assert.deepEqual(problems(text), [`level 1 is '${first}', expected 'process_date=…'`], text);
    const join = { "Std:Join": { On: "/", Values: ["/opt/ml/processing/output/2021", { Get: "Parameters.Month" }] } };
    assert.deepEqual(problems(join), ["level 1 is '2021', expected 'process_date=…'"]);
    assert.deepEqual(problems(`${LOCATION}2021-12-01/`), ["level 1 is '2021-12-01', expected 'process_date=…'"]);
    assert.deepEqual(problems("process_date=1/country=2/shard=3/"), ["level 3 is 'shard=3', expected no more folders"]);
  });
});

describe("what is remembered", () => {
  it("is computed once, as long as it is among the last", () => {
    let count = 0;
    const read = kept(2, (text) => `${text}${++count}`);
    assert.deepEqual(["a", "a", "b", "c", "a"].map(read), ["a1", "a1", "b2", "c3", "a4"]);
  });
});

describe("the SDK's unpacking", () => {
  it("is done once for a resource, and anew where secrets are kept", () => {
    let count = 0;
    const sdk = {
      deserializeProperties: (...given: readonly [struct: object, keepSecrets: boolean]) => ({ count: ++count, given }),
    };
    unpackOnce(() => sdk);
    const [one, other] = [{}, {}];
    const counts = [one, one, other].map((struct) => sdk.deserializeProperties(struct, false).count);
    assert.deepEqual([...counts, sdk.deserializeProperties(one, true).count], [1, 1, 2, 3]);
  });

  it("is there in the SDK that is used", () => {
    const load = createRequire(__filename);
    const sdk = { ...(load("@pulumi/policy/deserialize") as { deserializeProperties?: unknown }) };
    const before = sdk.deserializeProperties;
    assert.equal(typeof before, "function");
    unpackOnce(() => sdk);
    assert.notEqual(sdk.deserializeProperties, before);
  });
});
