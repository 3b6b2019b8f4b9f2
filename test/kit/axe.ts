// What axe-core finds wrong with a page, for people who do not see it or use no mouse.
import axe from 'axe-core';
import type { Frame, Page } from 'puppeteer';

/** Each violation in a line, with the elements; a page without any gives an empty list. */
export async function violations(page: Page | Frame): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations: found } = (await page.evaluate('axe.run(document)')) as axe.AxeResults;
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}
