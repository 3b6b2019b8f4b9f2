// What a site says of itself in /.well-known/credits.json: a hint by a stranger, asked for once in a while without any credentials.
import { pageHint, type PageHint } from '@tollgate/shared/tags-contract';
import { readPublic } from '../worker/gateway.ts';

const BYTES_MOST = 65_536;
const TIMEOUT_MS = 3_000;
const KEEP_MS = 10 * 60_000;
const KEPT_MOST = 100;

const kept = new Map<string, { at: number; hint: Promise<PageHint | undefined> }>();

/** Undefined where the site says nothing, or nothing that can be read. */
export function readPageHint(origin: string): Promise<PageHint | undefined> {
  const known = kept.get(origin);
  if (known !== undefined && Math.abs(Date.now() - known.at) < KEEP_MS) return known.hint;
  if (kept.size >= KEPT_MOST) kept.clear();
  const hint = readPublic(`${origin}/.well-known/credits.json`, { most: BYTES_MOST, timeoutMs: TIMEOUT_MS }).then(
    (value) => pageHint.safeParse(value).data,
  );
  kept.set(origin, { at: Date.now(), hint });
  return hint;
}
