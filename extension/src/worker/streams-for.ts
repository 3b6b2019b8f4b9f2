// Which streams are opened, of all that somebody may see. What has none is asked by the clock.
import type { Pairing } from '../messages.ts';
import { gatewayOf } from './gateway-of.ts';

const STREAMS_MOST = 8;
// By HTTP/1.1 a browser has six connections to a host: with as many streams no question would get through.
const OF_ONE_GATEWAY_MOST = 3;

/** @param shown the pairing that the toolbar shows: it comes first */
export function streamsFor(seen: readonly Pairing[], shown: string | null): Pairing[] {
  const inOrder = seen.toSorted((a, b) => Number(b.id === shown) - Number(a.id === shown));
  const ofGateway = new Map<string, number>();
  const wanted = inOrder.filter(({ id }) => {
    const count = ofGateway.get(gatewayOf(id)) ?? 0;
    ofGateway.set(gatewayOf(id), count + 1);
    return count < OF_ONE_GATEWAY_MOST;
  });
  return wanted.slice(0, STREAMS_MOST);
}
