import { Cron } from 'croner';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test, vi } from 'vitest';
import { projectSchedule } from './schedule.ts';

const asked = (cron: string, zone: string, from: string, until: string) =>
  projectSchedule({ cron, zone, from: Date.parse(from), until: Date.parse(until), most: 1_000_000 });

function runsOf(cron: string, zone: string, from: string, until: string): number {
  const outcome = asked(cron, zone, from, until);
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.runs;
}

// Zones are whole quarters of an hour apart, and so are the runs below.
const STEP_MS = 5 * 60_000;

describe('runs are counted as they come', () => {
  const SHORT = ['2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'] as const;
  const LONG = ['2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'] as const;

  test('on days of 23 and of 25 hours', () => {
    expect(runsOf('0 * * * *', 'Europe/Berlin', ...SHORT)).toBe(23);
    expect(runsOf('0 * * * *', 'Europe/Berlin', ...LONG)).toBe(25);
    expect(runsOf('*/15 * * * *', 'Australia/Lord_Howe', '2026-04-04T13:00:00Z', '2026-04-05T13:30:00Z')).toBe(98);
    expect(runsOf('30 2 * * *', 'Europe/Berlin', ...SHORT), 'made up for after the hour that there is not').toBe(1);
    expect(runsOf('30 2 * * *', 'Europe/Berlin', ...LONG), 'not made twice').toBe(1);
  });

  test('from the first moment on, and not at the last', () => {
    expect(runsOf('0 9 * * *', 'UTC', '2026-11-01T09:00:00Z', '2026-11-02T09:00:00Z')).toBe(1);
    expect(runsOf('0 9 * * *', 'UTC', '2026-11-01T09:00:00.001Z', '2026-11-02T09:00:00Z')).toBe(0);
    expect(runsOf('0 9 * * *', 'UTC', '2026-11-01T09:00:00.001Z', '2026-11-02T09:00:00.001Z')).toBe(1);
  });

  test('weekdays of a month, and a 31st that most months have not', () => {
    expect(runsOf('0 9 * * MON-FRI', 'Europe/Berlin', '2026-10-31T23:00:00Z', '2026-11-30T23:00:00Z')).toBe(21);
    expect(runsOf('0 0 31 * *', 'UTC', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z')).toBe(7);
    expect(runsOf('0 0 30 2 *', 'UTC', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z')).toBe(0);
    expect(runsOf('@daily', 'UTC', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z')).toBe(365);
  });

  test('every minute of a year with few looks, as each takes its time', () => {
    const looks = vi.spyOn(Cron.prototype, 'nextRun');
    expect(runsOf('* * * * *', 'Europe/Berlin', '2025-12-31T23:00:00Z', '2026-12-31T23:00:00Z')).toBe(525_600);
    expect(looks.mock.calls.length).toBeLessThan(1_200);
    looks.mockRestore();
  });

  test.each([
    ['Europe/Berlin', '2026-03-27T10:10:00Z', '2026-03-31T10:10:00Z'],
    ['Europe/Berlin', '2026-10-24T01:30:00Z', '2026-10-25T01:30:00Z'],
    ['America/Havana', '2026-03-07T12:00:00Z', '2026-03-09T12:00:00Z'],
    ['America/Havana', '2026-10-31T12:00:00Z', '2026-11-02T12:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T00:00:00Z', '2026-04-06T00:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T00:00:00Z', '2026-10-05T00:00:00Z'],
  ])('as many as there are one by one where the clock of %s changes', (zone, from, until) => {
    for (const cron of ['* * * * *', '*/7 * * * *', '30 0-3 * * *', '15 2 * * *', '45 */5 * * *', '10 1,23 * * *']) {
      const schedule = new Cron(cron, { timezone: zone, paused: true, mode: '5-part' });
      let oneByOne = 0;
      let at = Date.parse(from) - 1;
      for (;;) {
        at = schedule.nextRun(new Date(at))?.getTime() ?? Infinity;
        if (at >= Date.parse(until)) break;
        oneByOne += 1;
      }
      expect([cron, runsOf(cron, zone, from, until)]).toEqual([cron, oneByOne]);
    }
  });

  test.each(['Europe/Berlin', 'America/St_Johns', 'Asia/Kolkata', 'America/Havana', 'Pacific/Chatham', 'Africa/Casablanca'])(
    'as somebody counts who looks at the clock of %s every five minutes',
    (zone) => {
      const [from, until] = ['2026-02-10T05:20:00Z', '2026-04-08T19:40:00Z'];
      const seen = { quarters: 0, afternoons: 0, some: 0 };
      for (let at = Date.parse(from); at < Date.parse(until); at += STEP_MS) {
        const { minute, hour, dayOfWeek } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
        if (minute % 15 === 0) seen.quarters += 1;
        if (minute === 5 && hour >= 12 && hour <= 17) seen.afternoons += 1;
        if (minute % 20 === 5 && [1, 3, 5].includes(dayOfWeek)) seen.some += 1;
      }
      expect(runsOf('*/15 * * * *', zone, from, until)).toBe(seen.quarters);
      expect(runsOf('5 12-17 * * *', zone, from, until)).toBe(seen.afternoons);
      expect(runsOf('5-59/20 * * * MON,WED,FRI', zone, from, until)).toBe(seen.some);
    },
  );
});

test('the next runs are told, also past the end, and no more than asked for are counted', () => {
  const times = { from: Date.parse('2026-11-20T00:00:00Z'), until: Date.parse('2026-11-23T00:00:00Z') };
  const outcome = projectSchedule({ cron: '0 9 * * *', zone: 'Europe/Berlin', ...times, most: 2 });
  expect(outcome).toEqual({
    ok: true,
    runs: 2,
    more: true,
    next: [20, 21, 22, 23, 24].map((day) => Date.parse(`2026-11-${day}T08:00:00Z`)),
  });
  expect(projectSchedule({ cron: '0 0 30 2 *', zone: 'UTC', ...times, most: 2 })).toEqual({
    ok: true,
    runs: 0,
    more: false,
    next: [],
  });
});

test.each([
  ['', '"" is not a schedule; five fields'],
  [
    '* * * *',
    '"* * * *" is not a schedule; five fields (minute, hour, day, month, weekday) such as 0 9 * * MON-FRI would be right.',
  ],
  ['* * * * * *', 'is not a schedule; five fields'],
  ['61 * * * *', '"61 * * * *" is not a schedule (Invalid value for minute: 61); five fields'],
  ['@reboot', '"@reboot" is not a schedule (@reboot is not supported'],
  ['2026-10-10T00:00:00', 'is not a schedule; five fields'],
  [`0 ${'1,'.repeat(200)}1 * * *`, 'The schedule has 409 characters'],
])('%j is no schedule', (cron, message) => {
  const outcome = asked(cron, 'UTC', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z');
  expect(outcome).toMatchObject({ ok: false, part: 'cron', message: expect.stringContaining(message) as string });
});

test('a zone that there is not', () => {
  const message = '"Mars/Olympus" is not a time zone; a name such as Europe/Berlin would be right.';
  expect(asked('@daily', 'Mars/Olympus', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z')).toEqual({
    ok: false,
    part: 'zone',
    message,
  });
});
