import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Path of a file of this package. Where this code itself lies in it depends on whether and how it was built. */
export function packageFile(name: string): string {
  return join(rootAbove(dirname(fileURLToPath(import.meta.url))), name);
}

function rootAbove(directory: string): string {
  if (existsSync(join(directory, 'package.json'))) return directory;
  const parent = dirname(directory);
  if (parent === directory) throw new Error('Internal error: package.json is missing');
  return rootAbove(parent);
}
