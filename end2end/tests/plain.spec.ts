// Where scripts or WebAssembly are missing: reading, signing in and answering by plain forms.
import { answer, db, expect, learnerPages, newContest, open, rightTexts, signIn, test, type Learner } from './world';
import type { Page } from '@playwright/test';

async function everythingWorks({ page, learner }: { page: Page; learner: Learner }) {
  await signIn(page, learner);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(learner.name);

  await page.goto('/laws');
  await page.getByRole('link', { name: '中华人民共和国宪法' }).click();
  await page.locator('.contents li:not(:has(ol)) a').first().click();
  await expect(page.locator('.article').first()).toBeVisible();

  await page.goto('/practice');
  const question = await page.locator('input[name=question]').inputValue();
  await answer(page, question, true);
  await page.locator('form.check .dock button').click();
  await expect(page.locator('.verdict')).toHaveAttribute('data-state', 'right');

  const contest = newContest();
  await page.goto(`/contests/${contest.id}`);
  await page.locator(`form[action="/contests/${contest.id}/attempts"] button`).click();
  await expect(page).toHaveURL(/\/attempts\//);
  await expect(page.locator('fieldset.question')).toHaveCount(5);
  const [{ paper }] = db`select paper from contest_attempt where learner_id = ${learner.id}`;
  const questions: string[] = JSON.parse(paper).map((item: any) => item.question);
  for (const [i, id] of questions.entries()) {
    const field = page.locator('fieldset.question').nth(i), right = rightTexts(id);
    const blank = field.locator('.blank input');
    if (await blank.count()) await blank.fill(right[0]);
    else for (const text of right) await field.locator('.tile').filter({ has: page.getByText(text, { exact: true }) }).click();
    if (i === 1) {
      await page.locator('button[name=do][value=save]').click();
      await expect(page.locator('.flash[data-kind=right]')).toBeVisible();
      expect(db`select count(*) as n from contest_answer a join contest_attempt t on t.id = a.attempt_id where t.learner_id = ${learner.id}`[0].n).toBe(2);
    }
  }
  await page.locator('button[name=do][value=submit]').click();
  await expect(page.locator('.score')).toBeVisible();
  expect(db`select count(*) as n from contest_answer a join contest_attempt t on t.id = a.attempt_id where t.learner_id = ${learner.id} and is_right`[0].n).toBe(5);

  await page.goto('/me');
  await page.locator('form[action="/me/type-size"] button[value="125"]').click();
  await expect(page.locator('html')).toHaveAttribute('data-type', '125');
  await page.locator('form[action="/sign-out"] button').click();
  await expect(page).toHaveURL('/sign-in');
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('one signs in, reads, practises, answers a contest and signs out', everythingWorks);

  for (const [name, path] of learnerPages) {
    test(`the page ${name} is whole`, async ({ page, me: _ }) => {
      await open(page, path);
      await expect(page.getByRole('heading', { level: 1 })).toBeAttached();
      await expect(page.locator('main')).toBeVisible();
    });
  }
});

test.describe('without WebAssembly', () => {
  test.beforeEach(({ page }) => page.addInitScript(() => { delete (window as any).WebAssembly; }));
  test('one signs in, reads, practises, answers a contest and signs out', everythingWorks);
});
