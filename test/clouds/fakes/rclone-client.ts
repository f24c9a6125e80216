import { spawn } from 'node:child_process';
import { obscure } from '../../../src/rclone/obscure.ts';
import type { FakeCloud } from './fake-cloud.ts';

const { CLOUDSYNC_RCLONE, PATH = '' } = process.env;

export interface RcloneEnd {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface RcloneClient {
  /** Ends well or throws with rclone's own words; gives its standard output. */
  run(...parameters: readonly string[]): Promise<string>;
  /** Ends as it may. */
  attempt(...parameters: readonly string[]): Promise<RcloneEnd>;
}

/**
 * The real rclone, with nothing but an environment that makes the fake its remote `cloud:`. A renewed token is lost,
 * unless `tokenFile` names a configuration file with nothing but the token in it, which rclone then keeps up to date.
 */
export function rcloneClient(
  cloud: Pick<FakeCloud, 'type' | 'options' | 'tokens' | 'environment'>,
  tokenFile: string | null = null,
): RcloneClient {
  const token = cloud.tokens === null || tokenFile !== null ? {} : { token: cloud.tokens.json() };
  const options = Object.entries({ type: cloud.type, ...token, ...cloud.options }).map(([option, value]) => [
    `RCLONE_CONFIG_CLOUD_${option.toUpperCase()}`,
    // The one option of these backends that rclone expects obscured.
    option === 'pass' ? obscure(value) : value,
  ]);
  const environment = {
    ...{ PATH, RCLONE_CONFIG: tokenFile ?? '' },
    ...{ ...Object.fromEntries(options), ...cloud.environment() },
  };

  function attempt(...parameters: readonly string[]): Promise<RcloneEnd> {
    return new Promise((resolve, reject) => {
      const child = spawn(CLOUDSYNC_RCLONE ?? 'rclone', [...parameters, '--retries', '1'], { env: environment });
      let output = '';
      let errors = '';
      child.stdout.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text) => {
        errors += text;
      });
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, output, errors }));
    });
  }

  return {
    attempt,
    async run(...parameters) {
      const { code, output, errors } = await attempt(...parameters);
      if (code === 0) return output;
      throw new Error(`rclone ${parameters.join(' ')} ended with ${code}:\n${errors}`);
    },
  };
}
