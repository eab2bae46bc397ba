// Contests: entering, answering, a lost signal, handing in, ranks, bonus credits.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { begin, chip, choose, form, next, paper, saved, submit } from './contest-world';
import { db, expect, newContest, newLearner, signIn, test } from './world';
import type { Page } from '@playwright/test';

test('a contest is found in the list and says its rules', async ({ page, me: _ }) => {
  const contest = newContest();
  await page.goto('/contests');
  await page.getByRole('link', { name: contest.title }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(contest.title);
  await expect(page.locator('.facts')).toContainText('5 分钟');
  await page.goBack();
  await expect(page).toHaveURL('/contests');
});

test('every answer is saved at once, handing in shows the result, and the board has the rank', async ({ page, me }) => {
  const contest = newContest();
  await begin(page, contest);
  const questions = paper(me, contest);
  expect(questions).toHaveLength(5);
  for (const [i, question] of questions.entries()) {
    await choose(page, question, i !== 1);
    await expect(chip(page)).toContainText('已保存');
    await expect.poll(() => saved(me, contest).length).toBe(i + 1);
    if (i < 4) await next(page).click();
  }
  await submit(page).click();
  await expect(page.locator('.score')).toBeVisible();
  await expect(page.locator('.verdict')).toHaveCount(5);
  await page.locator('.dock a').click();
  await expect(page.locator('.board tr[aria-current=true]')).toContainText(me.name);
  const [attempt] = db`select answered, points, submitted_at from contest_attempt where learner_id = ${me.id} and contest_id = ${contest.id}`;
  expect(attempt.answered).toBe(5);
  expect(attempt.submitted_at).not.toBeNull();
  expect(saved(me, contest).filter(a => a.is_right)).toHaveLength(4);
});

test('a double click, a reload and a second device all come to the same attempt', async ({ page, me, browser, baseURL }) => {
  const contest = newContest({ attempts: 3 });
  await page.goto(`/contests/${contest.id}`);
  await page.locator(`form[action="/contests/${contest.id}/attempts"] button`).dblclick();
  await expect(page).toHaveURL(/\/attempts\//);
  const address = page.url();
  await page.reload();
  const other = await (await browser.newContext({ baseURL })).newPage();
  await signIn(other, me);
  await other.goto(`/contests/${contest.id}`);
  await other.locator(`form[action="/contests/${contest.id}/attempts"] button, a[href*="/attempts/"]`).first().click();
  await expect(other).toHaveURL(address);
  expect(db`select count(*) as n from contest_attempt where learner_id = ${me.id} and contest_id = ${contest.id}`[0].n).toBe(1);
  await other.context().close();
});

test('a signal lost in the middle loses nothing: the phone keeps what is answered and sends it later', async ({ page, me, context }) => {
  const contest = newContest();
  await begin(page, contest);
  const questions = paper(me, contest);
  await choose(page, questions[0]);
  await expect(chip(page)).toContainText('已保存');
  await context.setOffline(true);
  for (const question of questions.slice(1, 4)) {
    await next(page).click();
    await choose(page, question);
    await expect(chip(page)).toContainText('仅在本机');
  }
  expect(saved(me, contest)).toHaveLength(1);
  await context.setOffline(false);
  await expect.poll(() => saved(me, contest).length, { timeout: 20_000 }).toBe(4);
  await expect(chip(page)).toContainText('已保存');
  expect(saved(me, contest).every(a => a.is_right)).toBe(true);
});

const SINGLE = { questions: 2, sections: [{ kinds: ['single'], count: 2 }] }; // one tap, one request
const ANSWER = '**/api/contest/answer';

/** Writes down what the page says of saving, from now on. */
const listen = (page: Page) => chip(page).evaluate(chip => {
  const said: string[] = ((window as any).said = []);
  new MutationObserver(() => said.push(chip.textContent!)).observe(chip, { subtree: true, childList: true, characterData: true });
});

test('an answer under way is called saved only once the server has acknowledged it', async ({ page, me }) => {
  const contest = newContest(SINGLE);
  await begin(page, contest);
  let acknowledge = () => {};
  const held = new Promise<void>(done => { acknowledge = done; });
  await page.route(ANSWER, async route => {
    const answer = await route.fetch(); // the server has it; its word is still on the way
    await held;
    await route.fulfill({ response: answer });
  });
  await listen(page);
  await choose(page, paper(me, contest)[0]);
  await expect.poll(() => saved(me, contest).length).toBe(1);
  await page.waitForTimeout(2_500); // also past the time at which the page tries again
  await expect(chip(page)).toContainText('保存中');
  expect((await page.evaluate(() => (window as any).said)).join()).not.toContain('已保存');
  acknowledge();
  await expect(chip(page)).toContainText('已保存');
});

test('an answer whose acknowledgement is lost on the way goes out again, and is stored once', async ({ page, me }) => {
  const contest = newContest(SINGLE);
  await begin(page, contest);
  const [question] = paper(me, contest), ids: string[] = [];
  await page.route(ANSWER, async route => {
    ids.push(route.request().postDataJSON().id);
    if (ids.length > 1) return route.continue();
    await route.fetch();
    await route.abort('connectionreset');
  });
  await choose(page, question);
  await expect(chip(page)).toContainText('仅在本机');
  expect(saved(me, contest)).toEqual([{ question_id: question, is_right: 1, revision: 1 }]);
  await expect(chip(page)).toContainText('已保存');
  expect(ids).toEqual([ids[0], ids[0]]);
  expect(saved(me, contest)).toEqual([{ question_id: question, is_right: 1, revision: 1 }]);
  expect(db`select count(*) as n from client_event where learner_id = ${me.id} and kind like '%contest%'`).toEqual([{ n: 1 }]);
});

for (const [who, body] of [['the server', '{"code":"busy","message":"排队的人多","figure":2}'], ['a proxy before it', '<h1>503</h1>']]) {
  test(`an answer that ${who} is too busy to take stays on the phone and is sent later`, async ({ page, me }) => {
    const contest = newContest(SINGLE);
    await begin(page, contest);
    await page.route(ANSWER, route => route.fulfill({ status: 503, body, contentType: body.startsWith('{') ? 'application/json' : 'text/html' }), { times: 1 });
    await choose(page, paper(me, contest)[0]);
    await expect(chip(page)).toContainText('仅在本机');
    expect(saved(me, contest)).toEqual([]);
    await expect(chip(page)).toContainText('已保存');
    expect(saved(me, contest)).toMatchObject([{ is_right: 1 }]);
  });
}

for (const [when, days] of [['ahead', 1], ['behind', -1]] as const) {
  test(`on a phone whose clock is a day ${when} the time that is left is the server’s`, async ({ page, me }) => {
    const contest = newContest(SINGLE);
    await page.addInitScript(wrong => { // the clock alone: timers stay as they are
      const now = Date.now, origin = performance.timeOrigin;
      Date.now = () => now() + wrong;
      Object.defineProperty(performance, 'timeOrigin', { value: origin + wrong });
    }, days * 86_400_000);
    await begin(page, contest);
    const left = async () => {
      const [minutes, seconds] = (await page.getByRole('timer').innerText()).split(':').map(Number);
      return minutes * 60 + seconds;
    };
    const [{ deadline_at }] = db`select deadline_at from contest_attempt where learner_id = ${me.id}`;
    const wrong = await page.evaluate(() => performance.timeOrigin + performance.now()) - Date.now();
    expect(Math.round(wrong / 86_400_000)).toBe(days);
    for (let look = 0; look < 2; look++) {
      expect(Math.abs(await left() - (deadline_at - Date.now()) / 1000)).toBeLessThan(3);
      await page.waitForTimeout(1_500);
    }
    await choose(page, paper(me, contest)[0]);
    await expect(chip(page)).toContainText('已保存');
  });
}

test('what was answered without a signal survives the page being closed', async ({ page, me, context }) => {
  const contest = newContest();
  await begin(page, contest);
  const address = page.url(), questions = paper(me, contest);
  await context.setOffline(true);
  await choose(page, questions[0]);
  await expect(chip(page)).toContainText('仅在本机');
  await page.close();
  await context.setOffline(false);
  const again = await context.newPage();
  await again.goto(address);
  await expect.poll(() => saved(me, contest).length, { timeout: 20_000 }).toBe(1);
  await expect(again.locator('.dots summary')).toContainText('已答 1 / 5 题');
});

test('what was answered without a signal goes out from whichever page is opened next', async ({ page, me, context }) => {
  const contest = newContest();
  await begin(page, contest);
  await context.setOffline(true);
  await choose(page, paper(me, contest)[0]);
  await expect(chip(page)).toContainText('仅在本机');
  await page.close();
  await context.setOffline(false);
  const home = await context.newPage();
  await home.goto('/');
  await expect.poll(() => saved(me, contest).length).toBe(1);
  await expect.poll(() => home.evaluate(() => Object.keys(localStorage).filter(name => name.startsWith('zhijian.contest.')))).toEqual([]);
});

test('a receipt can be saved, and the command line knows it again', async ({ page, me }, info) => {
  const contest = newContest();
  await begin(page, contest);
  await choose(page, paper(me, contest)[0]);
  await expect(chip(page)).toContainText('已保存');
  page.on('dialog', dialog => dialog.accept());
  for (let i = 0; i < 4; i++) await next(page).click();
  await submit(page).click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '保存回执' }).click()]);
  const path = info.outputPath('receipt.json');
  await file.saveAs(path);
  const check = (file: string) => spawnSync(process.env.ZHIJIAN_PROGRAM!, ['check', 'receipt', file, '--database', `sqlite:${process.env.ZHIJIAN_FILE}`], { encoding: 'utf8' });
  expect(check(path)).toMatchObject({ status: 0, stdout: expect.stringContaining('genuine') });
  writeFileSync(path, readFileSync(path, 'utf8').replace(/revision\\":/, '$&1'));
  expect(check(path)).toMatchObject({ status: 1, stderr: expect.stringContaining('not genuine') });
});

