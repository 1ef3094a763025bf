import assert from "node:assert/strict";
import { validateDefinition } from "../../../contract/pipeline/validate";
import { changed, type Changes } from "./valid";

describe("what the pipeline validator says", () => {
  it("does not repeat a secret that it finds", () => {
    const secret = "hunter2hunter2";
    const problems = validateDefinition(changed({ "/Steps/1/Arguments/Environment": { DB_PASSWORD: secret } }));
    assert.equal(problems.length, 1);
    assert.doesNotMatch(JSON.stringify(problems), new RegExp(secret));
  });

  it("hides a secret wherever it shows a value, and one that it is not sure of", () => {
    const secret = "hunter2hunter2";
    const key = `-----BEGIN RSA PRIVATE KEY-----\n${secret}`;
    const job = "/Steps/1/Arguments";
    const cases: Changes[] = [
      { "/Parameters/2": { Name: "DbPassword", Type: "String", DefaultValue: secret, EnumValues: [`${secret}x`] } },
      { [`${job}/AppSpecification/ContainerArguments`]: ["--key", key] },
      { [`${job}/Enviroment`]: { DB_PASSWORD: secret } },
      { [`${job}/Environment`]: { DB_PASSWORD: { value: secret } } },
      { [`${job}/Environment`]: { DB_PASSWORD: `/${secret}!`.repeat(20) } },
      { [`${job}/Environment`]: { DB_PASSWORD: 12345678 } },
      { [`${job}/Environment`]: [`DB_PASSWORD=${secret}`] },
      { [`${job}/Tags`]: [{ Key: "a", Value: `token=${secret}\n` }] },
      { [`${job}/RoleArn`]: { "Std:Join": { On: "", Values: ["--password=", secret] } } },
      {
        [`${job}/AppSpecification/ContainerArguments`]: [
          "--password",
          { "Std:Join": { Values: ["hunter2", "hunter2"] } },
        ],
      },
    ];
    for (const changes of cases) {
      const shown = JSON.stringify(validateDefinition(changed(changes)));
      assert.match(shown, /hidden/, JSON.stringify(changes));
      assert.doesNotMatch(shown, /hunter2|12345678/, JSON.stringify(changes));
    }
    assert.doesNotMatch(JSON.stringify(validateDefinition([`PASSWORD=${secret}`])), /hunter2/);
  });

  it("says what to do about the very rule that is broken", () => {
    const job = "/Steps/1/Arguments";
    const cases: [changes: Changes, fix: RegExp][] = [
      [{ [`${job}/StoppingCondition`]: { MaxRuntimeInSeconds: "3600" } }, /^write a number without quotes/],
      [{ [`${job}/StoppingCondition`]: { MaxRuntimeInSeconds: 0 } }, /^give 1 or more/],
      [{ [`${job}/StoppingCondition`]: { MaxRuntimeInSeconds: 777_601 } }, /^split the work/],
      [{ [`${job}/AppSpecification/ContainerArguments/1`]: 5 }, /^write it in quotes/],
      [{ [`${job}/AppSpecification/ContainerArguments`]: "--x 1" }, /^write it in \[ \]/],
      [
        { [`${job}/AppSpecification/ContainerArguments/1`]: "x".repeat(257) },
        /^put long or multi-line text into a file/,
      ],
      [{ [`${job}/AppSpecification/ContainerArguments/1`]: "a\nb" }, /^put multi-line text into a file/],
      [{ [`${job}/AppSpecification/ContainerEntrypoint`]: [] }, /^give 1 or more, or leave it out/],
      [{ [`${job}/Environment`]: { B: 1 } }, /^write it in quotes/],
      [{ [`${job}/ProcessingInputs`]: {} }, /^write it in \[ \]/],
    ];
    for (const [changes, fix] of cases) {
      const [problem, ...others] = validateDefinition(changed(changes));
      assert.deepEqual(others, []);
      assert.match(problem?.fix ?? "", fix);
    }
  });
});
