// Draws the icons of the extension from extension/icon.svg: `node test/extension/draw-icons.ts`. The pictures are committed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from 'puppeteer';
import { findBrowser } from '../kit/find-browser.ts';

const EXTENSION = join(import.meta.dirname, '../../extension');
const SIZES = [16, 32, 48, 96, 128];

const svg = readFileSync(join(EXTENSION, 'icon.svg'), 'utf8');
const browser = await launch({ executablePath: findBrowser('chromium'), args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage();
for (const size of SIZES) {
  await page.setViewport({ width: size, height: size });
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw }</style>${svg}`);
  await page.screenshot({ path: join(EXTENSION, `public/icon/${size}.png`), omitBackground: true });
}
await browser.close();
