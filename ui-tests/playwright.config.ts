import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests',
  outputDir: '../test-results',
  globalSetup: './server.ts',
  // One server runs the jobs of all tests.
  workers: 1,
  timeout: 90_000,
  // A machine that others use, too, may keep a browser waiting once; the report names the test.
  retries: process.env.CI === 'true' ? 1 : 0,
  expect: { timeout: 20_000 },
  forbidOnly: process.env.CI === 'true',
  reporter: [['list'], ['json', { outputFile: '../build/reports/ui.json' }]],
  use: {
    viewport: { width: 1600, height: 900 },
    screenshot: 'only-on-failure',
    // To record one takes as long as the test.
    trace: 'on-first-retry',
    // A recording would need a program that only the browsers of Playwright bring along.
    video: 'off',
    launchOptions: {
      executablePath: process.env.CHROME_PATH,
      // WebGL without a graphics card.
      args: [
        '--no-sandbox',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-quic',
        '--disable-sync',
        // The page itself is drawn sooner without it.
        '--disable-gpu-compositing',
        '--use-gl=angle',
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader'
      ]
    }
  }
});
