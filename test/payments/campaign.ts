// Many storms, by hand: `node test/payments/campaign.ts --storms 100000 --seed 1`. Prints how many ran and how often something died, and ends with
// the first one that came out wrong.
import { parseArgs } from 'node:util';
import { storm } from './storm.ts';

const { values } = parseArgs({
  options: {
    storms: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  },
});
const [storms, seed] = [Number(values.storms), Number(values.seed)];
console.log(`${storms} storms from seed ${seed}`);
const began = performance.now();
let deaths = 0;
let acts = 0;
for (let number = 0; number < storms; number += 1) {
  const { wrong, deaths: died, acts: done } = await storm(seed + number);
  deaths += died;
  acts += done;
  if (wrong.length > 0) {
    console.error(`seed ${seed + number}:\n${wrong.join('\n')}`);
    process.exit(1);
  }
  if ((number + 1) % 10_000 === 0) console.log(`${number + 1} storms, ${Math.round((performance.now() - began) / 1_000)} s`);
}
console.log(`${storms} storms of ${acts} acts in which ${deaths} died on the way: each payment credited once`);
