/** `2026-11-20`, a day of some zone, as `20 Nov` in the order of the locale; what is no day is shown as it is. */
export function showDayName(name: string, locale?: string): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(name) ? new Date(`${name}T00:00:00Z`) : new Date(Number.NaN);
  if (Number.isNaN(time.getTime())) return name;
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(time);
}
