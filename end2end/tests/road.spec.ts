// The whole road once, by links alone, with every island awake: from signing in to the bonus credits of a contest.
import { chip, choose, next, onStage, paper, submit } from './contest-world';
import { answer, awake, db, expect, newContest, signIn, test, toNextPage } from './world';
import type { Page } from '@playwright/test';

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

test('from signing in to bonus credits by links', async ({ page, learner }) => {
  test.setTimeout(60_000);
  const contest = newContest({ questions: 2 });
  const tab = async (to: string) => {
    await toNextPage(page, () => page.locator(`.nav a[href="${to}"]`).click());
    await expect(page).toHaveURL(to);
  };
  await signIn(page, learner);
  await expect(heading(page)).toContainText(learner.name);

  await page.locator('main a.row[href="/laws"]').click();
  await page.getByRole('link', { name: '中华人民共和国宪法' }).click();
  await expect(heading(page)).toContainText('宪法');
  await page.locator('.contents li:not(:has(ol)) a').first().click();
  await expect(page.locator('.article').first()).toBeVisible();
  await awake(page);

  await tab('/');
  await page.locator('main a.row[href="/lessons"]').click();
  const [{ id, title }] = db`select id, title from lesson where kind = 'video' order by id limit 1`;
  await page.locator(`a[href="/lessons/${id}"]`).click();
  await expect(heading(page)).toHaveText(title);
  await expect(page.locator('video')).toBeVisible();
  await awake(page);

  await tab('/practice');
  await awake(page);
  await answer(page, await page.locator('input[name=question]').inputValue(), true);
  await page.locator('form.check .dock button').click();
  await expect(page.locator('.verdict')).toHaveAttribute('data-state', 'right');

  await tab('/contests');
  await page.getByRole('link', { name: contest.title }).click();
  await page.locator(`form[action="/contests/${contest.id}/attempts"] button`).click();
  await onStage(page, contest);
  for (const [i, question] of paper(learner, contest).entries()) {
    if (i) await next(page).click();
    await choose(page, question);
    await expect(chip(page)).toContainText('已保存');
  }
  await submit(page).click();
  await expect(page.locator('.verdict[data-state=right]')).toHaveCount(2);
  await page.locator('.dock a').click();
  await expect(page.locator('.board tr[aria-current=true]')).toContainText(learner.name);

  db`update contest set closes_at = ${Date.now() - 60_000} where id = ${contest.id}`; // credits come when what is under way has settled
  await expect.poll(() => db`select posted_at from contest where id = ${contest.id}`[0].posted_at, { timeout: 10_000 }).not.toBeNull();
  await tab('/me');
  await page.locator('main a[href="/me/credits"]').click();
  await expect(page.locator('.score strong')).toHaveText('36'); // the question of the day, the first rank, taking part
  for (const [source, n] of [['竞赛', 35], ['练习', 1]]) await expect(page.locator('.bars li').filter({ hasText: `${source}` })).toContainText(`${n} 学分`);
  await expect(page.locator('.ledger .row').filter({ hasText: contest.title })).toHaveCount(2);
});
