import * as path from "node:path";
import type { Report } from "./cache";
import { startFront } from "./front";
import { startMoto } from "./moto";
import { ensureVenv } from "./python";
import { LAPTOP, ROOT } from "./settings";

/** The laptop AWS: moto, and the front that runs what moto only pretends. */
export interface Services {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Starts the laptop AWS on free loopback ports. Its state is in memory and gone after `stop`. */
export async function startServices(report: Report, log?: Report): Promise<Services> {
  // The image's packages, in an environment of their own: what the container would have.
  const image = await ensureVenv({ name: "image", requirements: path.join(ROOT, "image/requirements.txt") }, report);
  const moto = await startMoto({ region: LAPTOP.region }, report);
  try {
    const front = await startFront({
      motoEndpoint: moto.endpoint,
      region: LAPTOP.region,
      python: image.python,
      ...(log === undefined ? {} : { log }),
    });
    return {
      endpoint: front.endpoint,
      stop: async () => {
        await front.stop();
        await moto.stop();
      },
    };
  } catch (error) {
    await moto.stop();
    throw error;
  }
}
