import { timeZoneFault } from '../schedule/time-zone-setting.ts';
import type { Shell } from './shell.ts';

/** Warns where times that are shown or scheduled are probably not in the zone that was meant. */
export function noteTimeZone({ environment, terminal }: Shell): void {
  const { TZ } = environment;
  const fault = timeZoneFault(TZ);
  if (fault !== null) terminal.note(`warning: ${fault}`);
}
