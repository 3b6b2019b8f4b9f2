// A page of documents, by id.
import type { Directory, Kept } from '../people/directory.ts';
import type { Documents, Kind } from '../people/documents.ts';

export interface Page<K extends Kind> {
  found: readonly Kept<K>[];
  /** Null where this is the last page. */
  next: string | null;
}

interface Asked {
  organization?: string | undefined;
  prefix?: string;
  after?: string | undefined;
  limit: number;
}

/** @param idOf the id of a document: ids past `after` are listed */
export async function pageOf<K extends Kind>(
  directory: Directory,
  kind: K,
  { organization, prefix, after, limit }: Asked,
  idOf: (body: Documents[K]) => string,
): Promise<Page<K>> {
  const given = Object.entries({ organization, prefix, after }).filter(([, value]) => value !== undefined);
  const rows = await directory.list(kind, { ...Object.fromEntries(given), limit: limit + 1 });
  const found = rows.slice(0, limit);
  const last = found.at(-1);
  return { found, next: rows.length > limit && last !== undefined ? idOf(last.body) : null };
}

/** All of an organization, in bites, so that calls go on in between. */
export async function everyOf<K extends Kind>(
  directory: Directory,
  kind: K,
  of: { organization?: string; prefix?: string },
  idOf: (body: Documents[K]) => string,
): Promise<readonly Kept<K>[]> {
  const all: Kept<K>[] = [];
  let after: string | undefined;
  do {
    const { found, next } = await pageOf(directory, kind, { ...of, after, limit: BITE }, idOf);
    all.push(...found);
    after = next ?? undefined;
  } while (after !== undefined);
  return all;
}

const BITE = 1_000;
