// Quick matches: two are paired and play to the end without a host; a room by its link; a page without scripts waits too.
import AxeBuilder from '@axe-core/playwright';
import { ARTIFACTS, choose, enter, stage } from './match-world';
import { db, expect, newLearner, test } from './world';
import type { Page } from '@playwright/test';

/** What axe finds on the page at its whole height. */
async function faults(page: Page) {
  const size = page.viewportSize()!;
  await page.setViewportSize({ width: 390, height: await page.evaluate(() => document.documentElement.scrollHeight + 200) });
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  await page.setViewportSize(size);
  return violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}`));
}

// One after the other: who looks for a match here would be paired with who is alone there.
test.describe.configure({ mode: 'default' });

const shot = (page: Page, name: string) => page.screenshot({ path: `${ARTIFACTS}/quick-${name}.png` });
const tooWide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
const start = (page: Page) => page.getByRole('button', { name: '开始匹配' }).click();

/** Plays what is asked until the match is over: the first rightly, the others wrongly. */
async function play(pages: Page[], match: string) {
  const secrets = JSON.parse(db`select secrets from live_match where id = ${match}`[0].secrets);
  for (const [n, question] of secrets.questions.entries()) {
    for (const page of pages) await expect(page.locator('.stage-state:visible')).toContainText(`第 ${n + 1} 题`, { timeout: 15_000 });
    for (const page of pages) await expect(page.locator('.tile:visible')).not.toHaveCount(0);
    if (n === 0) await shot(pages[0], 'question');
    for (const [place, page] of pages.entries()) await choose(page, question.id, place === 0);
    for (const page of pages) await expect(stage(page)).toHaveAttribute('data-phase', 'reveal', { timeout: 15_000 });
    if (n === 0) await shot(pages[0], 'reveal');
  }
  for (const page of pages) await expect(stage(page)).toHaveAttribute('data-phase', 'finished', { timeout: 15_000 });
}

test('two who look for a match are paired, play to the end by the clock, and see what it was worth', async ({ browser, baseURL }) => {
  test.setTimeout(120_000);
  const people = [newLearner(), newLearner()];
  const pages = await Promise.all(people.map(person => enter(browser, baseURL, person, '/contests')));
  await pages[0].getByRole('link', { name: '快速对战' }).click();
  await expect(pages[0].getByRole('heading', { name: '快速对战', level: 1 })).toBeVisible();
  await shot(pages[0], 'home');
  expect(await faults(pages[0])).toEqual([]);
  expect(await tooWide(pages[0])).toBe(false);
  await start(pages[0]);
  await expect(pages[0].getByRole('heading', { name: '正在找对手' })).toBeVisible();
  await shot(pages[0], 'waiting');
  expect(await faults(pages[0])).toEqual([]);

  const began = Date.now();
  await pages[1].goto('/contests/quick');
  await start(pages[1]);
  for (const page of pages) await expect(page).toHaveURL(/\/matches\//, { timeout: 12_000 });
  expect(Date.now() - began).toBeLessThan(10_000);
  const match = pages[0].url().split('/').pop()!;
  expect(pages[1].url()).toContain(match);
  await play(pages, match);
  await expect(pages[0].locator('.place')).toContainText('第 1 名');
  await expect(pages[1].locator('.place')).toContainText('第 2 名');
  await shot(pages[0], 'finished');
  await shot(pages[1], 'finished-second');

  await expect.poll(() => db`select state from quick_match where match_id = ${match}`[0].state).toBe('finished');
  await pages[0].goto('/contests/quick');
  await expect(pages[0].locator('.row').first()).toContainText(`对 ${people[1].name}`);
  await expect(pages[0].locator('.row').first()).toContainText('第 1 名，100 分');
  await expect(pages[0].locator('.row').first()).toContainText('积分 +2');
  await shot(pages[0], 'home-after');
  expect(await faults(pages[0])).toEqual([]);
  await pages[0].goto('/me/credits');
  await expect(pages[0].locator('.ledger')).toContainText('快速对战第 1 名');
  await pages[0].goto('/contests');
  await expect(pages[0].locator(`a[href="/matches/${match}"]`)).toHaveCount(0);
});

test('a room is entered by its link, and its match begins when its owner says so', async ({ browser, baseURL }) => {
  test.setTimeout(60_000);
  const [owner, guest, stranger] = [newLearner(), newLearner(), newLearner()];
  const room = await enter(browser, baseURL, owner, '/contests/quick');
  await room.getByRole('button', { name: '建房间' }).click();
  await expect(room.getByRole('heading', { name: '对战房间', level: 1 })).toBeVisible();
  const link = await room.getByLabel('邀请链接').inputValue();
  expect(link).toMatch(/\/contests\/quick\/rooms\/[2-9a-z_]{12}$/);
  expect(link).toBe(room.url());
  await expect(room.getByRole('img', { name: '房间链接的二维码' }).locator('svg')).toBeVisible();
  await expect(room.getByRole('button', { name: '开始对战' })).toHaveCount(0);
  expect(await faults(room)).toEqual([]);
  expect(await tooWide(room)).toBe(false);

  const other = await enter(browser, baseURL, guest, link);
  await expect(other.getByText(`${owner.name} 邀请您`)).toBeVisible();
  await shot(other, 'invited');
  expect(await faults(other)).toEqual([]);
  await other.getByRole('button', { name: '进入房间' }).click();
  await expect(other.getByText('人齐后由房主开始')).toBeVisible();
  await expect(room.getByRole('button', { name: '开始对战' })).toBeVisible({ timeout: 5_000 });
  await room.screenshot({ path: `${ARTIFACTS}/quick-room.png`, fullPage: true });
  await room.getByRole('button', { name: '开始对战' }).click();
  for (const page of [room, other]) await expect(page).toHaveURL(/\/matches\//, { timeout: 10_000 });

  const late = await enter(browser, baseURL, stranger, link);
  await expect(late).toHaveURL(/\/contests\/quick$/);
  await expect(late.getByText('这个房间已经开赛或关闭')).toBeVisible();
  // The match is its players' own: for everyone else there is none.
  const game = new URL(room.url()).pathname;
  for (const what of ['', '/watch', '/screen', '/log', '/events']) expect((await late.request.get(game + what)).status(), what).toBe(404);
});

test('who is alone is told so and led to a room', async ({ browser, baseURL }) => {
  test.setTimeout(60_000);
  const page = await enter(browser, baseURL, newLearner(), '/contests/quick');
  await start(page);
  await expect(page.getByRole('heading', { name: '暂时没有别人在等' })).toBeVisible({ timeout: 15_000 });
  await shot(page, 'alone');
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: '建房间邀请同事' }).click();
  await expect(page.getByRole('heading', { name: '对战房间', level: 1 })).toBeVisible();
  await page.getByRole('button', { name: '退出房间' }).click();
  await expect(page.getByText('已退出。')).toBeVisible();
});

test('without scripts the page that waits leads to the match too', async ({ browser, baseURL }) => {
  test.setTimeout(60_000);
  const [plain, usual] = [newLearner(), newLearner()];
  const waits = await enter(browser, baseURL, plain, '/contests/quick', { javaScriptEnabled: false });
  await start(waits);
  await expect(waits.getByRole('heading', { name: '正在找对手' })).toBeVisible();
  const comes = await enter(browser, baseURL, usual, '/contests/quick');
  await start(comes);
  for (const page of [waits, comes]) await expect(page).toHaveURL(/\/matches\//, { timeout: 15_000 });
});
