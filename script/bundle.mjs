// Joins our own modules, and the libraries that nearly every command needs, into a few files: loading a hundred small
// ones takes longer than checking a manifest. What only some commands need stays apart, and is loaded when it is used.
import { build } from 'rolldown';

await build({
  input: 'build/js/cli.js',
  platform: 'node',
  external: ['execa', 'pino', 'age-encryption', 'diff', 'prom-client'],
  output: { dir: 'dist', format: 'esm', sourcemap: true, entryFileNames: 'cli.js', chunkFileNames: '[name]-[hash].js' },
});
