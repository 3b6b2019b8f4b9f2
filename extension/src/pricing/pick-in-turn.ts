// What goes into one question of many that are waiting: in turn of who asks, so that a page gone wild keeps nobody else waiting.

/**
 * @param waiting by who asks: what is wanted, by its text
 * @param most so many at most
 * @param lengthMost so many characters of text at most; one that is longer goes alone
 */
export function pickInTurn<Wanted>(
  waiting: Iterable<ReadonlyMap<string, Wanted>>,
  most: number,
  lengthMost: number,
): Map<string, Wanted> {
  const picked = new Map<string, Wanted>();
  let length = 0;
  let rows = Array.from(waiting, (own) => own.entries());
  while (rows.length > 0) {
    const left: typeof rows = [];
    for (const row of rows) {
      const next = row.next();
      if (next.done === true) continue;
      const [text, wanted] = next.value;
      left.push(row);
      if (picked.has(text)) continue;
      if (picked.size > 0 && length + text.length > lengthMost) return picked;
      picked.set(text, wanted);
      length += text.length;
      if (picked.size >= most) return picked;
    }
    rows = left;
  }
  return picked;
}