test('an answer changed without a signal arrives as the last one', async ({ page, me, context }) => {
  const contest = newContest({ topics: [], questions: 10 });
  await begin(page, contest);
  const questions = paper(me, contest);
  const at = questions.findIndex(q => db`select kind from question where id = ${q}`[0].kind === 'single');
  test.skip(at < 0, 'no single choice was drawn');
  for (let i = 0; i < at; i++) await next(page).click();
  await choose(page, questions[at], false);
  await expect(chip(page)).toContainText('已保存');
  await context.setOffline(true);
  await choose(page, questions[at], true);
  await expect(chip(page)).toContainText('仅在本机');
  await context.setOffline(false);
  await expect.poll(() => saved(me, contest), { timeout: 20_000 }).toMatchObject([{ question_id: questions[at], is_right: 1 }]);
});

test('without a submission, what is saved counts when the time is over', async ({ page, me }) => {
  const contest = newContest();
  await begin(page, contest);
  const address = page.url();
  await choose(page, paper(me, contest)[0]);
  await expect.poll(() => saved(me, contest).length).toBe(1);
  db`update contest_attempt set deadline_at = ${Date.now() - 1} where learner_id = ${me.id} and contest_id = ${contest.id}`;
  await page.goto(address);
  await expect(form(page)).toHaveCount(0);
  await expect(page.locator('.score')).toBeVisible();
  expect(db`select points from contest_standing where learner_id = ${me.id} and contest_id = ${contest.id}`[0].points).toBeGreaterThan(0);
});

