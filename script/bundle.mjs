// Joins our own modules and the libraries into a few files: loading a hundred small ones takes longer than checking a
// manifest. What only some commands need stays in files of its own, and is loaded when it is used.
import { build } from 'rolldown';

await build({
  input: 'build/js/cli.js',
  platform: 'node',
  external: ['age-encryption', 'prom-client'],
  output: {
    ...{ dir: 'dist', format: 'esm', sourcemap: true, entryFileNames: 'cli.js', chunkFileNames: '[name]-[hash].js' },
    // Comments would stay in memory for as long as a daemon runs; names and lines are for stack traces.
    comments: { legal: true, annotation: false, jsdoc: false },
  },
});
