// Pictures of every state of the extension, light and dark, from the real thing: `node test/extension/screenshots.ts [scene…]` writes
// docs/extension/*.png, which are committed.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page, ScreenshotClip } from 'puppeteer';
import { openBrowser, type BrowserKit } from '../kit/browser.ts';
import { startMonth, type Month } from './month.ts';
import { SCENES } from './scenes.ts';

export interface Studio {
  month: Month;
  kit: BrowserKit;
  /** A page of a site that is on. */
  page: Page;
  /** @param clip CSS pixels; all that is seen where left out */
  shoot(name: string, page: Page, clip?: ScreenshotClip): Promise<void>;
}

const FOLDER = join(import.meta.dirname, '../../docs/extension');
// What a page that asks for it is told: 0 is dark, 1 is light.
const THEMES = { light: 1, dark: 0 };

mkdirSync(FOLDER, { recursive: true });
const wanted = process.argv.slice(2);
for (const [theme, scheme] of Object.entries(THEMES)) {
  const [month, kit] = await Promise.all([
    startMonth(),
    openBrowser({ arguments: [`--blink-settings=preferredColorScheme=${scheme}`], size: { width: 1000, height: 720 } }),
  ]);
  try {
    const page = await kit.newPage();
    const shoot: Studio['shoot'] = async (name, of, clip) => {
      await settled(of);
      const isWithin = clip === undefined || clip.height <= (await of.evaluate(() => innerHeight));
      // Drawn anew for a picture beyond what is seen, a question would take itself for covered.
      const options = { path: join(FOLDER, `${name}-${theme}.png`) as `${string}.png`, captureBeyondViewport: !isWithin };
      await of.screenshot(clip === undefined ? options : { ...options, clip });
    };
    for (const [name, scene] of Object.entries(SCENES)) {
      // Pairing is the base of all that follows it.
      if (wanted.length > 0 && !wanted.includes(name) && name !== 'pairing') continue;
      console.log(theme, name);
      // One that fails keeps the others from nothing.
      await scene({ month, kit, page, shoot }).catch((error: unknown) => {
        console.error(error);
        process.exitCode = 1;
      });
    }
    const errors = await kit.errors();
    if (errors.length > 0) console.error(errors.join('\n'));
  } finally {
    await kit.close();
    await month.close();
  }
}

/** Nothing rolls or fades any more. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => undefined)));
    await document.fonts.ready;
  });
  await new Promise((resolve) => {
    setTimeout(resolve, 450);
  });
}
