// A message of a gateway's event stream, read by the contract. What this version does not know, or cannot read, is left alone.
import { call } from '@tollgate/shared/contract';
import { streamed } from '@tollgate/shared/live-contract';
import type { Balance, Calls } from '../messages.ts';
import { readJson, readShape } from './read-answer.ts';

export type StreamMessage =
  | { type: 'balance'; balance: Balance }
  | { type: 'receipt'; call: Calls['calls'][number] }
  | { type: 'card'; name: string; version: string }
  /** What happened meanwhile is not told again. */
  | { type: 'reset' };

/** Undefined for any other. */
export function readMessage(type: string, data: string): StreamMessage | undefined {
  const value = readJson(data);
  switch (type) {
    case 'balance': {
      const balance = readShape(streamed.balance, value);
      return balance === undefined ? undefined : { type, balance };
    }
    case 'receipt': {
      const receipt = readShape(call, value);
      return receipt === undefined ? undefined : { type, call: receipt };
    }
    case 'card': {
      const card = readShape(streamed.card, value);
      return card === undefined ? undefined : { type, name: card.name, version: card.version };
    }
    case 'reset':
      return { type };
    default:
      return undefined;
  }
}
