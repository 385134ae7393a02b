import { isIP } from 'node:net';
import { invalid } from '../errors.ts';
import { isPrivateAddress } from './private-addresses.ts';

const urlMaxCharacters = 2048;

interface Permission {
  /** Whether addresses in private networks, and http, are permitted. */
  readonly allowsPrivate: boolean;
  /** The setting that permits them. */
  readonly setting: string;
}

/**
 * Checks a URL that this server is asked to call, and returns its normal form. Throws INVALID. A
 * name that resolves to a private address is refused by the HTTP client at each call.
 */
export function checkOutsideUrl(
  text: string,
  field: string,
  { allowsPrivate, setting }: Permission,
): URL {
  if (text.length > urlMaxCharacters || !URL.canParse(text))
    throw invalid(`The URL is not valid, or longer than ${urlMaxCharacters} characters.`, field);
  const url = new URL(text);
  // The normal form of a text that is not ASCII is much longer; an index has it as a key.
  if (url.href.length > urlMaxCharacters)
    throw invalid(`The URL is longer than ${urlMaxCharacters} characters.`, field);
  if (url.protocol !== 'https:' && !(allowsPrivate && url.protocol === 'http:'))
    throw invalid(
      `The URL must begin with https://. For http:// in your own network, set ${setting}=on.`,
      field,
    );
  if (url.username || url.password) throw invalid('The URL must not contain a password.', field);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!allowsPrivate && (host === 'localhost' || (isIP(host) && isPrivateAddress(host))))
    throw invalid(
      `The URL is in a private network. Use a public address, or set ${setting}=on.`,
      field,
    );
  return url;
}
