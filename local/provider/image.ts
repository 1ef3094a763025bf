import * as fs from "node:fs";
import * as path from "node:path";
import * as ecr from "@aws-sdk/client-ecr";
import { z } from "zod";
import { unlessGone } from "./clients";
import { row } from "./row";
import { folderFiles, sha256 } from "./values";

const MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
const CONFIG = "application/vnd.docker.container.image.v1+json";

const inputs = z.strictObject({
  /** `<repository URL>:<tag>`, one. */
  tags: z.array(z.string()).length(1),
  context: z.strictObject({ location: z.string() }),
  dockerfile: z.strictObject({ location: z.string() }).optional(),
  buildArgs: z.record(z.string(), z.string()).optional(),
  target: z.string().optional(),
  platforms: z.array(z.string()),
  push: z.literal(true),
});
type Inputs = z.infer<typeof inputs>;

/**
 * An image without a builder: its manifest has no layers, and a config that names the hash of what would be built.
 * So it can be referenced by digest like a real one, and changes when one of its sources does; it cannot be run.
 */
const image = row({
  type: "docker-build:index:Image",
  inputs,
  replaces: ["tags"],
  createFirst: true,
  computed: ["digest", "ref"],
  volatile: ["digest", "ref"],
  fingerprint: sourceHash,
  create: async (aws, wanted) => {
    await aws.ecr.send(new ecr.PutImageCommand(imageOf(wanted)));
    return wanted.tags[0] ?? "";
  },
  read: async (aws, id) => {
    const found = await unlessGone(aws.ecr.send(new ecr.DescribeImagesCommand(placeOf(id))));
    const digest = found?.imageDetails?.[0]?.imageDigest;
    return digest === undefined ? undefined : { digest, ref: `${id}@${digest}` };
  },
  // A tag that may not move makes this fail, as it does in ECR: then the tag must name the content.
  update: (aws, { inputs: wanted }) => aws.ecr.send(new ecr.PutImageCommand(imageOf(wanted))),
  remove: (aws, id) => unlessGone(aws.ecr.send(new ecr.BatchDeleteImageCommand(placeOf(id)))),
});

/** The hash of everything a build would read: the Dockerfile, the context, the arguments, platform and target. */
function sourceHash({ context, dockerfile, buildArgs = {}, platforms, target }: Inputs): string {
  const folder = path.resolve(context.location);
  const recipe = dockerfile ? path.resolve(dockerfile.location) : path.join(folder, "Dockerfile");
  const parts = [
    ["Dockerfile", sha256(fs.readFileSync(recipe))],
    ...folderFiles(folder).map(([name, file]) => [name, sha256(fs.readFileSync(file))]),
    ...Object.entries(buildArgs).sort(([left], [right]) => (left < right ? -1 : 1)),
    ["platform", ...platforms],
    ["target", target ?? ""],
  ];
  return sha256(JSON.stringify(parts));
}

function imageOf(wanted: Inputs) {
  const [os = "linux", architecture = "amd64"] = (wanted.platforms[0] ?? "linux/amd64").split("/");
  const config = JSON.stringify({
    architecture,
    os,
    config: { Labels: { "laptop.sources.sha256": sourceHash(wanted) } },
    rootfs: { type: "layers", diff_ids: [] },
  });
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: CONFIG, size: Buffer.byteLength(config), digest: `sha256:${sha256(config)}` },
    layers: [],
  });
  const [repositoryName, imageTag] = taggedOf(wanted.tags[0] ?? "");
  return {
    repositoryName,
    imageTag,
    imageManifest,
    imageManifestMediaType: MANIFEST,
    imageDigest: `sha256:${sha256(imageManifest)}`,
  };
}

function placeOf(id: string) {
  const [repositoryName, imageTag] = taggedOf(id);
  return { repositoryName, imageIds: [{ imageTag }] };
}

/** `<registry>/<repository>:<tag>` without the registry. */
function taggedOf(tagged: string): [repository: string, tag: string] {
  const colon = tagged.lastIndexOf(":");
  return [tagged.slice(tagged.indexOf("/") + 1, colon), tagged.slice(colon + 1)];
}

export const rows = [image];
