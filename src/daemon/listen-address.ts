import { BlockList, isIP } from 'node:net';
import { err, ok, type Result } from '../model/result.ts';

export interface ListenAddress {
  /** Without brackets; empty: every interface. */
  readonly host: string;
  /** 0: one that is free. */
  readonly port: number;
}

/** `HOST:PORT`, `:PORT` for every interface, `[::1]:PORT`. The error is a sentence for people. */
export function parseListenAddress(text: string): Result<ListenAddress, string> {
  const [, bracketed, plain = '', digits = ''] = /^(?:\[([^\]]*)\]|([^:[\]\s/]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = digits === '' ? Number.NaN : Number(digits);
  if (!(port <= 65_535) || (bracketed !== undefined && isIP(bracketed) !== 6)) {
    return err(`must be HOST:PORT, as in 127.0.0.1:9180 or [::1]:9180, not ${JSON.stringify(text)}`);
  }
  return ok({ host: bracketed ?? plain, port });
}

export function formatListenAddress({ host, port }: ListenAddress): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether only this machine is meant. */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family === 0 ? host.toLowerCase() === 'localhost' : loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
}
