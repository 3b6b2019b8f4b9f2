// Every document of a kind, in pages, so that calls go on in between.
import type { Directory, Kept } from './directory.ts';
import type { Documents, Kind } from './documents.ts';

const PAGE = 1_000;

/** @param read takes one document, and as it is kept, and returns its id: those past it come next */
export async function eachOf<K extends Kind>(
  directory: Pick<Directory, 'list'>,
  kind: K,
  of: { organization?: string; user?: string; prefix?: string },
  read: (body: Documents[K], kept: Kept<K>) => string,
): Promise<void> {
  let after: string | undefined;
  do {
    const page = await directory.list(kind, { ...of, limit: PAGE, ...(after === undefined ? {} : { after }) });
    let last: string | undefined;
    for (const kept of page) last = read(kept.body, kept);
    after = page.length < PAGE ? undefined : last;
  } while (after !== undefined);
}
