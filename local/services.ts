import type { Report } from "./cache";
import { startFront } from "./front";
import type { Identity } from "./identity";
import { startMoto } from "./moto";
import { ownInterpreter } from "./interpreter";
import { sweepScratch } from "./scratch";
import { LAPTOP } from "./settings";

/** The laptop AWS: moto, and the front that runs what moto only pretends. */
export interface Services {
  readonly endpoint: string;
  readonly identity: Identity;
  /** Fulfilled when a part of it is over, asked or not: without it the rest is worth nothing. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Starts the laptop AWS on free loopback ports. Its state is in memory and gone after `stop`. */
export async function startServices(report: Report, log?: Report): Promise<Services> {
  sweepScratch();
  const image = await ownInterpreter(report);
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
      identity: front.identity,
      ended: moto.ended,
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
