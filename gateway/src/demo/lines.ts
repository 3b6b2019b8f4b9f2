// What the demo prints: short lines to paste, each of which shows one thing.
import { join, relative } from 'node:path';
import type { InBrowser } from './browser.ts';
import type { Stock } from './stock.ts';

export interface DemoFacts {
  folder: string;
  url: string;
  metricsUrl: string;
  upstream: string;
  stock: Stock;
  browser: InBrowser;
  traffic: boolean;
}

const EXTENSION = join(import.meta.dirname, '../../../extension/.output/chrome-mv3');
const TOLLGATE = 'npm run -s tollgate --';

export function demoLines({ folder, url, metricsUrl, upstream, stock, browser, traffic }: DemoFacts): string {
  const config = `--config ${relative('.', join(folder, 'tollgate.yaml'))}`;
  const moved = [
    ...(url.endsWith(':8402') ? [] : ['Port 8402 is taken by another program, so the gateway has another one.']),
    ...(metricsUrl.endsWith(':8403') ? [] : ['Port 8403 is taken by another program, so metrics have another one.']),
  ];
  const key = `$(cat ${relative('.', stock.keyFile)})`;
  return [
    '',
    `Tollgate listens on ${url}, metrics on ${metricsUrl}/metrics, the demo upstream on ${upstream}.`,
    ...moved,
    ...(traffic ? ['Traffic is running with a key of its own.'] : []),
    '',
    'A chat call that answers 200 and tells its cost:',
    `  curl -i ${url}/openai/v1/chat/completions -H "authorization: Bearer ${key}" -H "content-type: application/json" -d '{"model":"gpt-4o","messages":[{"role":"user","content":"Hello"}]}'`,
    '',
    'An unmodified SDK, in a shell:',
    `  export OPENAI_BASE_URL=${url}/openai/v1 OPENAI_API_KEY=${key}`,
    '',
    'What it cost, what is left, and whether the books add up:',
    `  ${TOLLGATE} calls ${config}`,
    `  ${TOLLGATE} balance ${config}`,
    `  ${TOLLGATE} verify ${config}`,
    '',
    ...teamLines(url, config, stock),
    ...browserLines(config, browser),
    'Spend until a call is refused with 402, before it reaches the upstream:',
    `  ${loopLine(url, key, relative('.', join(folder, 'answer.json')))}`,
    '',
    `More credits: ${TOLLGATE} grant 500 ${config}   ·   Prices: ${url}/tollgate/v1/prices   ·   From the start: npm start -- --reset`,
    'Ctrl-C stops.',
  ].join('\n');
}

function teamLines(url: string, config: string, { team }: Stock): string[] {
  if (team === undefined) return ['The rate card has no plan "team", so that no team is shown: npm start -- --reset', ''];
  const of = `--organization ${team.organization} ${config}`;
  return [
    'A team of eight with a plan: seats of three types, a pool, a package, a grant that ended, an auto-purchase that stands still:',
    `  ${TOLLGATE} balance ${of}`,
    `  ${TOLLGATE} seats list ${of}`,
    `  ${TOLLGATE} audit ${of}`,
    'What one of them sees, whose cap is near its edge:',
    `  curl ${url}/tollgate/v1/balance -H "authorization: Bearer $(cat ${relative('.', team.keyFile)})"`,
    '',
  ];
}

function browserLines(config: string, { pages, links }: InBrowser): string[] {
  return [
    `In a browser: chrome://extensions, developer mode, "Load unpacked": ${relative('.', EXTENSION)}. Then pair it, with one of:`,
    ...links.map(({ name, link }) => `  ${link}   (${name})`),
    `Each is good once, for ten minutes; ${TOLLGATE} pair ${config} makes another.`,
    `Pages with buttons that spend: ${pages}`,
    '',
  ];
}

/** Ten records of two credits each are held, and what is found of them is charged: about thirty calls. */
function loopLine(url: string, key: string, answer: string): string {
  const ids = Array.from({ length: 10 }, (_, index) => `"'$i-${index}'"`).join(',');
  const call = `curl -sS -o ${answer} -w '%{http_code} ' ${url}/records/v1/businesses/enrich -H "authorization: Bearer ${key}" -H "content-type: application/json" -d '{"business_ids":[${ids}]}'`;
  return `for i in $(seq 1 60); do s=$(${call}); echo "call $i: $s"; [ $s = 200 ] || break; done; cat ${answer}`;
}
