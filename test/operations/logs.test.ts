import { deepEqual, equal } from "node:assert/strict";
import { consoleLink, logOf } from "../../operations/logs";

const JOB = "arn:aws:sagemaker:ap-northeast-1:123456789012:processing-job/partitions-dev-featuresJ-abc-1";
const FUNCTION = "arn:aws:lambda:ap-northeast-1:123456789012:function:partitions-dev-registrar";

describe("the log of a step", () => {
  it("is the job's stream, or the function's group", () => {
    deepEqual(logOf(JOB), { group: "/aws/sagemaker/ProcessingJobs", stream: "partitions-dev-featuresJ-abc-1" });
    deepEqual(logOf(FUNCTION), { group: "/aws/lambda/partitions-dev-registrar" });
    deepEqual(logOf(`${FUNCTION}:7`), logOf(FUNCTION));
    equal(logOf("arn:aws:s3:::bucket"), undefined);
  });

  it("has a page in the console, as the console writes its own addresses", () => {
    equal(
      consoleLink(JOB, { group: "/aws/sagemaker/ProcessingJobs", stream: "a-1" }),
      "https://ap-northeast-1.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-1#logsV2:log-groups/log-group/" +
        "$252Faws$252Fsagemaker$252FProcessingJobs$3FlogStreamNameFilter$3Da-1",
    );
    equal(
      consoleLink(FUNCTION.replace("arn:aws:", "arn:aws-cn:").replace("ap-northeast-1", "cn-north-1"), {
        group: "/aws/lambda/x",
      }),
      "https://console.amazonaws.cn/cloudwatch/home?region=cn-north-1#logsV2:log-groups/log-group/$252Faws$252Flambda$252Fx",
    );
  });
});