test('after the last attempt there is no other, and before and after the window there is none', async ({ page, me }) => {
  const once = newContest(), early = newContest({}, { opens: 60_000 }), late = newContest({}, { opens: -7_200_000, closes: -3_600_000 });
  await begin(page, once);
  await page.goto(`/contests/${early.id}`);
  await expect(page.locator(`form[action="/contests/${early.id}/attempts"] button`)).toHaveCount(0);
  await page.goto(`/contests/${late.id}`);
  await expect(page.locator(`form[action="/contests/${late.id}/attempts"] button`)).toHaveCount(0);
  db`update contest_attempt set submitted_at = ${Date.now()} where learner_id = ${me.id}`;
  await page.goto(`/contests/${once.id}`);
  await expect(page.locator(`form[action="/contests/${once.id}/attempts"] button`)).toHaveCount(0);
});

test('of two learners the one with more right answers stands first, on every board', async ({ page, me, browser, baseURL }) => {
  const contest = newContest();
  await begin(page, contest);
  await choose(page, paper(me, contest)[0], false);
  await expect.poll(() => saved(me, contest).length).toBe(1);
  const better = newLearner();
  const other = await (await browser.newContext({ baseURL })).newPage();
  await signIn(other, better);
  await begin(other, contest);
  await choose(other, paper(better, contest)[0], true);
  await expect.poll(() => saved(better, contest).length).toBe(1);
  await page.goto(`/contests/${contest.id}`);
  for (const name of ['全部', '本单位', '本市州']) {
    await page.locator('.tabs').getByRole('link', { name }).click();
    await expect(page.locator('.tabs [aria-current=page]')).toHaveText(name);
    await expect(page.locator('.board tbody tr')).toHaveCount(2);
    await expect(page.locator('.board tbody tr').first()).toContainText(better.name);
    await expect(page.locator('.board tbody tr').nth(1)).toContainText(me.name);
  }
  await other.context().close();
});

