// What a person pastes to pair: the link of the pairing page, or the gateway's address with the code behind a space.
import { PAIRING_CODE } from '@tollgate/shared/pairing-code';
import { originOf } from './grant-pattern.ts';

export interface PairingText {
  /** The gateway's origin. */
  url: string;
  code: string;
}

/** Undefined where it is neither. Codes are read in any case, with or without their dash. */
export function readPairingText(text: string): PairingText | undefined {
  const trimmed = text.trim();
  if (trimmed.length > 2_000) return undefined;
  return readLink(trimmed) ?? readAddressAndCode(trimmed);
}

function readLink(text: string): PairingText | undefined {
  const url = gatewayAt(text);
  const code = url === undefined ? undefined : codeOf(new URL(text).hash.slice(1));
  return url === undefined || code === undefined ? undefined : { url, code };
}

function readAddressAndCode(text: string): PairingText | undefined {
  const [address = '', given = '', ...more] = text.split(/\s+/);
  const code = codeOf(given);
  if (more.length > 0 || code === undefined) return undefined;
  // Without a scheme https is meant; a gateway on one's own machine has none.
  const isOwnMachine = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:\/|$)/.test(address);
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `${isOwnMachine ? 'http' : 'https'}://${address}`;
  const url = gatewayAt(full);
  return url === undefined ? undefined : { url, code };
}

/** Its origin. What looks like one host and is another, `https://credits.example.com@evil.test`, is none. */
function gatewayAt(address: string): string | undefined {
  const url = originOf(address);
  return url === undefined || new URL(address).username !== '' ? undefined : url;
}

function codeOf(text: string): string | undefined {
  const code = text.trim().toUpperCase();
  if (!PAIRING_CODE.test(code)) return undefined;
  return code.includes('-') ? code : `${code.slice(0, 5)}-${code.slice(5)}`;
}
