import { deepEqual, equal, ok } from "node:assert/strict";
import { imageUriOf } from "../../contract/pipeline/images";
import { AWS_IMAGE_ACCOUNTS } from "../../policy/awsImages";
import { jobImage } from "../../policy/rules/job";
import { readText } from "../support/files";
import { judge } from "../support/policy";
import { stepped } from "./cases/goodDataset";

const said = (image: string) =>
  judge(
    jobImage,
    stepped((step) => (step.Arguments.AppSpecification.ImageUri = image)),
  ).violations.length;

describe("images that AWS publishes", () => {
  it("are of every account that datasets may take them from", () => {
    const accounts = readText("contract/pipeline/images.ts").match(/(?<=")[0-9]{12}(?=")/g) ?? [];
    ok(accounts.length > 50);
    deepEqual(
      accounts.filter((account) => !AWS_IMAGE_ACCOUNTS.has(account)),
      [],
    );
  });

  it("may be named by tag; nobody else's may, whatever the repository is called", () => {
    const published = imageUriOf("spark", { region: "ap-northeast-1", frameworkVersion: "3.5" });
    equal(said(published), 0);
    equal(said(published.replace(/^[0-9]{12}/, "123412341234")), 1);
  });
});
