// Moving between the product's own pages: without the Navigation API, to a page that needs an account, to one that is not there.
import { awake, expect, PASSWORD, signIn, test } from './world';
import type { Page } from '@playwright/test';

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

/** A link to `path` in the page that stands, and a finger on it. */
async function follow(page: Page, path: string) {
  await page.locator('main').evaluate((main, to) => main.prepend(Object.assign(document.createElement('a'), { href: to, id: 'there', textContent: '往那里' })), path);
  await page.locator('#there').click();
}

test('where a browser has no Navigation API links are plain links, and islands wake all the same', async ({ page, learner }) => {
  await page.addInitScript(() => { delete (window as any).navigation; });
  await signIn(page, learner);
  expect(await page.evaluate(() => 'navigation' in window)).toBe(false);
  await page.evaluate(() => { (window as any).here = true; });
  await page.locator('.nav a[href="/practice"]').click();
  await expect(page).toHaveURL('/practice');
  await awake(page);
  expect(await page.evaluate(() => (window as any).here), 'a full load').toBeUndefined();
  await page.locator('.nav a[href="/contests"]').click();
  await expect(page.locator('.nav [aria-current=page]')).toHaveAttribute('href', '/contests');
  await page.goBack();
  await expect(page).toHaveURL('/practice');
  await expect(page.locator('form.check')).toBeVisible();
});

test('a link to a page that needs an account leads to signing in, and from there to the page', async ({ page, learner }) => {
  await page.goto('/laws');
  await follow(page, '/me/credits?page=1');
  await expect(page).toHaveURL(`/sign-in?next=${encodeURIComponent('/me/credits?page=1').replaceAll('%2F', '/')}`);
  await expect(page.locator('#account')).toBeVisible();
  await page.locator('#account').fill(learner.phone);
  await page.locator('#password').fill(PASSWORD);
  await page.locator('form[action="/sign-in"] button').click();
  await expect(page).toHaveURL('/me/credits?page=1');
  await expect(page.locator('.score strong')).toHaveText('0');
});

test('a link to a page after the session has ended leads to signing in', async ({ page, me: _, context }) => {
  await page.goto('/me');
  await context.clearCookies();
  await page.locator('.nav a[href="/practice"]').click();
  await expect(page).toHaveURL('/sign-in?next=/practice');
  await expect(page.locator('#account')).toBeVisible();
  await expect(page.locator('.nav')).toHaveCount(0);
});

test('a link to a page that is not there says so, without a reload, and Back leads on from it', async ({ page, me: _ }) => {
  await page.goto('/me');
  const before = await heading(page).innerText();
  await page.evaluate(() => { (window as any).here = true; });
  await follow(page, '/nothing-here');
  await expect(page.locator('.empty h1')).toBeVisible();
  await expect(page).toHaveURL('/nothing-here');
  expect(await page.evaluate(() => (window as any).here), 'no reload').toBe(true);
  await page.goBack();
  await expect(heading(page)).toHaveText(before);
});
