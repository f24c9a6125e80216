import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join, resolve } from 'node:path';
import { isRecord, jsonIn } from '../model/json-text.ts';

const answerTimeoutMs = 2_000;

/** Says for people who holds a state directory, as whoever answers at its socket tells. */
export async function describeHolder(directory: string, path: string): Promise<string> {
  const pid = await readHolder(directory);
  const holder = (await askVersion(path)) ?? `${pid === null ? '' : ` (process ${pid})`} that does not answer`;
  return `The state directory ${directory} is held by another Cloudsync${holder}. Stop that one, or name another directory with --state-dir.`;
}

/** The process that holds a state directory, for when it does not say so itself; `null` if that is not known. */
export async function readHolder(directory: string): Promise<number | null> {
  const text = await readFile(holderPath(directory), 'utf8').catch(() => '');
  return /^[1-9]\d{0,9}\n$/.test(text) ? Number(text) : null;
}

export function holderPath(directory: string): string {
  return join(resolve(directory), 'daemon.pid');
}

/** `null`: it does not answer. */
function askVersion(path: string): Promise<string | null> {
  return new Promise((settle) => {
    const asking = request({ socketPath: path, path: '/v1/version', timeout: answerTimeoutMs }, async (answer) => {
      const text = await answer
        .setEncoding('utf8')
        .toArray()
        .catch(() => []);
      settle(holderIn(text.join('')));
    });
    asking.on('timeout', () => asking.destroy(new Error('no answer in time')));
    asking.on('error', () => settle(null));
    asking.end();
  });
}

function holderIn(text: string): string {
  const value = jsonIn(text);
  // Then it is none that we know how to ask.
  if (!isRecord(value)) return ' that does not say who it is';
  const { pid, version } = value;
  return ` (process ${String(pid)}, version ${String(version)})`;
}
