// Study: seconds that were really read, lessons with their checks, videos.
import { answer, awake, db, expect, signedInAnHourAgo, test, toNextPage } from './world';
import type { Page } from '@playwright/test';

const LESSON = 'constitution-supremacy';
const studied = (learner: string, subject = `lesson:${LESSON}`): number =>
  db`select studied_ms from study_progress where learner_id = ${learner} and subject = ${subject}`[0]?.studied_ms ?? 0;
const asked = (page: Page) => page.locator('input[name=question]').inputValue();

/** The island counts: the chip shows more than it did. */
async function counts(page: Page) {
  const chip = page.locator('leptos-island .chip');
  await expect(chip).not.toHaveText(await chip.innerText());
}

test('lessons stand by topic, and one opens by its title', async ({ page, me: _ }) => {
  await page.goto('/lessons');
  expect(await page.locator('main section').count()).toBeGreaterThanOrEqual(4);
  const row = page.locator(`a[href="/lessons/${LESSON}"]`);
  const title = await row.locator('.row-title').innerText();
  await row.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  await expect(page.locator('.prose')).toBeVisible();
});

test('what was read is counted when one leaves by a link', async ({ page, me }) => {
  await page.goto(`/lessons/${LESSON}`);
  await counts(page);
  await counts(page);
  await page.locator('.back').click();
  await expect(page).toHaveURL('/lessons');
  await expect.poll(() => studied(me.id)).toBeGreaterThanOrEqual(1_000);
});

test('what was read is counted when one leaves by a full load', async ({ page, me }) => {
  await page.goto(`/lessons/${LESSON}`);
  await counts(page);
  await counts(page);
  await page.goto('/me');
  await page.goto(`/lessons/${LESSON}`);
  await expect.poll(() => studied(me.id)).toBeGreaterThanOrEqual(1_000);
});

test('what was read without a signal is kept on the phone and counted later', async ({ page, me, context }) => {
  await page.goto(`/lessons/${LESSON}`);
  await counts(page);
  await context.setOffline(true);
  await counts(page);
  await counts(page);
  await page.evaluate(() => window.dispatchEvent(new Event('pagehide')));
  await expect.poll(() => page.evaluate(() => localStorage.length)).toBeGreaterThan(0);
  await context.setOffline(false);
  await expect.poll(() => studied(me.id), { timeout: 20_000 }).toBeGreaterThanOrEqual(2_000);
  await expect.poll(() => page.evaluate(() => localStorage.getItem('zhijian.study'))).toBeNull();
});

/** Opens a page whose clock stands still until `read` moves it. */
async function openWithOwnClock(page: Page, address: string) {
  await page.clock.install();
  await page.goto(address);
  await awake(page);
  await page.clock.pauseAt(Date.now() + 5_000);
  // Before the first script ran, Playwright's clock may have had no origin yet (-1): then the page was touched in 1970.
  await page.mouse.click(200, 400);
}

/** Lets minutes pass in the page alone, with a touch now and then, as whoever reads gives one. */
async function read(page: Page, minutes: number) {
  for (let minute = 0; minute < minutes; minute++) {
    await page.clock.runFor(60_000);
    await page.mouse.click(200, 400);
  }
}

test('minutes of reading without a signal earn their credits once, when there is one again', async ({ page, me, context }) => {
  signedInAnHourAgo(me);
  await openWithOwnClock(page, '/laws/宪法/5');
  await context.setOffline(true);
  await read(page, 7);
  await context.setOffline(false);
  await expect.poll(() => page.evaluate(() => localStorage.getItem('zhijian.study'))).toBeNull();
  expect(studied(me.id, 'law:宪法')).toBeGreaterThan(5 * 60_000);
  expect(studied(me.id, 'law:宪法')).toBeLessThan(7.5 * 60_000);
  expect(db`select sum(amount) as n from credit_entry where learner_id = ${me.id} and source = 'study'`[0].n).toBe(2);
});

