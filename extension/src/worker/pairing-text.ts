// What a person pastes to pair: the link of the pairing page, or the gateway's address with the code behind a space.
import { PAIRING_CODE } from '@tollgate/shared/pairing-code';

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
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin, hash, username } = new URL(text);
  const code = codeOf(hash.slice(1));
  return isWeb(protocol) && username === '' && code !== undefined ? { url: origin, code } : undefined;
}

function readAddressAndCode(text: string): PairingText | undefined {
  const [address = '', given = '', ...more] = text.split(/\s+/);
  const code = codeOf(given);
  if (more.length > 0 || code === undefined) return undefined;
  // Without a scheme https is meant; a gateway on one's own machine has none.
  const isOwnMachine = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:\/|$)/.test(address);
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `${isOwnMachine ? 'http' : 'https'}://${address}`;
  if (!URL.canParse(full)) return undefined;
  const { protocol, origin, username, hostname } = new URL(full);
  return isWeb(protocol) && username === '' && hostname !== '' ? { url: origin, code } : undefined;
}

function codeOf(text: string): string | undefined {
  const code = text.trim().toUpperCase();
  if (!PAIRING_CODE.test(code)) return undefined;
  return code.includes('-') ? code : `${code.slice(0, 5)}-${code.slice(5)}`;
}

function isWeb(protocol: string): boolean {
  return protocol === 'http:' || protocol === 'https:';
}
