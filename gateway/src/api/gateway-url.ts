// How this gateway is reached from outside: as the operator says, else as whoever asks did.
import type { IncomingMessage } from 'node:http';
import type { GateRules } from '../call/gate.ts';

/** Without a slash at its end. */
export function gatewayUrl({ publicUrl }: Pick<GateRules, 'publicUrl'>, { headersDistinct }: IncomingMessage): string {
  return publicUrl ?? `http://${headersDistinct['host']?.[0] ?? 'localhost'}`;
}
