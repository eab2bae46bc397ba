// Browser tests: `npx playwright test`. They run what `make build` made, in Debian's Chromium.
// `ZHIJIAN=none npx playwright test navigate` runs those of public/navigate.js alone, without the product.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  globalSetup: './tests/server.ts',
  workers: 2, // with three, two cores are late for what is timed
  fullyParallel: true,
  // What is timed runs last and alone; beside other tests it would time those.
  projects: [
    { name: 'product', testIgnore: /speed/ },
    { name: 'speed', testMatch: /speed/, dependencies: ['product'] },
  ],
  // A test that is red once and green the second time is printed as flaky, and is a defect to be looked into; it does not
  // hold up everybody's work.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: !!process.env.CI,
  reporter: [['list']],
  timeout: 30_000,
  expect: { timeout: 5_000 },
  use: {
    // A phone held upright; pictures ask for two device pixels themselves.
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 1,
    isMobile: true,
    hasTouch: true,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    actionTimeout: 10_000,
    // Recording every test costs time; `--trace retain-on-failure` for the one that is looked into.
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
});
