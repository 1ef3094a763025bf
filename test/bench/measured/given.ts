/** In both programs: an image and a key as they are after a first `up`, so that definitions are whole. */
export const GIVEN = {
  imageUri: `123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/partitions-test-processing@sha256:${"0".repeat(64)}`,
  keyArn: "arn:aws:kms:ap-northeast-1:123456789012:key/00000000-0000-0000-0000-000000000000",
};
