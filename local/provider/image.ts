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
  replaces: [],
  computed: ["digest", "ref"],
  volatile: ["digest", "ref"],
  fingerprint: sourceHash,
  create: async (aws, wanted) => {
    await aws.ecr.send(new ecr.PutImageCommand(imageOf(wanted)));
    return idOf(wanted);
  },
  read: async (aws, id) => {
    const [repository = "", imageDigest = ""] = id.split("@");
    const found = await unlessGone(
      aws.ecr.send(new ecr.DescribeImagesCommand({ repositoryName: nameOf(repository), imageIds: [{ imageDigest }] })),
    );
    return found?.imageDetails?.[0] && { digest: imageDigest, ref: id };
  },
  remove: (aws, id) => {
    const [repository = "", imageDigest] = id.split("@");
    return unlessGone(
      aws.ecr.send(
        new ecr.BatchDeleteImageCommand({ repositoryName: nameOf(repository), imageIds: [{ imageDigest }] }),
      ),
    );
  },
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
  const [repository, imageTag] = taggedOf(wanted);
  return {
    repositoryName: nameOf(repository),
    imageTag,
    imageManifest,
    imageManifestMediaType: MANIFEST,
    imageDigest: `sha256:${sha256(imageManifest)}`,
  };
}

function idOf(wanted: Inputs): string {
  return `${taggedOf(wanted)[0]}@${imageOf(wanted).imageDigest}`;
}

function taggedOf({ tags: [tagged = ""] }: Inputs): [repository: string, tag: string] {
  const colon = tagged.lastIndexOf(":");
  return [tagged.slice(0, colon), tagged.slice(colon + 1)];
}

/** The repository's name in its URL, after the registry's host. */
function nameOf(repositoryUrl: string): string {
  return repositoryUrl.slice(repositoryUrl.indexOf("/") + 1);
}

export const rows = [image];
