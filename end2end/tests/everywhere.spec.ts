// Every page twice: by a link from elsewhere in the site and by a full load; both ways, then Back.
import { begin, chip, choose, onStage, paper, saved } from './contest-world';
import { ADMINISTRATOR, awake, db, expect, learnerPages, newContest, open, signIn, test } from './world';
import type { Page } from '@playwright/test';

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

/** Follows a link to `path` from the page that stands, without a reload. */
async function follow(page: Page, path: string) {
  await page.evaluate(() => { (window as any).here = true; });
  await page.evaluate(to => { // a link to it, wherever one stands
    const link = Object.assign(document.createElement('a'), { href: to, id: 'there', textContent: '往那里' });
    document.querySelector('main')?.prepend(link);
  }, path);
  await page.locator('#there').click();
}

const stayed = async (page: Page) => expect(await page.evaluate(() => (window as any).here), 'no reload').toBe(true);

async function isTheSame(page: Page, path: string, from: string, shows = 'main h1') {
  await open(page, path);
  await expect(page.locator(shows)).toBeVisible();
  const [title, words] = [await page.title(), await heading(page).innerText()];
  const islands = await page.locator('leptos-island').count();

  await page.goto(from);
  const before = await heading(page).innerText();
  expect(before).not.toBe(words);
  await page.goBack();
  await expect(heading(page)).toHaveText(words);

  await page.goto(from);
  await follow(page, path);
  await expect(heading(page)).toHaveText(words);
  await expect(page.locator(shows)).toBeVisible();
  await expect(page).toHaveTitle(title);
  await expect(page.locator('leptos-island')).toHaveCount(islands);
  await stayed(page);
  await page.goBack();
  await expect(heading(page)).toHaveText(before);
}

for (const [name, path] of learnerPages) {
  test(`the page ${name} is the same by a link and by a full load, then Back`, async ({ page, me: _ }) => {
    await isTheSame(page, path, path === '/me' ? '/' : '/me');
  });
}

test('a video lesson is the same by a link and by a full load, then Back', async ({ page, me: _ }) => {
  const [{ id }] = db`select id from lesson where kind = 'video' order by id limit 1`;
  await isTheSame(page, `/lessons/${id}`, '/me');
});

test('a contest, an attempt and its result are the same by a link and by a full load, then Back', async ({ page, me }) => {
  test.setTimeout(60_000);
  const contest = newContest();
  await isTheSame(page, `/contests/${contest.id}`, '/me');
  await begin(page, contest);
  const attempt = new URL(page.url()).pathname;
  await isTheSame(page, attempt, '/me', 'form.stage-form');
  db`update contest_attempt set submitted_at = ${Date.now()} where learner_id = ${me.id}`;
  await isTheSame(page, attempt, '/me', '.score');
});

test('the page to sign in is the same by a link and by a full load, then Back', async ({ page }) => {
  await isTheSame(page, '/sign-in', '/laws');
});

test('the administration is the same by a link and by a full load, then Back', async ({ page }) => {
  await signIn(page, ADMINISTRATOR);
  await isTheSame(page, '/admin', '/me');
});

test('after Back the stage of an attempt saves as before, whichever way it was left', async ({ page, me }) => {
  const contest = newContest({ questions: 2 });
  await begin(page, contest);
  const attempt = new URL(page.url()).pathname;
  const goOn = async (place: number) => {
    await page.goBack();
    await expect(page).toHaveURL(attempt);
    await onStage(page, contest);
    await choose(page, paper(me, contest)[place]);
    await expect(chip(page)).toContainText('已保存');
    await expect.poll(() => saved(me, contest).length).toBe(place + 1);
  };
  await follow(page, '/me');
  await expect(page).toHaveURL('/me');
  await stayed(page);
  await goOn(0);
  await stayed(page);
  await page.goto('/me');
  await goOn(1);
});

test('after Back a lesson counts again', async ({ page, me: _ }) => {
  await page.goto('/lessons/constitution-supremacy');
  await awake(page);
  await follow(page, '/me');
  await expect(page).toHaveURL('/me');
  await page.goBack();
  await expect(page.locator('.prose')).toBeVisible();
  const read = page.locator('leptos-island .chip');
  for (let i = 0; i < 2; i++) await expect(read).not.toHaveText(await read.innerText());
  await stayed(page);
});
