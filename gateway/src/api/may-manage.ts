// Whose keys somebody who manages keys may see and change.
import type { Key } from '../keys/key.ts';
import { keyOf, type Asking } from './route.ts';

/** Operate keys are the gateway's own: they lie in the first organization, and no manage key of it sees them. */
export function mayManage(asking: Asking<unknown, unknown>, { organization, scope }: Key): boolean {
  if (asking.organization !== undefined && organization !== asking.organization) return false;
  return keyOf(asking).scope === 'operate' || scope !== 'operate';
}
