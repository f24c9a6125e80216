import { defineConfig } from 'vitest/config';

/** Which rclone the end-to-end tests use; without it the one that Cloudsync finds itself. */
const { CLOUDSYNC_TEST_RCLONE } = process.env;
const pure = ['model', 'manifest', 'plan', 'provider'].map((folder) => `src/${folder}/**`);

export default defineConfig({
  test: {
    restoreMocks: true,
    unstubEnvs: true,
    // End-to-end tests mostly wait: for servers, for schedules, for processes to end.
    maxWorkers: 2,
    // Only ends what hangs: on a busy machine starting a process may take seconds.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    env: CLOUDSYNC_TEST_RCLONE === undefined ? {} : { CLOUDSYNC_RCLONE: CLOUDSYNC_TEST_RCLONE },
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/e2e/**', 'test/clouds/**'] },
      },
      {
        extends: true,
        test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'] },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**'],
      exclude: ['src/manifest/generated/**'],
      thresholds: Object.fromEntries(pure.map((glob) => [glob, { 100: true }])),
    },
  },
});
