// An answer that is only on the phone is never thrown away: not at the deadline, not when the session ends, not by whoever
// uses the phone next.
import { begin, choose, chip, next, onStage, paper, saved } from './contest-world';
import { db, expect, newContest, newLearner, PASSWORD, signIn, test } from './world';

const late = (attempt: string) => db`select question_id from contest_late_answer where attempt_id = ${attempt}`;
const attempt = (address: string) => address.split('/attempts/')[1];

test('answers that are only on the phone when the time is over go out later, are kept as late, and the learner is told', async ({ page, me, context }) => {
  const contest = newContest();
  await begin(page, contest);
  const id = attempt(page.url()), questions = paper(me, contest);
  db`update contest_attempt set deadline_at = ${Date.now() + 7_000} where id = ${id}`;
  await page.reload();
  await onStage(page, contest);
  await context.setOffline(true);
  for (const question of questions.slice(0, 3)) {
    await choose(page, question);
    await next(page).click();
  }
  await expect(chip(page)).toContainText('有答案只在本机', { timeout: 15_000 });
  expect(late(id)).toHaveLength(0);
  await context.setOffline(false);
  await expect(page.getByText('另有 3 题的答案在时间到后收到')).toBeVisible({ timeout: 15_000 });
  expect(late(id)).toHaveLength(3);
  expect(saved(me, contest)).toHaveLength(0);
  expect(await page.evaluate(() => Object.keys(localStorage).filter(name => name.startsWith('zhijian.contest.')))).toEqual([]);
});

test('a form without scripts that comes late keeps every late answer', async ({ page, me, baseURL }) => {
  const single = { topics: ['constitution'], count: 5, kinds: ['single'], difficulties: [] };
  const contest = newContest({ sections: [single] });
  await begin(page, contest);
  const id = attempt(page.url());
  db`update contest_attempt set deadline_at = ${Date.now() - 1} where id = ${id}`;
  const form = { q0: '0', q1: '1', q2: '0', do: 'submit' };
  const sent = await page.request.post(page.url(), { headers: { origin: baseURL! }, form, maxRedirects: 0 });
  expect(sent.status()).toBe(303);
  expect(late(id)).toHaveLength(3);
  expect(saved(me, contest)).toHaveLength(0);
});

test('a session that ends in the middle keeps the answer, and signing in comes back to the question', async ({ page, me }) => {
  const contest = newContest();
  await begin(page, contest);
  const address = new URL(page.url()).pathname;
  db`delete from session where learner_id = ${me.id}`;
  await choose(page, paper(me, contest)[0]);
  await expect(page).toHaveURL(`/sign-in?next=${encodeURIComponent(address)}`);
  expect(saved(me, contest)).toHaveLength(0);
  await page.locator('#account').fill(me.phone);
  await page.locator('#password').fill(PASSWORD);
  await page.locator('form[action="/sign-in"] button').click();
  await expect(page).toHaveURL(address);
  await expect.poll(() => saved(me, contest)).toMatchObject([{ is_right: 1 }]);
});

test('another person on the same phone neither sends nor loses what waits there', async ({ page, me, context }) => {
  const contest = newContest();
  await begin(page, contest);
  await context.setOffline(true);
  await choose(page, paper(me, contest)[0]);
  await expect(chip(page)).toContainText('仅在本机');
  await page.close();
  await context.setOffline(false);
  await context.clearCookies();
  const shared = await context.newPage();
  await signIn(shared, newLearner());
  const sent = shared.waitForResponse('**/api/contest/answer');
  await shared.goto('/me');
  expect((await sent).status()).toBe(404);
  expect(saved(me, contest)).toHaveLength(0);
  await context.clearCookies();
  await signIn(shared, me);
  await expect.poll(() => saved(me, contest).length).toBe(1);
});

test('a page that is behind another one is told so, and shows what was saved there', async ({ page, me, context }) => {
  const single = { topics: ['constitution'], count: 5, kinds: ['single'], difficulties: [] }; // one click an answer
  const contest = newContest({ sections: [single] });
  await begin(page, contest);
  const behind = await context.newPage();
  await behind.goto(page.url());
  await onStage(behind, contest);
  const [question] = paper(me, contest);
  await choose(page, question, true);
  await expect(chip(page)).toContainText('已保存');
  await choose(behind, question, false);
  await expect(chip(behind)).toContainText('保存了更新的答案', { timeout: 10_000 });
  await behind.waitForTimeout(500); // and it stays long enough to be read
  await expect(chip(behind)).toContainText('保存了更新的答案');
  expect(saved(me, contest)).toMatchObject([{ is_right: 1, revision: 1 }]);
});
