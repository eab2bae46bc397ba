// Practice: five questions a day, the first answer counts.
import { answer, awake, db, expect, test } from './world';
import type { Page } from '@playwright/test';

const asked = (page: Page) => page.locator('input[name=question]').inputValue();
const submit = (page: Page) => page.locator('form.check .dock button').click();
const credits = (learner: string): number => db`select coalesce(sum(amount), 0) as n from credit_entry where learner_id = ${learner} and source = 'practice'`[0].n;

test('the day’s five questions are answered one by one, and every right one earns a credit', async ({ page, me }) => {
  await page.goto('/practice');
  for (let n = 1; n <= 5; n++) {
    const question = await asked(page), rightly = n !== 3;
    await answer(page, question, rightly);
    await submit(page);
    await expect(page.locator('.verdict')).toHaveAttribute('data-state', rightly ? 'right' : 'wrong');
    await expect(page.locator('.verdict .citation a').first()).toHaveAttribute('href', /^\/laws\//);
    await expect(page.locator('progress')).toHaveAttribute('value', String(n));
    await page.locator('.dock a').click();
  }
  await expect(page.locator('.score strong')).toHaveText('4');
  await expect(page.locator('section[aria-labelledby=review] .row')).toHaveCount(5);
  expect(credits(me.id)).toBe(4);
  expect(db`select count(*) as n from practice_answer where learner_id = ${me.id}`[0].n).toBe(5);
});

test('the questions of the day stay the same, however often the page is opened', async ({ page, me: _ }) => {
  await page.goto('/practice');
  const question = await asked(page);
  await page.reload();
  expect(await asked(page)).toBe(question);
  await page.goto('/');
  await page.locator('.nav a[href="/practice"]').click();
  await expect(page).toHaveURL('/practice');
  expect(await asked(page)).toBe(question);
});

test('a double click and the form sent again count once', async ({ page, me }) => {
  await page.goto('/practice');
  const question = await asked(page);
  const fields = await page.locator('form.check').evaluate((f: HTMLFormElement) => Object.fromEntries(new FormData(f) as any) as Record<string, string>);
  await answer(page, question, true);
  await page.locator('form.check .dock button').dblclick();
  await expect(page.locator('.verdict')).toBeVisible();
  // The same form once more, as a browser sends it on reload; and another answer, which comes too late.
  for (const given of ['0', '1']) await page.request.post('/practice', { form: { ...fields, answer: given }, headers: { 'sec-fetch-site': 'same-origin' }, failOnStatusCode: false });
  expect(db`select is_right from practice_answer where learner_id = ${me.id}`).toEqual([{ is_right: 1 }]);
  expect(credits(me.id)).toBe(1);
});

test('without an answer nothing is sent, and the page says so', async ({ page, me }) => {
  await page.goto('/practice');
  await submit(page);
  await expect(page.locator('form.check .error, .flash').filter({ hasText: /\S/ })).toBeVisible();
  expect(db`select * from practice_answer where learner_id = ${me.id}`).toEqual([]);
});

test('a lost signal leaves the answer on the page, and it goes when there is one again', async ({ page, me, context }) => {
  await page.goto('/practice');
  const question = await asked(page);
  await awake(page);
  await answer(page, question, true);
  await context.setOffline(true);
  await submit(page);
  await expect(page.locator('form.check .error')).toHaveText(/\S/);
  await expect(page.locator('form.check')).toHaveAttribute('aria-busy', 'false');
  await context.setOffline(false);
  await submit(page);
  await expect(page.locator('.verdict')).toHaveAttribute('data-state', 'right');
  expect(credits(me.id)).toBe(1);
});
