// What can go wrong with a gateway, in words for a person: what happened, what was not done, what would help.
import { problem as problemShape } from '@tollgate/shared/contract';
import { browser } from 'wxt/browser';
import type { Problem } from '../messages.ts';
import { say, type Message } from '../say.ts';
import { grantPattern } from './grant-pattern.ts';

// What a gateway says is kept, and shown in a title: nobody reads more.
const CODE_MOST = 100;
const MESSAGE_MOST = 1_000;

/** Nothing came back: because nothing is there, or because the browser does not let the extension ask any more. */
export async function noAnswer(origin: string): Promise<Problem> {
  const isGranted = await browser.permissions.contains({ origins: [grantPattern(origin)] }).catch(() => true);
  return isGranted ? about('offline', 'worker_offline', hostOf(origin)) : permissionMissing(origin);
}

export function permissionMissing(origin: string): Problem {
  return about('permission_missing', 'worker_permission_missing', hostOf(origin));
}

export function notAGateway(origin: string): Problem {
  return about('not_a_gateway', 'worker_not_a_gateway', hostOf(origin));
}

/** Of an answer that is no success. A gateway's own words are passed on, where it is one. */
export function problemOf(status: number, value: unknown, origin: string): Problem {
  if (status === 401) return about('key_unknown', 'worker_key_unknown', hostOf(origin));
  const read = problemShape.safeParse(value);
  if (!read.success) return notAGateway(origin);
  return { code: read.data.code.slice(0, CODE_MOST), message: read.data.message.slice(0, MESSAGE_MOST) };
}

export const inputInvalid = (message: Message, ...given: readonly string[]): Problem => about('input_invalid', message, ...given);

export const keySpends = (origin: string): Problem => about('not_a_gateway', 'worker_key_spends', hostOf(origin));

export const pairOffline = (origin: string): Problem => about('offline', 'worker_pair_offline', hostOf(origin));

export const pairingGone = (): Problem => about('not_found', 'worker_pairing_gone');

export const contextGone = (context: string): Problem => about('input_invalid', 'worker_context_gone', context);

export const siteNotGranted = (origin: string): Problem => about('permission_missing', 'worker_site_not_granted', hostOf(origin));

export const notFromHere = (): Problem => about('input_invalid', 'worker_not_from_here');

export const failed = (): Problem => about('failed', 'worker_failed');

export const storageFull = (): Problem => about('storage_full', 'worker_storage_full');

function about(code: string, message: Message, ...given: readonly string[]): Problem {
  return { code, message: say(message, ...given) };
}

function hostOf(origin: string): string {
  return new URL(origin).host;
}
