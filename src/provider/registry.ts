import type { Provider } from '../model/provider.ts';
import { local } from './local.ts';
import { s3 } from './s3.ts';
import { sftp } from './sftp.ts';
import { webdav } from './webdav.ts';

/** Every provider by the name that a credential gives it, sorted. */
export const providers: ReadonlyMap<string, Provider> = new Map(
  [local, s3, sftp, webdav].map((provider) => [provider.name, provider]),
);

export function findProvider(name: string): Provider | null {
  return providers.get(name) ?? null;
}
