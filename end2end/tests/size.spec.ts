// What the first page costs over the line: wasm and JavaScript as they arrive, compressed.
import { newMatch } from './match-world';
import { awake, expect, newContest, newLearner, signIn, test } from './world';

const LIMIT = 120, AIM = 100; // KiB, brotli

test('wasm and JavaScript of any first page stay within 120 KiB', async ({ browser, baseURL }) => {
  const learner = newLearner(), contest = newContest();
  const context = await browser.newContext({ baseURL });
  await signIn(await context.newPage(), learner);
  const storageState = await context.storageState();
  await context.close();
  const pages = ['/', '/laws/宪法/5', '/lessons/constitution-supremacy', '/practice', `/contests/${contest.id}`];
  for (const path of pages) {
    const fresh = await browser.newContext({ baseURL, storageState }); // nothing in its cache
    const page = await fresh.newPage();
    const sizes = new Map<string, number>();
    page.on('response', res => {
      if (!/\.(wasm|js)$/.test(new URL(res.url()).pathname)) return;
      expect(res.headers()['content-encoding'], res.url()).toBe('br');
      sizes.set(res.url(), Number(res.headers()['content-length']));
    });
    await page.goto(path);
    if (path.startsWith('/contests')) {
      await page.locator('form[action$="/attempts"] button').click();
      await expect(page.getByRole('timer')).toBeVisible();
    }
    if (await page.locator('leptos-island').count()) await awake(page);
    else await page.waitForLoadState('networkidle'); // what is fetched ahead counts too
    const kib = [...sizes.values()].reduce((sum, n) => sum + n, 0) / 1024;
    console.log(`${path}: ${kib.toFixed(1)} KiB of wasm and JavaScript in ${sizes.size} files (limit ${LIMIT}, aim ${AIM})`);
    expect([...sizes.values()].every(n => n > 0), 'every file says its size').toBe(true);
    expect([...sizes.keys()].filter(url => url.endsWith('.wasm'))).toHaveLength(1);
    expect(kib, path).toBeLessThanOrEqual(LIMIT);
    await fresh.close();
  }
});

// The module of a live match draws players, hosts, screens and spectators by the same state machine that the server runs.
// It is larger than the aim; the page stands without it, and only those who open a match load it.
const MATCH_LIMIT = 215; // KiB, brotli

test('wasm and JavaScript of a live match stay within their own limit, and the page stands before them', async ({ browser, baseURL }) => {
  const match = newMatch(1), context = await browser.newContext({ baseURL }), page = await context.newPage();
  const sizes = new Map<string, number>();
  page.on('response', res => {
    if (/\.(wasm|js)$/.test(new URL(res.url()).pathname)) sizes.set(res.url(), Number(res.headers()['content-length']));
  });
  let held: () => void = () => {};
  const hold = new Promise<void>(done => { held = done; });
  await page.route('**/*.wasm', async route => { await hold; await route.continue(); });
  await page.goto(`/matches/${match.id}/watch`);
  await expect(page.locator('.match')).toContainText('等候开场');
  held();
  await awake(page);
  const kib = [...sizes.values()].reduce((sum, n) => sum + n, 0) / 1024;
  console.log(`a match: ${kib.toFixed(1)} KiB of wasm and JavaScript in ${sizes.size} files (limit ${MATCH_LIMIT})`);
  expect([...sizes.keys()].filter(url => url.endsWith('.wasm'))).toHaveLength(1);
  expect(kib).toBeLessThanOrEqual(MATCH_LIMIT);
  await context.close();
});
