import { deepEqual, equal, match, throws } from "node:assert/strict";
import { validateText } from "../../../contract/pipeline/text";
import { validDefinition } from "./valid";

const definition = JSON.stringify(validDefinition());
const broken = JSON.stringify({ Version: "1", Steps: [{ Name: "stop", Type: "Fail" }] });
const request = (members: object) =>
  JSON.stringify({
    PipelineName: "demo",
    RoleArn: "arn:aws:iam::123456789012:role/demo",
    ClientRequestToken: "x".repeat(32),
    PipelineDefinition: definition,
    ...members,
  });
/** As `aws sagemaker describe-pipeline` prints it. */
const described = (text: string) =>
  JSON.stringify({
    PipelineArn: "arn:aws:sagemaker:ap-northeast-1:123456789012:pipeline/demo",
    PipelineName: "demo",
    PipelineDefinition: text,
    PipelineStatus: "Active",
    CreationTime: "2021-12-01T09:00:00+09:00",
    CreatedBy: {},
  });
const pointers = (text: string) => validateText(text).problems.map(({ pointer }) => pointer);

describe("the text of a pipeline definition", () => {
  it("is validated alone, in a request and in a description of a pipeline", () => {
    for (const text of [definition, request({}), described(definition)]) deepEqual(pointers(text), []);
  });

  it("is found in DescribePipelineDefinitionForExecution's answer too", () => {
    const answer = JSON.stringify({ PipelineDefinition: broken, CreationTime: 1638316800 });
    deepEqual(validateText(answer).definitionAt, "/PipelineDefinition");
    deepEqual(pointers(answer), ["/PipelineDefinition/Version"]);
  });

  it("has problems at their place in the whole", () => {
    deepEqual(pointers(broken), ["/Version"]);
    deepEqual(pointers(request({ PipelineDefinition: broken })), ["/PipelineDefinition/Version"]);
  });

  it("is judged with the request around it", () => {
    deepEqual(pointers(request({ PipelineName: "demo_dev" })), ["/PipelineName"]);
    deepEqual(pointers(request({ RoleArn: "demo" })), ["/RoleArn", "/RoleArn"]);
    deepEqual(pointers(request({ PipelineNmae: "demo" })), ["/PipelineNmae"]);
    deepEqual(pointers(request({ ParallelismConfiguration: { MaxParallelExecutionSteps: 0 } })), [
      "/ParallelismConfiguration/MaxParallelExecutionSteps",
    ]);
    deepEqual(pointers(request({ PipelineDefinition: validDefinition() })), ["/PipelineDefinition"]);
    deepEqual(pointers(request({ PipelineDefinition: `${definition}${" ".repeat(1_048_576)}` })), [
      "/PipelineDefinition",
    ]);
  });

  const unreadable: [title: string, text: string, message: RegExp][] = [
    ["nothing", " \n", /the text is empty; give the JSON/],
    ["another language", "Steps:\n  - Name: x\n", /the text is not JSON: /],
    ["JSON that is cut", definition.slice(0, -10), /the text is not JSON: .*line 1, column/],
    ["a request with a cut definition", request({ PipelineDefinition: "{" }), /PipelineDefinition is not JSON: /],
    [
      "a definition that is elsewhere",
      JSON.stringify({ PipelineName: "demo", PipelineDefinitionS3Location: { Bucket: "demo", ObjectKey: "x" } }),
      /not in the text, but on S3/,
    ],
  ];
  for (const [title, text, message] of unreadable)
    it(`cannot be ${title}`, () => {
      throws(() => validateText(text), message);
    });

  it("is a JSON string too, as describe-pipeline prints it when asked for the definition alone", () => {
    deepEqual(validateText(JSON.stringify(definition)), { definitionAt: "", problems: [] });
    deepEqual(pointers(JSON.stringify(broken)), ["/Version"]);
    throws(() => validateText('"x"'), /the JSON string is not JSON/);
  });

  it("is found in the properties of a pipeline of CloudFormation", () => {
    const stack = (body: unknown, members: object = {}) =>
      JSON.stringify({ PipelineName: "demo", ...members, PipelineDefinition: { PipelineDefinitionBody: body } });
    deepEqual(pointers(stack(definition)), []);
    deepEqual(pointers(stack(broken, { RoleArn: { "Fn::GetAtt": ["Role", "Arn"] }, PipelineNmae: "x" })), [
      "/PipelineNmae",
      "/PipelineDefinition/PipelineDefinitionBody/Version",
    ]);
    throws(() => validateText(stack({ "Fn::Sub": definition })), /is put together by CloudFormation/);
    const onS3 = { PipelineDefinition: { PipelineDefinitionS3Location: { Bucket: "demo", Key: "x" } } };
    throws(() => validateText(JSON.stringify(onS3)), /not in the text, but on S3/);
  });

  it("is not followed into levels without end, wherever they are", () => {
    const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
    for (const member of ["Tags", "PipelineDefinition"]) {
      const { problems } = validateText(`{"PipelineName": "demo", "PipelineDefinition": "{}", "${member}": ${deep}}`);
      deepEqual(
        problems.map(({ rule }) => rule),
        ["at most 200 levels"],
      );
    }
  });

  it("keeps its secrets, also where it cannot be read or is no text", () => {
    const secret = "hunter2hunter2";
    const cut = definition.replace('"2020-12-01"', `{"DB_PASSWORD": ${secret}}`);
    throws(
      () => validateText(cut),
      ({ message }: Error) => {
        match(message, /Unexpected token 'h' \(line 1, column \d+\)$/);
        return !message.includes("hunter");
      },
    );
    const shown = JSON.stringify([
      validateText(request({ PipelineDefinition: { Metadata: { DB_PASSWORD: secret } } })).problems,
      validateText(request({ Settings: { DB_PASSWORD: secret } })).problems,
    ]);
    match(shown, /hidden, 14 characters/);
    equal(shown.includes(secret), false);
  });

  it("is told from other JSON by its problems", () => {
    match(JSON.stringify(validateText('{"name": "x"}').problems), /name is not a member here/);
    deepEqual(pointers("[]"), [""]);
  });
});
