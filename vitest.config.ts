import { defineConfig } from 'vitest/config';

// Tests start real processes, stores and browsers: few at a time, with time to do it. What takes longer is in `npm run test:all`.
const long = process.env['TOLLGATE_TEST_ALL'] === '1' ? ['test/**/*.long.ts'] : [];

export default defineConfig({
  test: {
    include: ['{shared,gateway,extension}/src/**/*.test.ts', 'test/**/*.test.ts', ...long],
    exclude: ['**/node_modules/**', 'test/.mutants/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
