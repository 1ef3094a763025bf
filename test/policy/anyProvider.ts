import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";

/** A provider that takes resources of every type and makes none: outputs are the inputs, and an id after the creation. */
export interface AnyProvider {
  readonly port: number;
  /** URNs of what it was asked to make, previews apart. */
  readonly created: readonly string[];
  stop(): void;
}

/** Serves one, for what an engine says of broken resources that no service would take. */
export async function startAnyProvider(): Promise<AnyProvider> {
  const created: string[] = [];
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  const answer =
    <Request, Reply>(make: (request: Request) => Reply) =>
    (call: grpc.ServerUnaryCall<Request, Reply>, callback: grpc.sendUnaryData<Reply>) =>
      callback(null, make(call.request));
  server.addService(ResourceProviderService, {
    attach: answer(() => new Empty()),
    cancel: answer(() => new Empty()),
    getPluginInfo: answer(() => new plugin.PluginInfo().setVersion("7.48.0")),
    getSchema: answer(() => new pb.GetSchemaResponse().setSchema("{}")),
    checkConfig: answer((request: pb.CheckRequest) => new pb.CheckResponse().setInputs(request.getNews())),
    diffConfig: answer(() => new pb.DiffResponse().setChanges(pb.DiffResponse.DiffChanges.DIFF_NONE)),
    configure: answer(() => new pb.ConfigureResponse().setSupportspreview(true)),
    check: answer((request: pb.CheckRequest) => new pb.CheckResponse().setInputs(request.getNews())),
    diff: answer(() => new pb.DiffResponse().setChanges(pb.DiffResponse.DiffChanges.DIFF_NONE)),
    create: answer((request: pb.CreateRequest) => {
      const properties = request.getProperties() ?? Struct.fromJavaScript({});
      if (request.getPreview()) return new pb.CreateResponse().setProperties(properties);
      created.push(request.getUrn());
      return new pb.CreateResponse().setId(`id-of-${request.getUrn().split("::").at(-1)}`).setProperties(properties);
    }),
    delete: answer(() => new Empty()),
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { port, created, stop: () => server.forceShutdown() };
}
