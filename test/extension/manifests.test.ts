// What the built extension asks of a browser, and what it may run: the promises of SECURITY and of the stores, on the files that ship.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { builtExtension } from '../kit/built-extension.ts';

const folders = { chrome: await builtExtension('chrome'), firefox: await builtExtension('firefox') };

interface Manifest {
  manifest_version: number;
  name: string;
  permissions: string[];
  optional_permissions: string[];
  optional_host_permissions: string[];
  host_permissions?: string[];
  content_scripts?: unknown;
  externally_connectable?: unknown;
  icons: Readonly<Record<string, string>>;
  action: { default_icon?: Readonly<Record<string, string>>; default_popup: string };
  background: { service_worker?: string; scripts?: string[] };
  options_ui: { page: string; open_in_tab: boolean };
  content_security_policy: { extension_pages: string };
  web_accessible_resources: { resources: string[]; use_dynamic_url?: boolean }[];
  browser_specific_settings?: { gecko: { id: string; strict_min_version: string; data_collection_permissions: unknown } };
}

describe.each(['chrome', 'firefox'] as const)('%s', (target) => {
  const folder = folders[target];
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  const files = globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const scripts = files.filter((file) => file.endsWith('.js')).map((file) => ({ file, text: readFileSync(file, 'utf8') }));

  test('asks at install for storage and a clock, and for no site', () => {
    expect(manifest.manifest_version).toBe(3);
    expect(manifest.permissions.toSorted()).toEqual(['alarms', 'storage']);
    expect(manifest.host_permissions ?? []).toEqual([]);
    expect(manifest.content_scripts ?? []).toEqual([]);
    expect(manifest.externally_connectable).toBeUndefined();
  });

  test('may ask later, from a click, for one site at a time, and for what no browser warns about', () => {
    expect(manifest.optional_permissions.toSorted()).toEqual(['activeTab', 'notifications', 'scripting']);
    expect(manifest.optional_host_permissions.toSorted()).toEqual(['http://*/*', 'https://*/*']);
  });

  test('its pages run its own scripts alone', () => {
    const policy = new Map(
      manifest.content_security_policy.extension_pages.split(';').map((part) => {
        const [name = '', ...sources] = part.trim().split(/\s+/);
        return [name, sources] as const;
      }),
    );
    expect(policy.get('default-src')).toEqual(["'none'"]);
    expect(policy.get('script-src')).toEqual(["'self'"]);
    expect(policy.get('base-uri')).toEqual(["'none'"]);
    expect(policy.get('form-action')).toEqual(["'none'"]);
    // A gateway may be anywhere, also on http in one's own network: which one, the browser's grant says.
    expect(policy.get('connect-src')).toEqual(['http:', 'https:']);
    expect(policy.has('worker-src')).toBe(false);
  });

  test('all code is in the package: nothing is fetched to be run, and no text becomes code or markup', () => {
    const pages = files.filter((file) => file.endsWith('.html'));
    expect(pages.length).toBeGreaterThan(2);
    for (const page of pages) {
      const html = readFileSync(page, 'utf8');
      expect(html, page).not.toMatch(/<script(?![^>]*\ssrc="\/)/);
      expect(html, page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
      expect(html, page).not.toMatch(/\son\w+=/);
    }
    expect(scripts.length).toBeGreaterThan(3);
    for (const { file, text } of scripts) {
      expect(
        text.match(/\bimport\(\s*["'`]https?:|importScripts\(|\.innerHTML\s*=[^=]|\.outerHTML\s*=[^=]|document\.write/)?.[0],
        file,
      ).toBe(undefined);
      expect(text.match(/\beval\(|\bFunction\(|[=,]Function[;,)]/)?.[0], file).toBe(undefined);
    }
  });

  test('its pages cannot be shown by sites, but for the card', () => {
    const shown = manifest.web_accessible_resources.flatMap(({ resources }) => resources);
    expect(shown.every((resource) => /^(?:card|point-panel)\.html$/.test(resource))).toBe(true);
    // Its address changes with each start, so that no page can look for it.
    if (target === 'chrome')
      expect(manifest.web_accessible_resources.every((entry) => entry.use_dynamic_url === true)).toBe(true);
  });

  test('has its icons, its pages, and its texts', () => {
    const named = [
      ...Object.values(manifest.icons),
      ...Object.values(manifest.action.default_icon ?? {}),
      manifest.action.default_popup,
      manifest.options_ui.page,
      ...(manifest.background.scripts ?? [manifest.background.service_worker ?? '']),
    ];
    expect(Object.keys(manifest.icons)).toEqual(expect.arrayContaining(['16', '32', '48', '128']));
    for (const file of named) expect(files).toContain(join(folder, file));
    for (const [size, file] of Object.entries(manifest.icons)) expect(widthOf(join(folder, file))).toBe(Number(size));
    const texts = JSON.parse(readFileSync(join(folder, '_locales/en/messages.json'), 'utf8')) as Record<string, unknown>;
    expect(texts).toHaveProperty(manifest.name.replaceAll(/^__MSG_|__$/g, ''));
    expect(manifest.options_ui.open_in_tab).toBe(true);
  });

  test('what runs in a page is small: at most 15 kB, gzipped', () => {
    const content = scripts.filter(({ file }) => file.includes(`${join('/', 'content-scripts', '/')}tags`));
    expect(content.length).toBe(1);
    for (const { text } of content) expect(gzipSync(text, { level: 9 }).length).toBeLessThanOrEqual(15_000);
  });

  test('brings no map of its sources and nothing beside what it needs', () => {
    expect(files.filter((file) => !/\.(?:js|html|css|png|json)$/.test(file))).toEqual([]);
  });
});

test('firefox: a name of its own, and nothing collected', () => {
  const manifest = JSON.parse(readFileSync(join(folders.firefox, 'manifest.json'), 'utf8')) as Manifest;
  expect(manifest.browser_specific_settings?.gecko).toMatchObject({
    id: expect.stringMatching(/^[\w.-]+@[\w.-]+$/),
    data_collection_permissions: { required: ['none'] },
  });
});

/** Of a PNG: the width stands at byte 16. */
function widthOf(file: string): number {
  return readFileSync(file).readUInt32BE(16);
}
