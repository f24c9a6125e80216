/** Host, port and path of a server. */
export interface Address {
  /** `nas.example.org` or `nas.example.org:8443`. */
  readonly authority: string;
  readonly path: readonly string[];
}

const defaultPorts: readonly string[] = ['', '80', '443'];

/**
 * A server as people write it in several ways: with or without scheme, user, default port, dot or slash at the end, in
 * any case. `port` is the one that the service has by default, where that is not one of the web.
 */
export function addressOf(written: string, port: number | null = null): Address {
  const [, rest = ''] = /^(?:[a-z][a-z\d+.-]*:)?\/*(.*)$/is.exec(hasScheme(written) ? written : `//${written}`) ?? [];
  const bare = isBareIpv6(rest) ? `[${rest}]` : rest;
  const url = parsed(`http://${bare}`);
  if (url === null) return { authority: written.trim().toLowerCase(), path: [] };
  const isDefault = port === null ? defaultPorts.includes(url.port) : ['', String(port)].includes(url.port);
  const host = loopback.test(url.hostname) ? 'localhost' : url.hostname.replace(/\.+$/, '');
  const path = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  return { authority: isDefault ? host : `${host}:${url.port}`, path };
}

const loopback = /^(?:localhost\.?|127(?:\.\d+){3}|\[::1\])$/;

function hasScheme(text: string): boolean {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(text);
}

function isBareIpv6(text: string): boolean {
  return /^[\da-f]*:[\da-f:.]*:[\da-f:.]*$/i.test(text);
}

function parsed(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
