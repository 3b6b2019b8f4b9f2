// Where a value stands in a JSON answer: `response.data[0].id`, `response.items[*].href`, `response["next-uri"]`.

/** A property name, the place in an array, or every place of it. */
export type JsonStep = { key: string } | { index: number } | { every: true };

/**
 * Reads a path of a rate card.
 * @throws {RangeError} when it is not a path below `response`: cards are checked before they load, so that is a bug in the caller.
 */
export function parseJsonPath(path: string): readonly JsonStep[] {
  const root = 'response';
  const step = /\.([^.[\]"\s]+)|\[(\d{1,9})\]|\[(\*)\]|\[("(?:[^"\\]|\\.)*")\]/y;
  const steps: JsonStep[] = [];
  let at = root.length;
  if (!path.startsWith(root)) throw new RangeError(`${path} is not a path below ${root}`);
  while (at < path.length) {
    step.lastIndex = at;
    const match = step.exec(path);
    if (match === null) throw new RangeError(`${path} is not a path: ${path.slice(at)} is not understood`);
    const [whole, key, index, every, quoted] = match;
    if (key !== undefined) steps.push({ key });
    else if (index !== undefined) steps.push({ index: Number(index) });
    else if (every !== undefined) steps.push({ every: true });
    else steps.push({ key: String(JSON.parse(quoted ?? '""')) });
    at += whole.length;
  }
  return steps;
}

/** One place of a document that lies on the way to something watched. */
export interface JsonPlace<W> {
  watches: readonly W[];
  keys: ReadonlyMap<string, JsonPlace<W>>;
  indexes: ReadonlyMap<number, JsonPlace<W>>;
  /** Every element that `indexes` does not name. */
  every: JsonPlace<W> | undefined;
  /** False where nothing below is watched. */
  leads: boolean;
}

/** Lays out paths as places, merged, so that one pass over a document finds all of them. */
export function layOutPaths<W>(paths: readonly { steps: readonly JsonStep[]; watch: W }[]): JsonPlace<W> {
  const open = paths.flatMap(({ steps: [first, ...rest], watch }) =>
    first === undefined ? [] : [{ first, steps: rest, watch }],
  );
  const everywhere = open.filter(({ first }) => 'every' in first);
  const keys = new Map<string, JsonPlace<W>>();
  const indexes = new Map<number, JsonPlace<W>>();
  for (const { first } of open) {
    if ('key' in first && !keys.has(first.key)) {
      keys.set(first.key, layOutPaths(open.filter(({ first: other }) => 'key' in other && other.key === first.key)));
    }
    if ('index' in first && !indexes.has(first.index)) {
      const here = open.filter(({ first: other }) => 'every' in other || ('index' in other && other.index === first.index));
      indexes.set(first.index, layOutPaths(here));
    }
  }
  return {
    watches: paths.filter(({ steps }) => steps.length === 0).map(({ watch }) => watch),
    keys,
    indexes,
    every: everywhere.length > 0 ? layOutPaths(everywhere) : undefined,
    leads: open.length > 0,
  };
}
