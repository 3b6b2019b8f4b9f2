// What the tests of buying sell.
export const PLANS = `
plans:
  basic: { every: month, pool: 10, draw: [pool], price: 5 USD }
  team:
    every: month
    pool: 100
    draw: [pool, extra]
    extra: { limit: 0, fee: 0.3 USD }
    price: 20 USD
packages:
  small: { credits: 50, price: 12.50 USD, months: 12 }
  large: { credits: 400, price: 80 USD }
`;
