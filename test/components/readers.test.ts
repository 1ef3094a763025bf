import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { bucketPolicy } from "../../components/permissions/bucket";
import { jobPolicy } from "../../components/permissions/job";
import { keyPolicy } from "../../components/permissions/key";
import { readersOfBucket, readersOfKey } from "../../components/permissions/readers";
import { POLICY_LIMITS } from "../../components/permissions/statement";
import { folder } from "../../contract/inputs";
import { emr, redshiftSpectrum } from "../../contract/registration";
import { features } from "../../datasets/features/dataset";
import { list, names, stackIn, statements, type Statement } from "./component";
import { readBy } from "./readers";

const [ONE, TWO, OWN] = ["111111111111", "222222222222", names.accountId];
const root = (account: string) => `arn:aws:iam::${account}:root`;
const byId = (policy: unknown): Record<string, Statement> => statements(JSON.stringify(policy));
const account = (index: number) => String(index).padStart(12, "0");

describe("readers of other accounts", () => {
  it("may read and list the output of their datasets, and nothing else of the bucket", () => {
    const { TlsOnly: tls, KmsOnly: kms, ...readers } = byId(bucketPolicy(names, [readBy("events", ONE)]));
    ok(tls && kms);
    const Principal = { AWS: [root(ONE)] };
    const bucket = "arn:aws:s3:::my-team-partitions-test-data";
    deepEqual(readers, {
      ReadersLocate: {
        ...{ Sid: "ReadersLocate", Effect: "Allow", Principal },
        ...{ Action: "s3:GetBucketLocation", Resource: bucket },
      },
      ReadersList1: {
        ...{ Sid: "ReadersList1", Effect: "Allow", Principal },
        ...{ Action: "s3:ListBucket", Resource: bucket },
        Condition: { StringLike: { "s3:prefix": ["events/output/*"] } },
      },
      ReadersRead1: {
        ...{ Sid: "ReadersRead1", Effect: "Allow", Principal },
        ...{ Action: "s3:GetObject", Resource: [`${bucket}/events/output/*`] },
      },
    });
  });

  it("may decrypt through S3, and not by themselves", () => {
    const { ReadersDecrypt: decrypt } = byId(keyPolicy(names, [readBy("a", TWO), readBy("b", ONE, TWO)]));
    deepEqual(decrypt, {
      ...{ Sid: "ReadersDecrypt", Effect: "Allow", Principal: { AWS: [root(ONE), root(TWO)] } },
      ...{ Action: "kms:Decrypt", Resource: "*" },
      Condition: { StringEquals: { "kms:ViaService": "s3.ap-northeast-1.amazonaws.com" } },
    });
  });

  it("get nothing of the stack's key where the data has another one", () => {
    const existing = {
      existingBucket: "team",
      existingBucketKeyArn: "arn:aws:kms:ap-northeast-1:123456789012:key/1234abcd",
    };
    const datasets = [readBy("a", ONE)];
    ok(!("ReadersDecrypt" in byId(keyPolicy(stackIn(existing).names, datasets))));
    ok("ReadersDecrypt" in byId(keyPolicy(stackIn({ existingBucket: "team" }).names, datasets)));
  });

  it("are nobody by default, nor the stack's own account: one declaration is deployed to several", () => {
    deepEqual(readersOfBucket(names, [features, readBy("events", OWN)]), []);
    deepEqual(readersOfKey(names, [features, readBy("events", OWN)]), []);
    const { ReadersRead1: read } = byId({
      Version: "2012-10-17",
      Statement: readersOfBucket(names, [readBy("a", OWN, ONE)]),
    });
    deepEqual(read?.Principal, { AWS: [root(ONE)] });
  });

  it("count whatever engine they use, and once", () => {
    const readers = [emr({ accountIds: [ONE] }), redshiftSpectrum({ accountIds: [ONE, TWO] })];
    const policy = readersOfBucket(names, [{ ...features, readers }]);
    for (const { Principal } of policy) deepEqual(Principal, { AWS: [root(ONE), root(TWO)] });
  });

  it("share statements where they read the same, and change nothing by the order of declarations", () => {
    const datasets = [readBy("a", ONE, TWO), readBy("b", ONE), readBy("c", TWO, ONE), readBy("d", ONE)];
    const policy = readersOfBucket(names, datasets);
    deepEqual(readersOfBucket(names, [...datasets].reverse()), policy);
    deepEqual(
      policy.filter(({ Sid }) => Sid.startsWith("ReadersRead")).map(({ Resource }) => list(Resource).length),
      [2, 2],
    );
  });

  it("reach exactly the datasets that name them, whatever names whom", () => {
    const sets = fc.array(fc.uniqueArray(fc.nat({ max: 4 }), { maxLength: 4 }), { maxLength: 8 });
    fc.assert(
      fc.property(sets, (given) => {
        const datasets = given.map((accounts, index) => readBy(`d${index}`, ...accounts.map(account)));
        const policy = readersOfBucket(names, datasets);
        const granted = (action: string, see: (statement: (typeof policy)[number]) => readonly string[]) =>
          policy
            .filter(({ Action }) => Action === action)
            .flatMap((each) =>
              list((each.Principal as { AWS: readonly string[] }).AWS).flatMap((who) =>
                see(each).map((what) => `${who} ${/d\d+/.exec(what)?.[0] ?? "?"}`),
              ),
            )
            .sort();
        const wanted = given.flatMap((accounts, index) => accounts.map((each) => `${root(account(each))} d${index}`));
        deepEqual(
          granted("s3:GetObject", ({ Resource }) => list(Resource)),
          [...wanted].sort(),
        );
        deepEqual(
          granted("s3:ListBucket", ({ Condition }) => list(Condition?.StringLike?.["s3:prefix"])),
          [...wanted].sort(),
        );
      }),
    );
  });
});

