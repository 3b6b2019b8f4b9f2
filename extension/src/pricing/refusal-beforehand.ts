// The gateway's words of a refusal, before anybody has sent anything: what was not done goes, and a time is the reader's.
const NOT_DONE = / (?:It was not sent|Nothing was forwarded)\./;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** @param locale the browser's where left out */
export function refusalBeforehand(message: string, locale?: string): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  return message.replace(NOT_DONE, '').replaceAll(TIME, (time) => format.format(new Date(time)));
}