test('somebody else’s attempt and a contest of another province do not exist', async ({ page, me: _, browser, baseURL }) => {
  const contest = newContest();
  await begin(page, contest);
  const stranger = await (await browser.newContext({ baseURL })).newPage();
  await signIn(stranger, newLearner());
  expect((await stranger.goto(page.url()))?.status()).toBe(404);
  expect((await page.goto('/contests/00000000-0000-7000-8000-000000000000'))?.status()).toBe(404);
  await stranger.context().close();
});

test('where papers are the same for all, the key is told after the end alone', async ({ page, me }) => {
  const contest = newContest({ papers: 'same' });
  await begin(page, contest);
  await choose(page, paper(me, contest)[0]);
  await expect.poll(() => saved(me, contest).length).toBe(1);
  db`update contest_attempt set submitted_at = ${Date.now()} where contest_id = ${contest.id}`;
  const sheet = page.url();
  await page.goto(sheet);
  await expect(page.locator('main')).toContainText('答案和说明在竞赛结束后');
  await expect(page.locator('.review > li')).toHaveCount(5);
  await expect(page.locator('.verdict, .option:is([data-state=right], [data-state=wrong], [data-state=missed])')).toHaveCount(0);
  db`update contest set closes_at = ${Date.now() - 60_000} where id = ${contest.id}`;
  await page.goto(sheet);
  await expect(page.locator('.verdict')).toHaveCount(5);
  await expect(page.locator('main')).not.toContainText('答案和说明在竞赛结束后');
});

test('bonus credits come once after the end', async ({ page, me }) => {
  const contest = newContest();
  await begin(page, contest);
  await choose(page, paper(me, contest)[0]);
  await expect.poll(() => saved(me, contest).length).toBe(1);
  db`update contest_attempt set deadline_at = ${Date.now() - 1} where contest_id = ${contest.id}`;
  db`update contest set closes_at = ${Date.now() - 60_000} where id = ${contest.id}`; // credits come when what is under way has settled
  const bonus = () => db`select coalesce(sum(amount), 0) as n, count(*) as entries from credit_entry where learner_id = ${me.id} and source = 'contest'`[0];
  await expect.poll(bonus, { timeout: 15_000 }).toEqual({ n: 35, entries: 2 });
  await page.goto('/me/credits');
  await expect(page.locator('.score strong')).toHaveText('35');
});

test('what was answered without a signal is not lost by leaving the page before there is one again', async ({ page, me, context }) => {
  const contest = newContest();
  await begin(page, contest);
  const questions = paper(me, contest);
  await context.setOffline(true);
  await choose(page, questions[0]);
  await expect(chip(page)).toContainText('仅在本机');
  await page.locator('.back').click({ noWaitAfter: true });
  await expect(page).toHaveURL('chrome-error://chromewebdata/');
  await context.setOffline(false);
  await page.goto(`/contests/${contest.id}`);
  await page.locator('.dock a[href*="/attempts/"]').click();
  await expect.poll(() => saved(me, contest).length, { timeout: 20_000 }).toBe(1);
});

test('handing in with questions open asks first', async ({ page, me }) => {
  const contest = newContest({ questions: 2 });
  await begin(page, contest);
  await next(page).click();
  page.once('dialog', d => d.dismiss());
  await submit(page).click();
  expect(db`select submitted_at from contest_attempt where learner_id = ${me.id}`).toEqual([{ submitted_at: null }]);
  page.once('dialog', d => d.accept());
  await submit(page).click();
  await expect(page.locator('.score')).toBeVisible();
  expect(db`select submitted_at from contest_attempt where learner_id = ${me.id}`[0].submitted_at).not.toBeNull();
});
