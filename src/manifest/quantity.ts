import { err, ok, type Result } from '../model/result.ts';

const millisecondsPerUnit: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };

/** `90s`, `10m`, `6h`, `7d`, and sums with each unit once, the largest first, such as `1h30m`; gives milliseconds. */
export function parseDuration(text: string): Result<number, string> {
  if (!/^(?=.)(?:\d{1,9}d)?(?:\d{1,9}h)?(?:\d{1,9}m)?(?:\d{1,9}s)?$/.test(text)) {
    return err('a duration is whole numbers with the units d, h, m and s, the largest first');
  }
  const parts = Object.entries(millisecondsPerUnit).map(([unit, milliseconds]) => {
    const count = new RegExp(`(\\d+)${unit}`).exec(text)?.[1] ?? '0';
    return Number(count) * milliseconds;
  });
  return ok(parts.reduce((sum, part) => sum + part, 0));
}

const sizePattern = /^(\d+(?:\.\d*)?|\.\d+)(e\d{1,2})?(?:(b)|([kmgtpe])(?:i|ib)?)?$/i;

/** `96Mi`, `512k`, `1.5G`, as rclone reads them: powers of 1024, and KiB where no unit is written; gives bytes. */
export function parseSize(text: string): Result<number, string> {
  const match = sizePattern.exec(text);
  if (match === null) return err('a size is a number with one of the units b, k, M, G, T, P, or Ki, Mi, Gi and so on');
  const [, number = '', exponent = '', plainBytes, unit = 'k'] = match;
  const power = plainBytes === undefined ? 'kmgtpe'.indexOf(unit.toLowerCase()) + 1 : 0;
  const bytes = Math.floor(Number(number + exponent) * 1024 ** power);
  return Number.isSafeInteger(bytes) ? ok(bytes) : err('the size is too large');
}
