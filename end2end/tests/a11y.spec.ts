// For everyone: axe on every page in light and dark, large type, and the keyboard alone.
import AxeBuilder from '@axe-core/playwright';
import { begin } from './contest-world';
import { DESK, enter, goOn, happened, newMatch, next, stage } from './match-world';
import { ADMINISTRATOR, answer, awake, db, expect, learnerPages, newContest, open, PASSWORD, signIn, test } from './world';
import type { Page } from '@playwright/test';

/**
 * What axe finds in light, and in dark what differs there, the colours; in words that lead to the place. It sees the page at its
 * whole height, for it takes what the bars lie over for covered.
 */
async function faults(page: Page, width = 390) {
  await page.setViewportSize({ width, height: await page.evaluate(() => document.documentElement.scrollHeight + 200) });
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(300); // what fades has its colours then
    const axe = new AxeBuilder({ page });
    if (colorScheme === 'light') axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);
    else axe.withRules(['color-contrast', 'link-in-text-block']);
    const { violations, passes } = await axe.analyze();
    expect(passes.map(pass => pass.id), `colours were looked at in ${colorScheme}`).toContain('color-contrast');
    found.push(...violations.flatMap(v => v.nodes.map(n => `${colorScheme}, ${v.id}: ${n.target.join(' ')}`)));
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}

/** What can be touched and is smaller than a thumb, by its words and size. */
const small = (page: Page) => page.locator('main, header').locator('a, button, input, select, summary').evaluateAll(all =>
  all.filter(e => !e.closest('.visually-hidden') && e.getAttribute('type') !== 'hidden' && !e.matches('label input')).flatMap(e => {
    const { width, height } = e.getBoundingClientRect();
    return width > 1 && (width < 44 || Math.round(height) < 44) ? [`${(e.textContent ?? '').trim()} ${e.tagName} ${Math.round(width)}×${Math.round(height)}`] : [];
  }));

const wide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** How much wider than the phone the page is at twice the size of type. */
async function wideAtTwice(page: Page) {
  await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
  return wide(page);
}

const videoLesson = (): string => db`select id from lesson where kind = 'video' order by id limit 1`[0].id;

test('the page to sign in has no fault, also when it says that something is wrong', async ({ page }) => {
  await page.goto('/sign-in');
  expect(await faults(page)).toEqual([]);
  await page.locator('#account').fill('13800000000');
  await page.locator('#password').fill('not-the-password');
  await page.locator('form[action="/sign-in"] button').click();
  await expect(page.locator('main .error-summary, main [role=alert]').first()).toHaveText(/\S/);
  expect(await faults(page)).toEqual([]);
});

for (const [name, path] of learnerPages) {
  test(`the page ${name} has no fault, and holds at 200 % type without scrolling sideways`, async ({ page, me: _ }) => {
    await open(page, path);
    expect(await faults(page)).toEqual([]);
    expect(await wideAtTwice(page)).toBeLessThanOrEqual(0);
  });
}

test('a contest, its stage and its result have no fault', async ({ page, me }) => {
  const contest = newContest();
  await page.goto(`/contests/${contest.id}`);
  expect(await faults(page)).toEqual([]);
  await page.locator(`form[action="/contests/${contest.id}/attempts"] button`).click();
  await expect(page.getByRole('timer')).toBeVisible();
  expect(await faults(page)).toEqual([]);
  db`update contest_attempt set submitted_at = ${Date.now()} where learner_id = ${me.id}`;
  await page.reload();
  await expect(page.locator('.score')).toBeVisible();
  expect(await faults(page)).toEqual([]);
});

test('the verdict on a question of the day and a video lesson have no fault', async ({ page, me: _ }) => {
  for (const rightly of [true, false]) {
    await page.goto('/practice');
    await awake(page);
    await answer(page, await page.locator('input[name=question]').inputValue(), rightly);
    await page.locator('form.check .dock button').click();
    await expect(page.locator('.verdict')).toHaveAttribute('data-state', rightly ? 'right' : 'wrong');
    expect(await faults(page)).toEqual([]);
  }
  await page.goto(`/lessons/${videoLesson()}`);
  await expect(page.locator('video')).toBeVisible();
  await awake(page);
  expect(await faults(page)).toEqual([]);
});

