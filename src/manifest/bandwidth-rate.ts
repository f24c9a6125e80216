import { err, ok, type Result } from '../model/result.ts';
import type { BandwidthRate } from '../model/task.ts';

const ratePattern = /^(\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?:(b)|([kmg])(?:i?b|i)?)?(?:\/s)?$/i;

/** `512`, `10MB`, `off`, or `UP:DOWN`; k is 1024 and the default unit. The error is a clause for a message. */
export function parseRate(text: string): Result<BandwidthRate, string> {
  const halves = text.split(':').map(parseHalf);
  const [up, down = up] = halves;
  if (up === undefined || down === undefined || halves.length > 2) {
    return err('a limit has at most two parts, UP:DOWN');
  }
  if (!up.ok) return up;
  if (!down.ok) return down;
  return ok({ up: up.value, down: down.value });
}

function parseHalf(text: string): Result<number | null, string> {
  if (text.toLowerCase() === 'off') return ok(null);
  const match = ratePattern.exec(text);
  if (match === null) return err(`${JSON.stringify(text.slice(0, 40))} is not a limit${bitsAdvice(text)}`);
  const [, number = '', plainBytes, unit = 'k'] = match;
  const power = plainBytes === undefined ? 'kmg'.indexOf(unit.toLowerCase()) + 1 : 0;
  const bytes = Math.round(Number(number) * 1024 ** power);
  // To rclone, 0 is no limit at all.
  if (Number(number) === 0) return ok(null);
  if (bytes === 0) return err('the limit is less than one byte per second');
  return Number.isSafeInteger(bytes) ? ok(bytes) : err('the limit is too large');
}

function bitsAdvice(text: string): string {
  return /(?:bit|bps)(?:\/s)?$/i.test(text) ? '; limits count bytes per second, not bits' : '';
}
