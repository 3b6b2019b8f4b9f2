import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { preact } from '@preact/preset-vite';
import { defineConfig } from 'wxt';

const MESSAGES = join(import.meta.dirname, 'src/messages');

// No text becomes markup or code. Preact could write markup, and zod probes whether it may compile; with both taken out no mistake can, pages with
// a strict policy see no probe, and who reviews the packages for stores has nothing to ask.
const TAKEN_OUT = [
  { from: '/preact/', what: '.innerHTML=', by: '.textContent=' },
  {
    from: '/zod/',
    what: 'const F = Function;',
    by: "const F = class { constructor() { throw new Error('no text becomes code'); } };",
  },
];
const textStaysText = {
  name: 'text-stays-text',
  transform: (code: string, id: string) =>
    TAKEN_OUT.filter(({ from, what }) => id.includes(from) && code.includes(what)).reduce<string | null>(
      (text, { what, by }) => (text ?? code).replaceAll(what, by),
      null,
    ),
};

// What runs in pages all day is small and tells them nothing: it needs two of the browser's functions, which are there in each, and none of
// the build tool's context, which tells pages of itself by an event and ends when a page sends the same one.
const forPages = {
  name: 'for-pages',
  enforce: 'pre' as const,
  resolveId: (id: string) => {
    if (id === 'wxt/utils/content-script-context') return join(import.meta.dirname, 'src/tags/page-context.ts');
    return id.endsWith('webextension-polyfill/browser') || id === 'wxt/browser'
      ? join(import.meta.dirname, 'src/tags/browser-here.ts')
      : null;
  },
};

// Nothing is asked for at install beyond storage and a clock. Gateways and sites are asked for one at a time, from a click.
export default defineConfig({
  srcDir: 'src',
  imports: false,
  modules: ['@wxt-dev/webextension-polyfill'],
  targetBrowsers: ['chrome', 'firefox'],
  manifestVersion: 3,
  zip: {
    name: 'tollgate',
    artifactTemplate: '{{name}}-{{version}}-{{browser}}.zip',
    sourcesTemplate: '{{name}}-{{version}}-sources.zip',
    // What `npm run build:extension` needs, and nothing else of the workspace.
    sourcesRoot: join(import.meta.dirname, '..'),
    includeSources: [
      '{package.json,pnpm-lock.yaml,pnpm-workspace.yaml,.npmrc,setup.mjs,tsconfig.json,LICENSE,patches/**}',
      '{extension,shared}/{src,public}/**',
      '{extension,shared,gateway,test}/package.json',
      'extension/*.{ts,json,svg}',
      'docs/extension.md',
    ],
    dotSources: true,
  },
  vite: () => ({
    plugins: [preact(), textStaysText],
    // Browsers that can load it need nothing translated.
    build: { target: ['chrome126', 'firefox142'] },
  }),
  manifest: ({ browser }) => ({
    name: '__MSG_extension_name__',
    description: '__MSG_extension_about__',
    default_locale: 'en',
    permissions: ['storage', 'alarms'],
    optional_permissions: ['scripting', 'activeTab', 'notifications'],
    optional_host_permissions: ['http://*/*', 'https://*/*'],
    web_accessible_resources: [
      {
        resources: ['card.html', 'point-panel.html'],
        matches: ['http://*/*', 'https://*/*'],
        // Its address changes with each start, so that no page can look for it.
        ...(browser === 'chrome' ? { use_dynamic_url: true } : {}),
      },
    ],
    content_security_policy: {
      // A gateway may be on http in one's own network.
      extension_pages:
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src http: https:; base-uri 'none'; form-action 'none'",
    },
    ...(browser === 'firefox'
      ? {
          browser_specific_settings: {
            gecko: {
              id: 'tollgate@tollgate.example',
              strict_min_version: '142.0',
              data_collection_permissions: { required: ['none'] },
            },
          },
        }
      : { minimum_chrome_version: '126' }),
  }),
  hooks: {
    'vite:build:extendConfig': (entrypoints, config) => {
      if (!entrypoints.every(({ name }) => name === 'tags')) return;
      config.plugins?.push(forPages);
      // A thirtieth smaller than the builder's own, and slower, which for one file is nothing.
      config.build = {
        ...config.build,
        minify: 'terser',
        terserOptions: { ecma: 2020, compress: { passes: 3 }, toplevel: true },
      };
    },
    'build:publicAssets': (_wxt, files) => {
      const parts = readdirSync(MESSAGES).map((name) => JSON.parse(readFileSync(join(MESSAGES, name), 'utf8')) as object);
      files.push({ relativeDest: '_locales/en/messages.json', contents: JSON.stringify(Object.assign({}, ...parts)) });
    },
  },
});