describe("policies over many datasets", () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => readBy(`dataset_${index}`, ONE));
  /** The longest list that is accepted. */
  const most = (accepts: (count: number) => boolean): number => {
    let [low, high] = [0, 4096];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (accepts(middle)) low = middle;
      else high = middle;
    }
    return low;
  };
  const accepts = (policy: () => unknown) => {
    try {
      policy();
      return true;
    } catch {
      return false;
    }
  };

  it("hold some two hundred datasets in a bucket's policy, and refuse more before S3 does", () => {
    const count = most((each) => accepts(() => bucketPolicy(names, many(each))));
    ok(count > 150, `${count} datasets`);
    const { length } = JSON.stringify(bucketPolicy(names, many(count)));
    ok(length <= 20_480 && length > 20_480 - 200, `${length} characters`);
    throws(
      () => bucketPolicy(names, many(count + 1)),
      /policy of bucket 'my-team-partitions-test-data':\n.*AWS takes 20480 characters, it has 20[0-9]{3}; name readers/,
    );
  });

  it("hold hundreds of accounts in a key's policy, and refuse more before KMS does", () => {
    const readers = (count: number) => [
      readBy("events", ...Array.from({ length: count }, (_, index) => account(index))),
    ];
    const count = most((each) => accepts(() => keyPolicy(names, readers(each))));
    ok(count > 800, `${count} accounts`);
    ok(JSON.stringify(keyPolicy(names, readers(count))).length <= POLICY_LIMITS.key);
    throws(() => keyPolicy(names, readers(count + 1)), /policy of key 'alias\/partitions-test-data':\n.*32768/);
    equal(POLICY_LIMITS.key, 32_768);
  });

  it("hold the folders of a job, and refuse more before IAM does", () => {
    const inputs = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`f${index}`, folder(`master/f${index}`)]),
    );
    const step = { name: "step", script: "extract.py", inputs, outputs: { rows: "table" } } as const;
    throws(
      () => jobPolicy(names, { ...features, steps: [step] }),
      /policy of the jobs of dataset 'features':\n.*10240 characters, it has 1[0-9]{4}; read fewer folders/,
    );
  });
});
