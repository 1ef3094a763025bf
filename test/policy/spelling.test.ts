import assert from "node:assert/strict";
import fc from "fast-check";
import { misspelled } from "../../policy/spelling";

const TABLE = "s3://acme-data/features/output/";

describe("a misspelling", () => {
  for (const [what, got, meant, expected] of [
    ["a letter left out", "s3://acme-data/featurs/output/", TABLE, "surely"],
    ["a letter left out of the bucket", "s3://acme-dat/features/output/", TABLE, "surely"],
    ["two letters exchanged", "s3://acme-data/features/outptu/", TABLE, "surely"],
    ["a database with another letter", "acme_dew", "acme_dev", "surely"],
    ["a number more", "s3://acme-data/features2/output/", TABLE, "perhaps"],
    ["another version", "s3://lake/orders-v2/output/", "s3://lake/orders-v1/output/", "perhaps"],
    ["a shorter name", "s3://acme-data/features/out/", TABLE, "perhaps"],
    ["another short name", "s3://lake/us/output/", "s3://lake/eu/output/", undefined],
    ["another name", "s3://acme-data/features/raw/", TABLE, undefined],
    ["a database with another letter at its end", "sales_a", "sales_b", "perhaps"],
    ["the text itself", TABLE, TABLE, undefined],
  ] as const)
    it(`is ${expected ?? "not"} ${what}`, () => assert.equal(misspelled(got, meant), expected));

  it("is surely one where a letter of a long word is missing, and never where only numbers differ", () => {
    const word = fc.stringMatching(/^[a-z]{7,12}$/);
    fc.assert(
      fc.property(word, fc.nat(), fc.nat(99), fc.nat(99), (text, at, one, other) => {
        const index = at % text.length;
        assert.equal(misspelled(text.slice(0, index) + text.slice(index + 1), text), "surely");
        assert.notEqual(misspelled(`${text}${one}`, `${text}${other}`), "surely");
      }),
    );
  });
});
