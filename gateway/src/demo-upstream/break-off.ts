// Where and how an answer breaks off in the middle of its body.
import type { Exchange } from './exchange.ts';
import { faultNumber, type Faults } from './faults.ts';

/** What was written so far gets this long to arrive: a reset throws away what is still under way. */
const ARRIVAL_MS = 25;

export interface BreakPoint {
  afterBytes: number;
  how: 'reset' | 'cut' | 'bad-chunk' | 'hang';
}

const KINDS = [
  ['reset-after', 'reset'],
  ['cut-after', 'cut'],
  ['bad-chunk', 'bad-chunk'],
  ['hang-body', 'hang'],
] as const;

/** @param length of the body where it is known: without a number of bytes, half of it is sent, at most 200 bytes. */
export function breakPoint(faults: Faults, length: number | undefined): BreakPoint | undefined {
  for (const [name, how] of KINDS) {
    const afterBytes = faultNumber(faults, name, Math.min(200, Math.floor((length ?? 400) / 2)));
    if (afterBytes !== undefined) return { afterBytes, how };
  }
  return undefined;
}

export async function breakOff(exchange: Exchange, how: BreakPoint['how']): Promise<void> {
  const { response } = exchange;
  response.flushHeaders();
  if (!(await exchange.pause(ARRIVAL_MS))) return;
  const { socket } = response;
  if (how === 'hang' || socket === null) {
    await exchange.forever();
  } else if (how === 'reset') {
    socket.resetAndDestroy();
  } else if (how === 'cut') {
    // What is unread would turn the FIN into a reset.
    exchange.request.resume();
    socket.destroySoon();
  } else {
    socket.write('zz\r\nthis is no chunk\r\n');
    socket.destroySoon();
  }
}
