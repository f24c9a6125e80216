import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';
import type { FakeCloud } from './fake-cloud.ts';

/** Azurite, Microsoft's own stand-in for Azure Blob Storage; it keeps its data in memory. */
export type Azurite = Pick<FakeCloud, 'type' | 'options' | 'tokens' | 'environment' | 'close'> & AsyncDisposable;

/** Only a build of rclone with the backend `azureblob` can use it: Debian's newest has none. */
export async function startAzurite(): Promise<Azurite> {
  const directory = await temporaryDirectory();
  const program = createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js');
  const parameters = [
    '--inMemoryPersistence',
    '--disableTelemetry',
    '--skipApiVersionCheck',
    '--loose',
    '--blobPort',
    '0',
  ];
  const server = spawn(process.execPath, [program, ...parameters], {
    cwd: directory.path,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => server.on('close', () => resolve()));
  const address = await new Promise<string>((resolve, reject) => {
    let output = '';
    server.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      const listening = /successfully listens on (http:\/\/\S+)/.exec(output);
      if (listening !== null) resolve(listening[1] ?? '');
    });
    server.on('close', () => reject(new Error(`Azurite ended before it listened:\n${output}`)));
  });
  async function close(): Promise<void> {
    server.kill();
    await ended;
    await directory[Symbol.asyncDispose]();
  }
  return {
    type: 'azureblob',
    // With `use_emulator` alone rclone 1.60 builds an address without a scheme; the account is Azurite's well-known one.
    options: { use_emulator: 'true', endpoint: `${address}/devstoreaccount1` },
    tokens: null,
    environment: () => ({}),
    close,
    [Symbol.asyncDispose]: close,
  };
}