test('the pages of a live match have no fault, for players, hosts and spectators', async ({ browser, baseURL }) => {
  test.setTimeout(120_000); // eighteen looks of three seconds
  const match = newMatch(1), path = `/matches/${match.id}`;
  const host = await enter(browser, baseURL, ADMINISTRATOR, `${path}/host`, DESK);
  const watch = await enter(browser, baseURL, null, `${path}/watch`);
  const player = await enter(browser, baseURL, match.teams[0][0], path);
  await expect.poll(() => happened(match, 'joined').length).toBe(1);
  for (const phase of ['lobby', 'ready', 'open', 'locked', 'reveal', 'scoreboard']) {
    if (phase !== 'lobby') {
      await goOn(host);
    }
    for (const page of [player, watch]) await expect(stage(page)).toHaveAttribute('data-phase', phase);
    await expect(next(host)).toBeEnabled();
    for (const [page, width] of [[player, 390], [watch, 390], [host, 1440]] as const) {
      await page.waitForTimeout(300); // what fades in has its colours then
      expect(await faults(page, width), `${phase} at ${page.url()}`).toEqual([]);
    }
  }
  for (const page of [host, watch, player]) await page.context().close();
});

test('the administration has no fault', async ({ page }) => {
  await signIn(page, ADMINISTRATOR);
  await page.goto('/admin');
  expect(await faults(page)).toEqual([]);
});

test('a contest, its stage, its result and a video lesson hold at 200 % type without scrolling sideways', async ({ page, me }) => {
  const contest = newContest();
  await page.goto(`/contests/${contest.id}`);
  expect(await wideAtTwice(page), 'the contest').toBeLessThanOrEqual(0);
  await begin(page, contest);
  for (let i = 0; i < 5; i++) {
    if (i) await page.getByRole('button', { name: '下一题' }).click();
    expect(await wideAtTwice(page), `question ${i + 1}`).toBeLessThanOrEqual(0);
  }
  db`update contest_attempt set submitted_at = ${Date.now()} where learner_id = ${me.id}`;
  await page.reload();
  await expect(page.locator('.score')).toBeVisible();
  expect(await wideAtTwice(page), 'the result').toBeLessThanOrEqual(0);
  await page.goto(`/lessons/${videoLesson()}`);
  await expect(page.locator('video')).toBeVisible();
  expect(await wideAtTwice(page), 'the video').toBeLessThanOrEqual(0);
});

test('whatever can be touched is as large as a thumb', async ({ page, me: _ }) => {
  test.setTimeout(60_000);
  for (const path of [...learnerPages.map(([, path]) => path), `/contests/${newContest().id}`, '/lessons/case-privacy', '/sign-in']) {
    await page.goto(path);
    await expect(page.locator('h1')).toBeVisible();
    expect(await small(page), path).toEqual([]);
  }
});

test('with the keyboard alone one signs in, reads, and begins a contest', async ({ page, learner }) => {
  const contest = newContest();
  /** Tabs until the focus is on what is wanted. */
  const tabTo = async (selector: string) => {
    for (let i = 0; i < 80; i++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(s => document.activeElement?.matches(s), selector)) return;
    }
    throw new Error(`Tab does not reach ${selector}`);
  };
  await page.goto('/sign-in');
  await tabTo('#account');
  await page.keyboard.type(learner.phone);
  await tabTo('#password');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/');
  await page.keyboard.press('Tab');
  await expect(page.locator('.skip')).toBeFocused();
  await page.keyboard.press('Enter');
  await tabTo('.resume a');
  await page.keyboard.press('Enter');
  await expect(page.locator('.prose')).toBeVisible();
  await expect(page.locator('main')).toBeFocused();
  await tabTo('.nav a[href="/contests"]');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/contests');
  await tabTo(`a[href="/contests/${contest.id}"]`);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(contest.title);
  await tabTo(`form[action="/contests/${contest.id}/attempts"] button`);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/attempts\//);
  await tabTo('fieldset.question input');
  if (await page.locator('input:focus').getAttribute('type') === 'text') await page.keyboard.type('一');
  else await page.keyboard.press('Space');
  await expect(page.locator('.stage-state .chip')).toContainText('已保存');
});