test('minutes in which the page is hidden count nothing', async ({ page, me, context }) => {
  signedInAnHourAgo(me);
  await openWithOwnClock(page, '/laws/宪法/5');
  await context.setOffline(true); // so that all is told at once, by one clock
  const hide = (hidden: boolean) => page.evaluate(hidden => {
    Object.defineProperties(document, { hidden: { value: hidden, configurable: true }, visibilityState: { value: hidden ? 'hidden' : 'visible', configurable: true } });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, hidden);
  await hide(true);
  await read(page, 3);
  await hide(false);
  await read(page, 1);
  await context.setOffline(false);
  await expect.poll(() => studied(me.id, 'law:宪法')).toBeGreaterThan(50_000);
  expect(studied(me.id, 'law:宪法')).toBeLessThan(70_000);
});

test('a page that nobody touches for five minutes counts a minute and a half', async ({ page, me, context }) => {
  signedInAnHourAgo(me);
  await openWithOwnClock(page, '/laws/宪法/5');
  await context.setOffline(true);
  await page.clock.runFor(300_000);
  await context.setOffline(false);
  await expect.poll(async () => {
    await page.clock.runFor(5_000); // the page tries again by its own clock
    return studied(me.id, 'law:宪法');
  }).toBeGreaterThan(75_000);
  await page.waitForTimeout(500); // what is under way
  expect(studied(me.id, 'law:宪法')).toBeLessThanOrEqual(90_000);
});

test('a page whose clock runs ahead earns no more than the server’s clock allows', async ({ page, me }) => {
  await openWithOwnClock(page, '/laws/宪法/5');
  await read(page, 6);
  await expect.poll(() => studied(me.id, 'law:宪法')).toBeGreaterThan(0);
  const [{ created_at }] = db`select created_at from session where learner_id = ${me.id}`;
  expect(studied(me.id, 'law:宪法')).toBeLessThanOrEqual(Date.now() - created_at);
});

test('a wrong answer may be tried again, and the right one is explained with its article', async ({ page, me }) => {
  await page.goto(`/lessons/${LESSON}`);
  const question = await asked(page);
  for (const rightly of [false, false, true]) {
    await answer(page, question, rightly);
    await toNextPage(page, () => page.locator('form.check .dock button').click());
    await expect(page).toHaveURL(/answered=/);
    await expect(page.locator('.verdict')).toHaveAttribute('data-state', rightly ? 'right' : 'wrong');
  }
  await expect(page.locator('.verdict .citation').first()).toBeVisible();
  expect(db`select is_right from lesson_check_answer where learner_id = ${me.id} and question_id = ${question}`).toEqual([{ is_right: 1 }]);
});

test('a lesson that was read and whose check is right is complete and earns its credits once', async ({ page, me }) => {
  const [{ length_ms }] = db`select length_ms from lesson where id = ${LESSON}`;
  db`insert into study_progress (learner_id, subject, studied_ms, watched, watched_ms, updated_at)
     values (${me.id}, ${`lesson:${LESSON}`}, ${length_ms}, '[]', 0, ${Date.now()})`;
  await page.goto(`/lessons/${LESSON}`);
  const form = page.locator('form.check');
  for (let left = db`select * from lesson_check where lesson_id = ${LESSON}`.length; left > 0; left--) {
    const question = await asked(page);
    await answer(page, question, true);
    await toNextPage(page, () => form.locator('.dock button').click());
    await expect(page).toHaveURL(new RegExp(`answered=${question}`));
    await expect(page.locator('.verdict')).toHaveAttribute('data-state', 'right');
  }
  await expect(form).toHaveCount(0);
  expect(db`select count(*) as n from lesson_completion where learner_id = ${me.id} and lesson_id = ${LESSON}`[0].n).toBe(1);
  expect(db`select sum(amount) as n from credit_entry where learner_id = ${me.id} and reason = 'lesson'`[0].n).toBe(5);
  await page.goto('/lessons');
  await expect(page.locator(`a[href="/lessons/${LESSON}"] [data-state=right]`)).toBeVisible();
});

test('a video plays, has captions, and counts what was played', async ({ page, me }) => {
  const [{ id }] = db`select id from lesson where kind = 'video' limit 1`;
  await page.goto(`/lessons/${id}`);
  const video = page.locator('video');
  for (const address of await video.evaluate((v: HTMLVideoElement) => [v.poster, ...[...v.querySelectorAll('source, track')].map(n => (n as any).src)])) {
    expect((await page.request.get(address)).status(), address).toBe(200);
  }
  await video.evaluate((v: HTMLVideoElement) => { v.muted = true; return v.play(); });
  await expect.poll(() => video.evaluate((v: HTMLVideoElement) => v.currentTime), { timeout: 15_000 }).toBeGreaterThan(3);
  await page.locator('.back').click();
  await expect(page).toHaveURL('/lessons');
  await expect.poll(() => db`select watched_ms from study_progress where learner_id = ${me.id} and subject = ${`lesson:${id}`}`[0]?.watched_ms ?? 0).toBeGreaterThanOrEqual(2_000);
});

test('seeking to the end of a video is not watching it', async ({ page, me }) => {
  const [{ id, length_ms }] = db`select id, length_ms from lesson where kind = 'video' limit 1`;
  await page.goto(`/lessons/${id}`);
  await awake(page);
  const video = page.locator('video');
  await video.evaluate((v: HTMLVideoElement) => { v.muted = true; return v.play(); });
  await expect.poll(() => video.evaluate((v: HTMLVideoElement) => v.currentTime)).toBeGreaterThan(1.5);
  await video.evaluate((v: HTMLVideoElement) => { v.currentTime = v.duration - 1; });
  await expect.poll(() => video.evaluate((v: HTMLVideoElement) => v.ended)).toBe(true);
  await page.waitForTimeout(600); // the island looks twice a second
  const shown = await page.locator('.player figcaption').innerText();
  expect(Number(shown.match(/(\d+)\s*%/)![1])).toBeLessThanOrEqual(Math.ceil(500_000 / length_ms));
  await page.locator('.back').click();
  await expect.poll(() => db`select watched_ms from study_progress where learner_id = ${me.id} and subject = ${`lesson:${id}`}`[0]?.watched_ms ?? 0).toBeGreaterThan(1_000);
  expect(db`select watched_ms from study_progress where learner_id = ${me.id}`[0].watched_ms).toBeLessThan(5_000);
  expect(db`select * from lesson_completion where learner_id = ${me.id}`).toEqual([]);
});

test('a lesson that is not there is a page that says so', async ({ page, me: _ }) => {
  expect((await page.goto('/lessons/nothing'))?.status()).toBe(404);
  await expect(page.locator('.empty h1')).toBeVisible();
});
