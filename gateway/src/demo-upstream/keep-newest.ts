/** Forgets the oldest entries of a map past so many: what the demo upstream remembers is bounded. */
export function keepNewest(map: Map<string, unknown>, most: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}
