import assert from "node:assert/strict";
import { input, output, useLaptop, type Fields } from "./laptop";

describe("local/runner", function () {
  this.timeout(120_000);
  const laptop = useLaptop();

  describe("a processing step", () => {
    const refusals: [string, (a: Fields) => Fields, RegExp][] = [
      [
        "an input without objects",
        (a) => ({ ...a, ProcessingInputs: [input("x", "s3://data/nothing/")] }),
        /No S3 objects found/,
      ],
      ["an argument of 257 characters", withArguments(["x".repeat(257)]), /ContainerArguments\[0\]: has more than 256/],
      ["an argument with a line break", withArguments(["a\nb"]), /line break/],
      ["101 arguments", withArguments(Array.from({ length: 101 }, () => "x")), /ContainerArguments/],
      ["an argument that is a number", withArguments([1]), /must be a string/],
      [
        "a path outside /opt/ml/processing",
        (a) => ({ ...a, ProcessingInputs: [input("x", "s3://data/raw", { LocalPath: "/tmp" })] }),
        /must be \/opt\/ml\/processing or below/,
      ],
      [
        "Continuous upload",
        (a) => ({
          ...a,
          ProcessingOutputConfig: { Outputs: [output("o", "s3://data/o", { S3UploadMode: "Continuous" })] },
        }),
        /half-written/,
      ],
      ["a property it does not know", (a) => ({ ...a, Gpu: true }), /Gpu/],
      [
        "11 outputs",
        (a) => ({
          ...a,
          ProcessingOutputConfig: { Outputs: Array.from({ length: 11 }, (_, i) => output(`o${i}`, "s3://data/o")) },
        }),
        /at most 10 outputs/,
      ],
      [
        "a program of the image",
        (a) => ({ ...a, AppSpecification: { ImageUri: "i", ContainerEntrypoint: ["smspark-submit"] } }),
        /program of the image/,
      ],
    ];
    for (const [what, change, reason] of refusals)
      it(`refuses ${what}`, async () => {
        const { execution, steps } = await laptop.run([await laptop.processing("refused", "pass", change)]);
        assert.equal(execution.PipelineExecutionStatus, "Failed");
        assert.match(steps["refused"]?.FailureReason ?? "", reason);
      });
    function withArguments(args: unknown[]) {
      return (a: Fields): Fields => ({
        ...a,
        AppSpecification: { ...(a["AppSpecification"] as Fields), ContainerArguments: args },
      });
    }
  });
});
