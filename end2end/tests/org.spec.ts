// The organisation: who sees whom.
import { ADMINISTRATOR, db, expect, LIAISON, signIn, test } from './world';

test('a learner sees no administration', async ({ page, me }) => {
  await page.goto('/me');
  await expect(page.locator('a[href="/admin"]')).toHaveCount(0);
  expect((await page.goto('/admin'))?.status()).toBe(403);
  await expect(page.locator('.empty h1')).toBeVisible();
});

test('a liaison sees the learners of the unit, and no other unit', async ({ page, learner }) => {
  await signIn(page, LIAISON);
  await page.goto('/me');
  await page.locator('a[href="/admin"]').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('锦江区司法局');
  // The tests make people all the time, so the one of this test may stand on a later page.
  const [{ n }] = db`select count(*) as n from membership where unit_id = 'demo-jinjiang-justice'`;
  expect(n).toBeGreaterThan(1);
  await expect(page.locator('section[aria-labelledby=people] tbody tr').first()).toBeVisible();
  for (const unit of ['510104', '51', 'demo-fucheng-justice', 'nothing']) {
    expect((await page.goto(`/admin?unit=${unit}`))?.status(), unit).toBe(403);
    await expect(page.getByText(learner.name)).toHaveCount(0);
  }
});

test('an administrator goes down from the province to a unit, and Back up again', async ({ page }) => {
  await signIn(page, ADMINISTRATOR);
  await page.goto('/admin');
  const names = ['成都市', '锦江区', '锦江区司法局'];
  const heading = page.getByRole('heading', { level: 1 });
  const top = await heading.innerText();
  for (const name of names) {
    await page.locator('section[aria-labelledby=units]').getByRole('link', { name, exact: true }).click();
    await expect(heading).toHaveText(name);
    await expect(page.locator('.breadcrumb [aria-current=page]')).toHaveText(name);
  }
  for (const name of ['锦江区', '成都市', top]) {
    await page.goBack();
    await expect(heading).toHaveText(name);
  }
});

test('the number of learners is the number of people in the units below', async ({ page }) => {
  await signIn(page, ADMINISTRATOR);
  await page.goto('/admin?unit=demo-fucheng-justice');
  const [{ n }] = db`select count(*) as n from membership where unit_id = 'demo-fucheng-justice' and until_at is null`;
  await expect(page.locator('section[aria-labelledby=people] tbody tr')).toHaveCount(n);
});
