// Does to every manifest of a directory what nobody can do without, and prints how many milliseconds that took.
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from './places.mjs';

// The very library that Cloudsync uses.
const { parse } = await import(inProject('node_modules/yaml/dist/index.js'));

const [work, directory] = process.argv.slice(2);
const paths = readdirSync(directory).filter((name) => name.endsWith('.yaml'));
const files = paths.map((name) => join(directory, name));
const start = performance.now();
const texts = files.map((file) => {
  lstatSync(file);
  return readFileSync(file, 'utf8');
});
const readMs = performance.now() - start;
if (work === 'parse') for (const text of texts) parse(text);
process.stdout.write(String(work === 'parse' ? performance.now() - start - readMs : readMs));
