// Where scripts or WebAssembly are missing: reading, signing in and answering by plain forms.
import { chip, choose, paper, saved } from './contest-world';
import { answer, awake, db, expect, learnerPages, newContest, open, rightTexts, signIn, test, type Learner } from './world';
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

test.describe('before WebAssembly has arrived', () => {
  /** Keeps the wasm on its way until it is let go; says how often it was asked for. (page.route would switch off the cache, too.) */
  async function hold(page: Page) {
    const browser = await page.context().newCDPSession(page);
    const paused: string[] = [];
    browser.on('Fetch.requestPaused', ({ requestId }) => paused.push(requestId));
    await browser.send('Fetch.enable', { patterns: [{ urlPattern: '*.wasm' }] });
    return { letGo: () => browser.send('Fetch.disable'), asked: () => paused.length };
  }
  const asleep = (page: Page) => expect(page.locator('body')).not.toHaveAttribute('data-awake');

  test('one signs in, reads, practises, answers a contest and signs out', async ({ page, learner }) => {
    const wasm = await hold(page);
    await everythingWorks({ page, learner });
    expect(wasm.asked()).toBeGreaterThan(0);
  });

  test('what is chosen in a question of the day stays chosen when it arrives, and is sent', async ({ page, me }) => {
    const wasm = await hold(page);
    await page.goto('/practice');
    const question = await page.locator('input[name=question]').inputValue();
    await answer(page, question, true);
    const chosen = () => page.locator('form.check').evaluate((form: HTMLFormElement) => [...new FormData(form)].filter(([name]) => name === 'answer'));
    const before = await chosen();
    expect(before).not.toEqual([]);
    await expect.poll(wasm.asked).toBeGreaterThan(0);
    await asleep(page);
    await wasm.letGo();
    await awake(page);
    expect(await chosen()).toEqual(before);
    await page.locator('form.check .dock button').click();
    await expect(page.locator('.verdict')).toHaveAttribute('data-state', 'right');
    expect(db`select is_right from practice_answer where learner_id = ${me.id}`).toEqual([{ is_right: 1 }]);
  });

  test('what is chosen in a contest stays chosen when it arrives, and is saved', async ({ page, me }) => {
    const contest = newContest({ questions: 1 }), wasm = await hold(page);
    await page.goto(`/contests/${contest.id}`);
    await page.locator(`form[action="/contests/${contest.id}/attempts"] button`).click();
    await expect(page.locator('fieldset.question')).toBeVisible();
    await choose(page, paper(me, contest)[0]);
    await expect.poll(wasm.asked).toBeGreaterThan(0);
    await asleep(page);
    expect(saved(me, contest)).toEqual([]);
    await wasm.letGo();
    await expect(chip(page)).toContainText('已保存');
    expect(saved(me, contest)).toMatchObject([{ is_right: 1 }]);
  });
});
