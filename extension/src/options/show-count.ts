/** A number that is no amount of credits, as the browser's language writes it. */
export function showCount(count: number): string {
  return new Intl.NumberFormat().format(count);
}
