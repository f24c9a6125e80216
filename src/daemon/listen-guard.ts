import type { IncomingMessage } from 'node:http';
import { isLoopback, type ListenAddress } from './listen-address.ts';
import { carriesToken, readListenToken } from './listen-token.ts';
import type { Refusal } from './route.ts';

export interface Guarded {
  readonly address: ListenAddress;
  /** `null`: nobody may change anything. */
  readonly tokenFile: string | null;
}

/** Why a request may not change anything; `null`: it may. What only the operator should know is told to `report`. */
export async function refuseChange(
  { headers }: IncomingMessage,
  { address, tokenFile }: Guarded,
  report: (detail: string) => void,
): Promise<Refusal | null> {
  // A page in a browser, which may be anybody's and reach this through a name that points here.
  if (headers.origin !== undefined) return { status: 403, error: 'Requests from browsers are refused' };
  if (isLoopback(address.host) && !isLocalName(headers.host ?? '', address))
    return { status: 403, error: 'The host of the request is not this machine' };
  if (tokenFile === null) {
    const error =
      'No token is configured: start the daemon with --listen-token-file FILE and send it as a bearer token';
    return { status: 403, error };
  }
  const token = await readListenToken(tokenFile);
  if (!token.ok) {
    report(`--listen-token-file: ${token.error}`);
    return { status: 403, error: 'The token file of the daemon cannot be used; its log says why' };
  }
  if (carriesToken(headers.authorization, token.value.token)) return null;
  return { status: 401, error: 'The token is missing or wrong', headers: { 'www-authenticate': 'Bearer' } };
}

function isLocalName(host: string, address: ListenAddress): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return isLoopback(name) || name === address.host;
}
