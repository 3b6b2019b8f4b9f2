// npm run hammer: everything that takes minutes. Prints a line of figures per section and each difference it found; ends with 1 where there
// was any. `--only races,kills` takes some sections; `--soak 120s` soaks and does nothing else.
import { parseArgs } from 'node:util';
import { SECTIONS, soakFor, type Section } from './sections.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    kills: { type: 'string', default: '200' },
    calls: { type: 'string', default: '10000' },
    soak: { type: 'string' },
    only: { type: 'string' },
  },
});

const amounts = { seeds: Number(values.seeds), kills: Number(values.kills), calls: Number(values.calls) };
const chosen = values.only?.split(',');
const unknown = chosen?.filter((name) => !(name in SECTIONS)) ?? [];
if (unknown.length > 0) {
  console.error(`There is no section ${unknown.join(', ')}; there are ${Object.keys(SECTIONS).join(', ')}.`);
  process.exit(2);
}

const soakMs = values.soak === undefined ? undefined : durationMs(values.soak);
const sections: readonly (readonly [string, Section])[] =
  soakMs === undefined
    ? Object.entries(SECTIONS).filter(([name]) => chosen?.includes(name) !== false)
    : [['soak', () => soakFor(soakMs)]];

let differences = 0;
for (const [name, section] of sections) {
  const startedMs = performance.now();
  try {
    for await (const { figures, found } of section(amounts)) {
      differences += found.length;
      console.log(`${name.padEnd(10)} ${found.length === 0 ? 'ok  ' : 'FAIL'} ${figures}`);
      for (const one of found.slice(0, 20)) console.log(`${' '.repeat(16)}${one}`);
    }
  } catch (error) {
    // The other sections still tell something.
    differences += 1;
    console.log(`${name.padEnd(10)} FAIL ${error instanceof Error ? error.stack : String(error)}`);
  }
  console.log(`${name.padEnd(10)}      took ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
}
console.log(differences === 0 ? 'The hammer found nothing.' : `The hammer found ${differences} differences.`);
process.exitCode = differences === 0 ? 0 : 1;

function durationMs(text: string): number {
  const [, number, unit] = /^(\d+)(s|m|h)$/.exec(text) ?? [];
  if (number === undefined) throw new Error(`--soak takes a time such as 120s or 10m, not ${text}`);
  return Number(number) * { s: 1_000, m: 60_000, h: 3_600_000 }[unit as 's' | 'm' | 'h'];
}
