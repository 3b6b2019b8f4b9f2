const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bFirefox\//, 'Firefox'],
  [/Chrom(?:e|ium)\//, 'Chrome'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/** `Firefox on Linux`: what the key of this browser is called at the gateway, so that people know which one to revoke. */
export function browserName(userAgent: string): string {
  const first = (names: typeof BROWSERS, unknown: string): string =>
    names.find(([pattern]) => pattern.test(userAgent))?.[1] ?? unknown;
  return `${first(BROWSERS, 'Browser')} on ${first(SYSTEMS, 'an unknown system')}`;
}
