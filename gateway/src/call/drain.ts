// How long a call goes on for a client that has left (rule 9): per operation, 10 seconds and 1 MiB unless the card says otherwise.
import type { Asked } from './ask.ts';

export interface DrainLimits {
  ms: number;
  bytes: number;
}

const DEFAULT: DrainLimits = { ms: 10_000, bytes: 1_048_576 };

export function drainOf({ operation }: Asked): DrainLimits {
  return operation === undefined ? DEFAULT : { ms: operation.drain.seconds * 1_000, bytes: operation.drain.bytes };
}
