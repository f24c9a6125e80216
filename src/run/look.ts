import { listTop } from '../rclone/list.ts';
import type { Look } from './guard/verdict.ts';

interface LookTools {
  readonly binary: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly redact: (text: string) => string;
  readonly signal: AbortSignal;
}

/** Looks at places through rclone. */
export function createLook({ binary, environment, redact, signal }: LookTools): Look {
  return async (place) => {
    const listed = await listTop(binary, environment, place, { signal });
    if (listed.ok) return { ok: true, value: { exists: true, ...listed.value } };
    if (listed.error.missing) return { ok: true, value: { exists: false, empty: true, entries: 0 } };
    const { message, retryable, expired } = listed.error;
    return { ok: false, error: { message: redact(message), retryable, expired } };
  };
}
