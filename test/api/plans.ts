// A rate card with plans for the tests of the API: small numbers, one plan of each kind.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const PLANS = `
plans:
  team:
    every: month
    cycle: anniversary
    pool: 100
    seats:
      free: { lifetime: 5, draw: [individual] }
      pro: { allowance: 80, price: 29 USD }
      guest: { allowance: 1 }
    draw: [individual, pool, extra]
    extra: { limit: 0, fee: 0.002 USD }
  bigger: { every: month, cycle: anniversary, pool: 500, draw: [pool] }
  yearly: { every: year, cycle: calendar, pool: 1200, draw: [pool, extra], extra: { limit: 7, fee: 0.01 EUR } }
packages:
  small: { credits: 50, price: 12 USD, months: 2 }
  large: { credits: 500, price: 99 USD }
`;

export const CARD = `${readFileSync(join(import.meta.dirname, '../kit/rates.yaml'), 'utf8')}${PLANS}`;
