import * as fs from "node:fs";
import * as path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";

/**
 * A language host for commands that ask one for plugins and run no program, such as `pulumi import`: an engine that came
 * without its hosts cannot do these otherwise.
 *
 * @param folder a folder of its own; it is to come first in PATH
 * @returns ends it
 */
export async function startLanguageHost(folder: string): Promise<() => void> {
  const server = new grpc.Server();
  const answer =
    <Reply>(make: () => Reply) =>
    (_: unknown, callback: grpc.sendUnaryData<Reply>) =>
      callback(null, make());
  server.addService(LanguageRuntimeService, {
    getPluginInfo: answer(() => new plugin.PluginInfo().setVersion("0.0.0")),
    getRequiredPlugins: answer(() => new language.GetRequiredPluginsResponse()),
    getRequiredPackages: answer(() => new language.GetRequiredPackagesResponse()),
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  // A plugin says on which port it listens, and lives until the engine ends it.
  const file = path.join(folder, "pulumi-language-nodejs");
  fs.writeFileSync(file, `#!/bin/sh\necho ${port}\nexec sleep 600\n`, { mode: 0o755 });
  return () => server.forceShutdown();
}
