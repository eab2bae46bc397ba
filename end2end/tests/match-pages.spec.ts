// The pages of a live match: a host, a big screen and two teams of two, on the real roads and on each of them alone.
import { ARTIFACTS, choose, DESK, enter, goOn, HALL, happened, newMatch, next, stage } from './match-world';
import { ADMINISTRATOR, expect, freshId, signIn, test } from './world';
import type { BrowserContext } from '@playwright/test';

test('a match of two teams is played to its end, and who is cut off loses nothing', async ({ browser, baseURL }) => {
  test.setTimeout(120_000);
  const match = newMatch(), players = match.teams.flat(), path = `/matches/${match.id}`;
  const host = await enter(browser, baseURL, ADMINISTRATOR, `${path}/host`, DESK);
  const screen = await enter(browser, baseURL, null, `${path}/screen`, HALL);
  const pages = await Promise.all(players.map(player => enter(browser, baseURL, player, path)));
  await expect.poll(() => happened(match, 'joined').length, { timeout: 20_000 }).toBe(4);
  await expect(screen.locator('.show[data-phase=lobby]:visible')).toBeVisible();
  await screen.screenshot({ path: `${ARTIFACTS}/match-screen-lobby.png` });

  await next(host).click();
  for (const page of pages) await page.getByRole('button', { name: '准备好了' }).click();
  await expect.poll(() => happened(match, 'readied').length).toBe(4);

  // The required question; the last phone answers without a signal.
  await next(host).click();
  for (const page of pages) await expect(page.locator('.tile:visible')).not.toHaveCount(0);
  const lost = pages[3], line = lost.context();
  await line.setOffline(true);
  await expect(lost.locator('.flash:visible')).toContainText('连接断开');
  for (const [n, page] of pages.entries()) await choose(page, match.questions[0], n !== 1);
  await expect(lost.locator('.stage-state:visible .chip')).toContainText('仅在本机');
  await expect.poll(() => happened(match, 'answered').length).toBe(3);
  await lost.screenshot({ path: `${ARTIFACTS}/match-player-lost.png` });
  const back = Date.now();
  await line.setOffline(false);
  await expect.poll(() => happened(match, 'answered').length, { intervals: [100] }).toBe(4);
  expect(Date.now() - back).toBeLessThan(3_000); // two seconds, and the time to look
  await expect(lost.locator('.stage-state:visible .chip')).toContainText('已保存');
  await host.screenshot({ path: `${ARTIFACTS}/match-host-open.png` });
  await screen.screenshot({ path: `${ARTIFACTS}/match-screen-open.png` });

  // By the keyboard: lock, reveal, scoreboard.
  await host.keyboard.press('l');
  await expect(stage(pages[0])).toHaveAttribute('data-phase', 'locked');
  await expect(next(host)).toBeEnabled();
  await host.keyboard.press('r');
  await expect(stage(pages[0])).toHaveAttribute('data-phase', 'reveal');
  await expect(pages[0].locator('.verdict:visible')).toContainText('答对了');
  await pages[0].screenshot({ path: `${ARTIFACTS}/match-player-reveal.png` });
  await expect(next(host)).toBeEnabled();
  await host.keyboard.press('b');
  await expect(screen.locator('.standings:visible li')).toHaveCount(2);
  await expect(screen.locator('.standings:visible li').first()).toContainText('第2代表队');
  await screen.screenshot({ path: `${ARTIFACTS}/match-screen-scoreboard.png` });

  // The buzzer.
  await goOn(host);
  await pages[0].locator('.press:visible').click();
  await expect(stage(pages[0])).toHaveAttribute('data-phase', 'floor');
  await pages[0].screenshot({ path: `${ARTIFACTS}/match-player-floor.png` });
  await screen.screenshot({ path: `${ARTIFACTS}/match-screen-floor.png` });
  await choose(pages[0], match.questions[1]);
  await pages[0].getByRole('button', { name: '提交答案' }).click();
  await expect(stage(pages[0])).toHaveAttribute('data-phase', 'locked');
  expect(happened(match, 'pressed')).toHaveLength(1);

  await expect(next(host)).toBeEnabled();
  await next(host).click(); // reveal
  await expect(stage(pages[0])).toHaveAttribute('data-phase', 'reveal');
  await expect(next(host)).toBeEnabled();
  await next(host).click(); // scoreboard
  await expect(stage(pages[0])).toHaveAttribute('data-phase', 'scoreboard');
  await expect(next(host)).toBeEnabled();
  await next(host).click(); // asks whether to end
  await host.locator('dialog .primary').click();
  for (const page of pages) await expect(stage(page)).toHaveAttribute('data-phase', 'finished');
  await expect(screen.locator('.podium:visible')).toBeVisible();
  await screen.waitForTimeout(2_000); // the winner comes last
  await screen.screenshot({ path: `${ARTIFACTS}/match-screen-finished.png` });
  await pages[0].screenshot({ path: `${ARTIFACTS}/match-player-finished.png` });
  for (const page of [host, screen, ...pages]) await page.context().close();
});

// Each road alone: what a proxy holds back is gone before the page asks for it.
const roads: [string, (context: BrowserContext) => Promise<void>][] = [
  ['by WebSocket', async context => { await context.route('**/events?*', r => r.abort()); await context.route('**/log?*', r => r.abort()); }],
  ['by server-sent events', async context => { await context.addInitScript('delete window.WebSocket'); await context.route('**/log?*', r => r.abort()); }],
  ['by asking now and then', async context => { await context.addInitScript('delete window.WebSocket; delete window.EventSource'); }],
];

for (const [name, forbid] of roads) {
  test(`a question is answered ${name}`, async ({ browser, baseURL }) => {
    test.setTimeout(60_000);
    const match = newMatch(1), path = `/matches/${match.id}`;
    const host = await enter(browser, baseURL, ADMINISTRATOR, `${path}/host`, DESK);
    const context = await browser.newContext({ baseURL });
    await forbid(context);
    const page = await context.newPage();
    await signIn(page, match.teams[0][0]);
    await page.goto(path);
    await expect.poll(() => happened(match, 'joined').length, { timeout: 20_000 }).toBe(1);
    await next(host).click();
    await page.getByRole('button', { name: '准备好了' }).click();
    await expect.poll(() => happened(match, 'readied').length).toBe(1);
    await goOn(host);
    await expect(page.locator('.tile:visible')).not.toHaveCount(0);
    await choose(page, match.questions[0]);
    await expect(page.locator('.stage-state:visible .chip')).toContainText('已保存');
    expect(happened(match, 'answered')).toHaveLength(1);
    await host.context().close();
    await context.close();
  });
}

test('who has no seat looks on, and who does not lead has no console', async ({ page, me: _ }) => {
  const match = newMatch(1);
  await page.goto(`/matches/${match.id}`);
  await expect(page).toHaveURL(`/matches/${match.id}/watch`);
  expect((await page.goto(`/matches/${match.id}/host`))?.status()).toBe(403);
  expect((await page.goto(`/matches/${freshId()}/watch`))?.status()).toBe(404);
});

test('without wasm the page shows how the match stands', async ({ browser, baseURL }) => {
  const match = newMatch(1);
  const context = await browser.newContext({ baseURL, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`/matches/${match.id}/watch`);
  await expect(page.locator('.match')).toContainText('等候开场');
  await expect(page.getByRole('link', { name: '刷新' })).toBeVisible();
  await context.close();
});
