import { UNKNOWN } from '@tollgate/shared/show-credits';

/** A number that is no amount of credits, as the browser's language writes it. Never 0 for unknown. */
export function showCount(count: number | undefined): string {
  return count === undefined ? UNKNOWN : new Intl.NumberFormat().format(count);
}
