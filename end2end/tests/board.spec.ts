// The public board: who sees which names, that it keeps itself up to date, the freeze, and that it is whole without scripts.
import AxeBuilder from '@axe-core/playwright';
import { randomBytes } from 'node:crypto';
import { stand } from './contest-world';
import { db, expect, freshId, newContest, newLearner, signIn, test, type Contest, type Learner } from './world';
import type { Page } from '@playwright/test';

const ARTIFACTS = 'artifacts';
const rows = (page: Page) => page.locator('.board tbody tr');
const names = (page: Page) => rows(page).evaluateAll(all => all.map(row => row.children[1].firstChild!.textContent));

/** The standing changes, as it does with an answer. */
const move = (contest: Contest, who: Learner, points: number) =>
  db`update contest_standing set points = ${points}, changed_at = ${Date.now()} where contest_id = ${contest.id} and learner_id = ${who.id}`;

/** Takes away what no answer stands behind, so that the database stays sound. */
function clear(contest: Contest) {
  db`delete from contest_standing where contest_id = ${contest.id}`;
  db`delete from contest_attempt where contest_id = ${contest.id}`;
}

function field(rules: object = {}) {
  const contest = newContest(rules);
  const people = [80, 60, 40].map(points => {
    const who = { ...newLearner(), name: `王${randomBytes(2).toString('hex')}` };
    db`update learner set name = ${who.name} where id = ${who.id}`;
    stand(contest, who, points);
    return who;
  });
  return { contest, people };
}

test('whoever is signed in reads names in full, and rows move by themselves', async ({ page, me: _ }) => {
  const { contest, people } = field();
  await page.goto(`/contests/${contest.id}`);
  await page.getByRole('link', { name: '看公开榜单' }).click();
  await expect(page).toHaveURL(new RegExp(`/contests/${contest.id}/board`));
  await expect(page.locator('.board-state .chip')).toHaveText('实时');
  // The board has a script of its own, so that the document changes once more.
  await expect(async () => expect(await names(page)).toEqual(people.map(p => p.name))).toPass();
  await page.screenshot({ path: `${ARTIFACTS}/board-learners.png` });
  move(contest, people[2], 100);
  await expect.poll(() => names(page), { timeout: 15_000 }).toEqual([people[2], people[0], people[1]].map(p => p.name));
  await expect(page.locator('#announce')).toHaveText('榜单已更新');
  clear(contest);
});

test('who has no account sees the board with family names alone', async ({ browser, baseURL }) => {
  const { contest, people } = field();
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  const response = await page.goto(`/contests/${contest.id}/board`);
  expect(response?.status()).toBe(200);
  expect(await names(page)).toEqual(['王**', '王**', '王**']);
  expect(await page.content()).not.toContain(people[0].name);
  for (const path of ['live?of=learners&in=zh-CN', '../board.json?of=learners']) {
    const text = await (await context.request.get(`/contests/${contest.id}/board/${path}`)).text();
    expect(text).toContain('王**');
    expect(text).not.toContain(people[0].name);
  }
  await page.screenshot({ path: `${ARTIFACTS}/board-spectator.png` });
  expect((await page.goto(`/contests/${freshId()}/board`))?.status()).toBe(404);
  db`update contest set is_draft = true where id = ${contest.id}`;
  const draft = await browser.newContext({ baseURL });
  await expect.poll(async () => (await draft.request.get(`/contests/${contest.id}/board`)).status()).toBe(404);
  await draft.close();
  clear(contest);
  await context.close();
});

test('a table that is the same is not sent again', async ({ page, me: _ }) => {
  const { contest } = field();
  const url = `/contests/${contest.id}/board/live?of=learners&in=zh-CN`;
  const first = await page.request.get(url);
  const tag = first.headers()['etag'];
  const again = await page.request.get(url, { headers: { 'if-none-match': tag } });
  expect(again.status()).toBe(304);
  expect(again.headers()['x-figures-at']).toMatch(/^\d\d:\d\d:\d\d$/);
  expect(first.headers()['content-security-policy']).toContain("default-src 'self'");
  clear(contest);
});

test('groups open to the figures behind them, and stay open while the board moves', async ({ page, me: _ }) => {
  const { contest, people } = field();
  await page.goto(`/contests/${contest.id}/board`);
  await page.getByRole('link', { name: '单位', exact: true }).click();
  await expect(rows(page)).toHaveCount(1);
  await expect(page.locator('.board-formula')).toContainText('在册人数的 10%');
  await page.locator('.board summary').click();
  await expect(page.locator('.board .facts')).toContainText('÷');
  await page.screenshot({ path: `${ARTIFACTS}/board-units.png` });
  const before = await rows(page).locator('.number strong').textContent();
  move(contest, people[0], 100);
  await expect.poll(() => rows(page).locator('.number strong').textContent(), { timeout: 15_000 }).not.toBe(before);
  await expect(page.locator('.board details')).toHaveAttribute('open', '');
  await page.getByRole('link', { name: '市州', exact: true }).click();
  await expect(rows(page)).toHaveCount(1);
  clear(contest);
});

