import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { parseListenAddress } from '../daemon/listen-address.ts';
import type { Guarded } from '../daemon/listen-guard.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';

export function addListenOptions(command: Command): void {
  command
    .addOption(
      new Option('--listen <host:port>', 'serve /healthz, /readyz, /metrics and POST /-/reconcile there').env(
        'CLOUDSYNC_LISTEN',
      ),
    )
    .addOption(
      new Option('--listen-token-file <file>', 'who sends this token may ask to reconcile there').env(
        'CLOUDSYNC_LISTEN_TOKEN_FILE',
      ),
    );
}

/** `null`: nothing listens. */
export function listenOf(command: Command, { workingDirectory }: Shell): Guarded | null {
  const { listen, listenTokenFile } = command.opts<{ readonly listen?: string; readonly listenTokenFile?: string }>();
  if (listen === undefined || listen === '') {
    if (listenTokenFile !== undefined) throw new UsageError('--listen-token-file needs --listen HOST:PORT');
    return null;
  }
  const address = parseListenAddress(listen);
  if (!address.ok) throw new UsageError(`--listen ${address.error}`);
  const tokenFile = listenTokenFile === undefined ? null : resolve(workingDirectory, listenTokenFile);
  return { address: address.value, tokenFile };
}
