// Credits: a ledger that can be read.
import { db, earn, expect, test, type Learner } from './world';

/** So many entries of one credit each, all of today. */
function earnOften(learner: Learner, times: number) {
  earn(learner, times, 'manual', 'manual', '补记线下讲座');
  db`update credit_entry set amount = 1 where learner_id = ${learner.id}`;
  db`with recursive n (i) as (select 1 union all select i + 1 from n where i < ${times - 1})
     insert into credit_entry (id, learner_id, year, day, source, amount, reason, detail, event_id, created_at)
     select id || i, learner_id, year, day, source, amount, reason, detail, event_id || i, created_at from credit_entry, n where learner_id = ${learner.id}`;
}

test('a new learner has none and is told where to begin', async ({ page, me }) => {
  await page.goto('/me/credits');
  await expect(page.locator('.score strong')).toHaveText('0');
  await page.locator('.empty a').click();
  await expect(page).toHaveURL('/practice');
});

test('the ledger shows every entry with its day, and the sum is the sum of the entries', async ({ page, me }) => {
  earn(me, 2, 'study', 'study-minutes', '5');
  earn(me, 1, 'practice', 'practice', '宪法#第五条');
  earn(me, 2, 'study', 'study-minutes', '10', Date.now() - 60_000);
  await page.goto('/me');
  await page.locator('main a[href="/me/credits"]').click();
  await expect(page.locator('.score strong')).toHaveText('5');
  await expect(page.locator('.ledger .row')).toHaveCount(3);
  const amounts = await page.locator('.ledger .row-figure strong').allInnerTexts();
  expect(amounts.map(Number).reduce((a, b) => a + b)).toBe(5);
  for (const title of await page.locator('.ledger .row-title').allInnerTexts()) expect(title).toMatch(/\p{Script=Han}/u);
});

test('a long ledger has pages', async ({ page, me }) => {
  earnOften(me, 105);
  await page.goto('/me/credits');
  const first = await page.locator('.ledger .row').count();
  await page.locator('.pagination [rel=next]').click();
  await expect(page).toHaveURL(/page=2/);
  await expect(page.locator('.ledger .row')).toHaveCount(105 - first);
  await page.goBack();
  await expect(page.locator('.ledger .row')).toHaveCount(first);
});

test('the credits of the year stand by source and by day, with what is missing to 1 000', async ({ page, me }) => {
  const day = 86_400_000, beijing = new Date(Date.now() + 28_800_000);
  test.skip(beijing.getUTCMonth() + beijing.getUTCDate() === 1, 'on 1 January the year has no day before');
  earn(me, 5, 'study', 'lesson', '宪法', Date.now() - day);
  earn(me, 30, 'contest', 'contest-rank', '1#一场竞赛');
  earn(me, 5, 'contest', 'contest-part', '一场竞赛');
  earn(me, 2, 'study', 'study-minutes', '5');
  earn(me, 400, 'study', 'lesson', '去年的', Date.now() - 370 * day);
  await page.goto('/me/credits');
  await expect(page.locator('.score strong')).toHaveText('42');
  await expect(page.locator('.result-head')).toContainText(/距 1\s000 学分还差 958 学分/);
  await expect(page.locator('.bars li')).toHaveCount(2);
  await expect(page.locator('.bars li', { hasText: '竞赛' })).toContainText(/额外积分\s*35\s*学分/);
  await expect(page.locator('.bars li', { hasText: '学习' })).toContainText(/7\s*学分/);
  await expect(page.locator('.ledger h3 span')).toHaveText(['37 学分', '5 学分']);
  await expect(page.locator('.ledger')).not.toContainText('去年的');
  earn(me, 958, 'manual', 'manual', '补记');
  await page.reload();
  await expect(page.locator('.result-head')).toContainText('今年的目标已经达到');
});

test('a page that is just full has no next one', async ({ page, me }) => {
  earnOften(me, 100);
  await page.goto('/me/credits');
  await expect(page.locator('.ledger .row')).toHaveCount(100);
  await expect(page.locator('.pagination [rel=next]')).toHaveCount(0);
});

test('a day that takes two pages has one sum on both', async ({ page, me }) => {
  earnOften(me, 105);
  for (const n of [1, 2]) {
    await page.goto(`/me/credits?page=${n}`);
    await expect(page.locator('.ledger h3 span')).toHaveText('105 学分');
  }
});
