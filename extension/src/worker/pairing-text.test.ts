import { expect, test } from 'vitest';
import { readPairingText } from './pairing-text.ts';

const CODE = 'K7QF9-M2XTR';

test.each([
  [`https://credits.example.com/tollgate/console/pair#${CODE}`, 'https://credits.example.com'],
  [`  https://credits.example.com:8402/tollgate/console/pair#${CODE.toLowerCase()}\n`, 'https://credits.example.com:8402'],
  [`http://127.0.0.1:8402/tollgate/console/pair#K7QF9M2XTR`, 'http://127.0.0.1:8402'],
  [`https://credits.example.com ${CODE}`, 'https://credits.example.com'],
  [`credits.example.com k7qf9m2xtr`, 'https://credits.example.com'],
  [`127.0.0.1:8402 ${CODE}`, 'http://127.0.0.1:8402'],
  [`localhost:8402\t${CODE}`, 'http://localhost:8402'],
  [`http://gateway.lan/ ${CODE}`, 'http://gateway.lan'],
])('%s', (text, url) => {
  expect(readPairingText(text)).toEqual({ url, code: CODE });
});

test.each([
  '',
  CODE,
  'https://credits.example.com/tollgate/console/pair',
  'https://credits.example.com/tollgate/console/pair#',
  'https://credits.example.com/tollgate/console/pair#%E0%A4%A',
  'https://credits.example.com/#K7QF9-M2XT0',
  `https://who:secret@credits.example.com/#${CODE}`,
  `https://credits.example.com@evil.test/#${CODE}`,
  `credits.example.com@evil.test ${CODE}`,
  // As a pattern of the browser that would be every host.
  `https://*/tollgate/console/pair#${CODE}`,
  `https://*.example.com/tollgate/console/pair#${CODE}`,
  `%2A.example.com ${CODE}`,
  `javascript:alert(1)#${CODE}`,
  `ftp://credits.example.com ${CODE}`,
  `file:///etc/passwd#${CODE}`,
  `credits.example.com ${CODE} more`,
  `https:// ${CODE}`,
  `https://${'a'.repeat(3_000)}.example.com/#${CODE}`,
])('%s is no pairing text', (text) => {
  expect(readPairingText(text)).toBeUndefined();
});
