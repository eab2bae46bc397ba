// Credits: a ledger that can be read.
import { db, expect, freshId, test, type Learner } from './world';

/** Puts an entry into the ledger and its sums, as the service does. */
function earn(learner: Learner, amount: number, source: string, reason: string, detail: string, at = Date.now()) {
  const beijing = new Date(at + 8 * 3_600_000).toISOString();
  const [year, day] = [beijing.slice(0, 4), beijing.slice(0, 10)];
  db`insert into credit_entry (id, learner_id, year, day, source, amount, reason, detail, event_id, created_at)
     values (${freshId()}, ${learner.id}, ${Number(year)}, ${day}, ${source}, ${amount}, ${reason}, ${detail}, ${freshId()}, ${at})`;
  for (const period of [year, day]) {
    db`insert into credit_sum (learner_id, period, source, amount) values (${learner.id}, ${period}, ${source}, ${amount})
       on conflict (learner_id, period, source) do update set amount = amount + excluded.amount`;
  }
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
  for (let i = 0; i < 105; i++) earn(me, 1, 'manual', 'manual', '补记线下讲座', Date.now() - i * 1000);
  await page.goto('/me/credits');
  const first = await page.locator('.ledger .row').count();
  await page.locator('.pagination [rel=next]').click();
  await expect(page).toHaveURL(/page=2/);
  await expect(page.locator('.ledger .row')).toHaveCount(105 - first);
  await page.goBack();
  await expect(page.locator('.ledger .row')).toHaveCount(first);
});
