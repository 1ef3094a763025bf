import { deepEqual, match, throws } from "node:assert/strict";
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

  it("is told from other JSON by its problems", () => {
    match(JSON.stringify(validateText('{"name": "x"}').problems), /name is not a member here/);
    deepEqual(pointers("[]"), [""]);
  });
});