test('the public board stands still from the freeze on, and a learner sees the own points', async ({ page, me }) => {
  const { contest, people } = field({ freeze: 90 }); // closes in an hour: frozen for half an hour
  db`update contest_standing set changed_at = ${Date.now() - 3_600_000} where contest_id = ${contest.id}`;
  stand(contest, me, 100);
  db`update contest_standing set frozen_at = ${Date.now()} where contest_id = ${contest.id} and learner_id = ${me.id}`;
  await page.goto(`/contests/${contest.id}/board`);
  await expect(page.locator('.board-state .chip')).toHaveText('已封榜');
  expect(await names(page)).toEqual(people.map(p => p.name));
  await page.screenshot({ path: `${ARTIFACTS}/board-frozen.png` });
  await page.goto(`/contests/${contest.id}`);
  await expect(page.locator('.result-head .score strong')).toHaveText('100');
  await expect(page.locator('.result-head dt')).toHaveText(['用时']);
  await page.goto(`/contests/${contest.id}/board?of=near`);
  await expect(page.locator('.empty')).toContainText('还没有上榜');
  clear(contest);
});

test('who may edit the contest sees past the freeze, and after the end everybody does', async ({ page, learner: editor, browser, baseURL }) => {
  const { contest, people } = field({ freeze: 90, bands: [], taking_part: 0 });
  const late = newLearner();
  stand(contest, late, 100);
  db`update contest_standing set frozen_at = ${Date.now()} where contest_id = ${contest.id} and learner_id = ${late.id}`;
  db`insert into role_grant (learner_id, role, unit_id) values (${editor.id}, 'editor', '51')`;
  await signIn(page, editor);
  await page.goto(`/contests/${contest.id}/board`);
  await expect(page.locator('.board-state .chip')).toHaveText('实时');
  await expect(page.locator('.page-head')).toContainText('公开榜单已封榜');
  expect(await names(page)).toEqual([late.name, ...people.map(p => p.name)]);
  await page.screenshot({ path: `${ARTIFACTS}/board-ahead.png` });

  // A neighbour unit's editor is like everybody else, on the page and behind it.
  const neighbour = newLearner({ unit: 'demo-fucheng-justice' });
  db`insert into role_grant (learner_id, role, unit_id) values (${neighbour.id}, 'editor', '510703')`;
  const context = await browser.newContext({ baseURL, locale: 'zh-CN' });
  const other = await context.newPage();
  await signIn(other, neighbour);
  await other.goto(`/contests/${contest.id}/board`);
  await expect(other.locator('.board-state .chip')).toHaveText('已封榜');
  await expect(other.locator('.page-head')).not.toContainText('公开榜单已封榜');
  expect(await names(other)).toEqual(people.map(p => p.name));
  for (const path of ['/board/live?of=learners&in=zh-CN', '/board.json?of=learners', '']) {
    const answer = await context.request.get(`/contests/${contest.id}${path}`);
    expect(answer.status()).toBe(200);
    expect(await answer.text(), path).not.toContain(late.name);
  }

  // The end: as soon as the credits are posted the open page thaws by itself.
  db`update contest set closes_at = ${Date.now() - 6_000} where id = ${contest.id}`;
  await expect(other.locator('.board-state .chip')).toHaveText('暂定', { timeout: 30_000 });
  expect(await names(other)).toEqual([late.name, ...people.map(p => p.name)]);
  await other.screenshot({ path: `${ARTIFACTS}/board-thawed.png` });
  await context.close();
  clear(contest);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nobody is kept from the board by how it is made, in ${colorScheme}`, async ({ page, me }) => {
    const { contest } = field();
    stand(contest, me, 50);
    await page.emulateMedia({ colorScheme });
    for (const of of ['learners', 'units', 'near']) {
      await page.goto(`/contests/${contest.id}/board?of=${of}`);
      if (of === 'units') await page.locator('.board summary').click();
      await page.setViewportSize({ width: 390, height: await page.evaluate(() => document.documentElement.scrollHeight + 200) });
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
      expect(violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}`)), of).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), of).toBe(0);
    }
    clear(contest);
  });
}

test('a learner finds the neighbours', async ({ page, me }) => {
  const { contest, people } = field();
  stand(contest, me, 50);
  await page.goto(`/contests/${contest.id}/board?of=near`);
  expect(await names(page)).toEqual([people[0].name, people[1].name, me.name, people[2].name]);
  await expect(rows(page).nth(2)).toHaveAttribute('aria-current', 'true');
  await page.screenshot({ path: `${ARTIFACTS}/board-near.png` });
  clear(contest);
});

test('it is whole without scripts, and a lost line is said', async ({ browser, baseURL }) => {
  const { contest, people } = field();
  const plain = await browser.newContext({ baseURL, javaScriptEnabled: false });
  const page = await plain.newPage();
  await page.goto(`/contests/${contest.id}/board`);
  await expect(rows(page)).toHaveCount(3);
  await expect(page.getByRole('link', { name: '刷新' })).toBeVisible();
  move(contest, people[2], 100);
  await page.waitForTimeout(1_500); // a picture is made once a second
  await page.getByRole('link', { name: '刷新' }).click();
  await page.waitForTimeout(1_500);
  await page.getByRole('link', { name: '刷新' }).click();
  await expect(rows(page).first()).toContainText('100');
  await plain.close();

  const context = await browser.newContext({ baseURL });
  const lost = await context.newPage();
  await lost.clock.install();
  await lost.goto(`/contests/${contest.id}/board`);
  await context.setOffline(true);
  await expect(async () => {
    await lost.clock.fastForward(20_000);
    await expect(lost.locator('[data-stalled]')).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(rows(lost)).toHaveCount(3);
  await context.close();
  clear(contest);
});
