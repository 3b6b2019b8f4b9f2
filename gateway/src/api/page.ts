// A page of documents, by id.
import type { Directory, Kept } from '../people/directory.ts';
import type { Documents, Kind } from '../people/documents.ts';
import { eachOf } from '../people/each-of.ts';

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

/** All of an organization at once, or all that are a user's in it, read in pages. */
export async function everyOf<K extends Kind>(
  directory: Pick<Directory, 'list'>,
  kind: K,
  of: { organization?: string; user?: string },
  idOf: (body: Documents[K]) => string,
): Promise<readonly Kept<K>[]> {
  const all: Kept<K>[] = [];
  await eachOf(directory, kind, of, (body, kept) => {
    all.push(kept);
    return idOf(body);
  });
  return all;
}
